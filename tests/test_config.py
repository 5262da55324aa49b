"""Settings: from flags, then the environment, then a file, then the defaults."""

from __future__ import annotations

import os
import pwd
from dataclasses import fields
from pathlib import Path

import pytest

from ocnetview.config import OWN_ROOT, Settings, config_path, load_settings
from ocnetview.errors import ConfigError


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Give an environment whose configuration folder is empty."""
    return {"XDG_CONFIG_HOME": str(tmp_path)}


def write(home: dict[str, str], text: str) -> Path:
    """Write the file that is looked for in this environment."""
    path = config_path(home)
    assert path is not None
    path.parent.mkdir()
    path.write_text(text)
    return path


def test_a_user_without_a_home_has_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pods run under uids that no passwd knows, often without HOME."""

    def unknown(_: int) -> None:
        raise KeyError("no such user")

    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert config_path({}) is None
    assert load_settings({}, {}) == Settings()


def test_without_anything_the_defaults_are_taken(home: dict[str, str]) -> None:
    """No file, no variable and no flag is no error."""
    assert load_settings({}, home) == Settings()


def test_flags_win_over_the_environment_over_the_file(home: dict[str, str]) -> None:
    """Each place is asked in its turn, for each setting on its own."""
    write(home, 'proc = "/file"\ntimeout = 5\nrefresh = 7\n')
    environment = home | {"OCNETVIEW_PROC": "/variable", "OCNETVIEW_REFRESH": "2.5"}
    flags = {"proc": "/flag", "ovsdb": None}
    settings = load_settings(flags, environment)
    assert settings == Settings(proc="/flag", refresh=2.5, timeout=5.0)


@pytest.mark.parametrize(
    "name", [f.name for f in fields(Settings) if f.compare and f.name != "panes"]
)
def test_every_setting_can_come_from_each_place(
    home: dict[str, str], name: str
) -> None:
    """A field has a variable, a name in the file and a flag, all of one spelling."""
    given = {"refresh": "0.5", "timeout": "0.5", "kubelet_credential": "yes"}
    given |= {"proc_events": "yes", "ascii": "yes", "keys": "open=l back=h,left"}
    value = given.get(name, "/x")
    by_variable = load_settings({}, {f"OCNETVIEW_{name.upper()}": value} | home)
    by_flag = load_settings({name: value}, home)
    write(home, f'{name} = "{value}"\n')
    by_file = load_settings({}, home)
    assert by_variable == by_flag == by_file != Settings()


def test_views_come_from_the_file(home: dict[str, str]) -> None:
    """The table of the panes is handed on as it is; it has to be one."""
    path = write(home, '[panes.pods]\nsort = "veth"\n')
    settings = load_settings({}, home)
    assert settings.panes == {"pods": {"sort": "veth"}}
    assert settings.file == path
    path.write_text("panes = 1\n")
    with pytest.raises(ConfigError, match="panes must be a table, not 1"):
        load_settings({}, home)


def test_what_is_named_is_known(home: dict[str, str]) -> None:
    """A setting counts as named when it says something else than the default."""
    default = Settings()
    flags = {"docker_host": default.docker_host, "ovsdb": "unix:/x", "refresh": None}
    assert load_settings(flags, home).named == {"ovsdb"}
    assert load_settings({}, home | {"CONTAINER_HOST": "unix:///p"}).named == {"podman"}
    assert default.named == frozenset()


def test_other_tools_variables_are_honoured(home: dict[str, str]) -> None:
    """DOCKER_HOST and OVS_RUNDIR count, unless our own variable says otherwise."""
    others = home | {"DOCKER_HOST": "tcp://h:1", "OVS_RUNDIR": "/run/ovs/"}
    settings = load_settings({}, others)
    assert settings.docker_host == "tcp://h:1"
    assert settings.ovsdb == "unix:/run/ovs/db.sock"
    ours = others | {"OCNETVIEW_OVSDB": "tcp:h:2", "OCNETVIEW_DOCKER_HOST": "unix:/d"}
    settings = load_settings({}, ours)
    assert (settings.docker_host, settings.ovsdb) == ("unix:/d", "tcp:h:2")


def test_an_empty_variable_is_none(home: dict[str, str]) -> None:
    """A variable that is set to nothing counts as not set."""
    names = ["DOCKER_HOST", "OVS_RUNDIR", "OCNETVIEW_REFRESH", "OCNETVIEW_PROC"]
    assert load_settings({}, home | dict.fromkeys(names, "")) == Settings()


def test_folders_are_a_list_or_a_text_with_colons(home: dict[str, str]) -> None:
    """A file writes a list; a variable or a flag separates by colons."""
    path = write(home, 'netns_dirs = ["/a", "/b:c"]\n')
    assert load_settings({}, home).netns_dirs == ("/a", "/b:c")
    path.write_text('netns_dirs = "/a:/b:"\n')
    assert load_settings({}, home).netns_dirs == ("/a", "/b")
    assert load_settings({"netns_dirs": ("/c",)}, home).netns_dirs == ("/c",)


def test_keys_are_a_table_or_pairs(home: dict[str, str]) -> None:
    """A file has a table; a variable writes pairs with spaces."""
    path = write(home, '[keys]\nopen = "l"\nback = "h,left"\n')
    assert load_settings({}, home).keys == {"open": "l", "back": "h,left"}
    path.write_text('keys = "open=l  back=h,left"\n')
    assert load_settings({}, home).keys == {"open": "l", "back": "h,left"}


def test_the_file_is_where_xdg_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_CONFIG_HOME leads to it, else ~/.config."""
    monkeypatch.setenv("HOME", "/root-of-me")
    assert config_path({"XDG_CONFIG_HOME": "/c"}) == Path("/c/ocnetview/config.toml")
    expected = Path("/root-of-me/.config/ocnetview/config.toml")
    assert config_path({}) == config_path({"XDG_CONFIG_HOME": ""}) == expected


def test_the_process_environment_is_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without another environment, the process's own counts."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("OCNETVIEW_PROC", "/elsewhere")
    assert "OCNETVIEW_PROC" in os.environ
    assert load_settings({}).proc == "/elsewhere"


def test_a_named_file_has_to_be_there(home: dict[str, str], tmp_path: Path) -> None:
    """A file that was asked for and is missing is an error, unlike the default one."""
    with pytest.raises(ConfigError, match=r"gone\.toml: no such file"):
        load_settings({}, home, tmp_path / "gone.toml")
    with pytest.raises(ConfigError, match="cannot read: Is a directory"):
        load_settings({}, home, tmp_path)
    named = tmp_path / "named.toml"
    named.write_text("refresh = 3\n")
    assert load_settings({}, home, named) == Settings(refresh=3.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("refresh = ", "not TOML"),
        ("\x00", "not TOML"),
        (
            "speed = 1",
            "unknown setting 'speed'; known: ascii, cni_results, cri, ",
        ),
        ("[refresh]\nx = 1", "refresh must be a number of seconds above 0"),
        ("refresh = 0", "seconds above 0 and at most 86400, not 0"),
        ("timeout = 1e10", "seconds above 0 and at most 86400, not"),
        ("refresh = -1", "refresh must be"),
        ("refresh = nan", "refresh must be"),
        ("refresh = inf", "refresh must be"),
        ("refresh = true", "refresh must be"),
        ('timeout = "soon"', "timeout must be"),
        ("proc = 5", "proc must be a text, not 5"),
        ('proc = ""', "proc must be a text"),
        ("netns_dirs = 5", "netns_dirs must be a list of folders"),
        ("keys = 5", "keys must be a table of texts, not 5"),
        ("[keys]\nopen = 5", "keys must be a table of texts"),
        ('keys = "open"', "keys must be pairs as open=l, with spaces"),
        ("netns_dirs = [5]", "netns_dirs must be a list of folders"),
    ],
)
def test_a_bad_file_is_named_with_its_fault(
    home: dict[str, str], text: str, words: str
) -> None:
    """The error says which file, which setting, and what it should be."""
    path = write(home, text)
    with pytest.raises(ConfigError) as failed:
        load_settings({}, home)
    assert str(failed.value).startswith(f"{path}: ")
    assert words in str(failed.value)


def test_a_file_that_is_no_text_is_named(home: dict[str, str]) -> None:
    """Bytes that are not UTF-8 are an error of that file."""
    write(home, "").write_bytes(b'proc = "\xff"\n')
    with pytest.raises(ConfigError, match="not TOML"):
        load_settings({}, home)


@pytest.mark.parametrize(
    ("variables", "flags", "words"),
    [
        ({"OCNETVIEW_REFRESH": "fast"}, {}, "OCNETVIEW_REFRESH: refresh must be"),
        ({}, {"refresh": 0}, "--refresh: refresh must be"),
        ({}, {"docker_host": ""}, "--docker-host: docker_host must be a text"),
    ],
)
def test_a_bad_value_is_named_with_its_origin(
    home: dict[str, str],
    variables: dict[str, str],
    flags: dict[str, object],
    words: str,
) -> None:
    """The error says which variable or flag gave the value."""
    with pytest.raises(ConfigError, match=words):
        load_settings(flags, home | variables)


@pytest.mark.parametrize(
    ("root", "path", "found"),
    [
        ("", "/run/x", "/run/x"),
        ("/", "/run/x", "/run/x"),
        ("/host", "/run/x", "/host/run/x"),
        ("/host/", "/host/run/x", "/host/run/x"),
        ("/host", "/hostile", "/host/hostile"),
        ("/host", "relative", "relative"),
        ("/host", "/var/run/netns/x", "/host/run/netns/x"),
        ("/host", f"{OWN_ROOT}/x", f"{OWN_ROOT}/x"),
    ],
)
def test_a_path_of_the_node_is_found_below_its_root(
    root: str, path: str, found: str
) -> None:
    """The node's root is put before a path once, whatever was given."""
    settings = Settings(host_root=root)
    assert settings.on_host(path) == settings.on_host(found) == found


def test_a_path_is_named_as_on_the_node() -> None:
    """What was found below its root is told without that."""
    settings = Settings(host_root="/host")
    assert settings.of_host("/host/run/netns/x") == "/run/netns/x"
    assert settings.of_host("/hosted") == "/hosted"
    assert Settings().of_host("/run/netns/x") == "/run/netns/x"
