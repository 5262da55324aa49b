"""Settings: from flags, then the environment, then a file, then the defaults."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path

from ocnetview.errors import ConfigError
from ocnetview.frozen import dataclass

_VAR_RUN = "/var/run/"
OWN_ROOT = "/proc/self/root"
"""What leads to our own root, before a path that is none of the node's."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; each field's name is its name in the file."""

    host_root: str = ""
    """What to put before the paths of the node's files; empty: found by itself."""
    docker_host: str = "unix:///run/docker.sock"
    """Where the Docker API answers, as DOCKER_HOST writes it."""
    podman: tuple[str, ...] = ()
    """Podman's sockets, as `docker_host`; empty: root's and every user's."""
    cri: tuple[str, ...] = ()
    """CRI endpoints, unix:///PATH; empty: all known sockets that are there."""
    ovsdb: str = "unix:/run/openvswitch/db.sock"
    """OVSDB's remote: unix:PATH or tcp:HOST:PORT, as ovs-vsctl --db writes it."""
    proc: str = "/proc"
    """The node's proc file system."""
    netns_dirs: tuple[str, ...] = ("/run/netns", "/run/docker/netns")
    """Folders whose entries pin network namespaces."""
    netns: str = ""
    """A file of the node's own network namespace; empty: the one we are in."""
    cni_results: str = "/var/lib/cni/results"
    """The CNI result cache (libcni's CacheDir, `results` below it)."""
    kubeconfig: str = ""
    """Empty: KUBECONFIG, ~/.kube/config, or the account of the pod we are in."""
    kubelet_credential: bool = False
    """Use the kubelet's own credential to ask the API."""
    node_name: str = ""
    """This node's name in the API; empty: found by itself."""
    proc_events: bool = False
    """Hear of processes from the kernel's proc connector, too."""
    refresh: float = 1.0
    """Seconds between two readings of counters and processes."""
    timeout: float = 10.0
    """Seconds a headless command waits for a source."""
    theme: str = ""
    """The screen's theme; empty: one that suits the terminal."""
    ascii: bool = False
    """Draw the screen in plain letters; without it, where the terminal needs that."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Other keys, by the id of the command."""
    panes: Mapping[str, object] = field(default_factory=dict, hash=False)
    """The kept view of each pane; what it may hold is the screen's affair."""
    file: Path | None = field(default=None, compare=False)
    """Where the file is, or would be; None where there can be none."""
    named: frozenset[str] = field(default=frozenset(), compare=False)
    """The names of those that somebody set to something else than the default."""

    def on_host(self, path: str) -> str:
        """Return where a path of the node is found from here, given as either.

        /var/run links to /run, on some systems by an absolute path, which would
        lead back to our own root.
        """
        root = self.host_root.rstrip("/")
        below = path == root or path.startswith(f"{root}/")
        if below or not path.startswith("/") or path.startswith(f"{OWN_ROOT}/"):
            return path
        return root + (path.removeprefix("/var") if path[:9] == _VAR_RUN else path)

    def of_host(self, path: str) -> str:
        """Return what a path found from here is called on the node."""
        root = self.host_root.rstrip("/")
        return path.removeprefix(root) if path.startswith(f"{root}/") else path


LONGEST = 86400
"""Seconds: nobody waits or looks away for longer than a day."""


def _number(text: object, name: str, origin: str) -> float:
    """Return a positive number of seconds."""
    try:
        number = float(str(text))
    except ValueError:
        number = 0.0
    if isinstance(text, bool) or not 0 < number <= LONGEST:
        raise ConfigError(
            f"{origin}: {name} must be a number of seconds above 0 and at most"
            f" {LONGEST}, not {text!r}"
        )
    return number


def _paths(value: object, name: str, origin: str) -> tuple[str, ...]:
    """Return folders from a list, or from one text with colons."""
    parts = value.split(":") if isinstance(value, str) else value
    if isinstance(parts, (list, tuple)) and all(isinstance(p, str) for p in parts):
        return tuple(str(part) for part in parts if part)
    raise ConfigError(f"{origin}: {name} must be a list of folders, not {value!r}")


def _text(value: object, name: str, origin: str) -> str:
    """Return a text that is not empty."""
    if isinstance(value, str) and value:
        return value
    raise ConfigError(f"{origin}: {name} must be a text, not {value!r}")


def _endpoints(value: object, name: str, origin: str) -> tuple[str, ...]:
    """Return addresses from a list, or from one text with commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if isinstance(parts, (list, tuple)) and all(isinstance(p, str) for p in parts):
        return tuple(part.strip() for part in parts if part.strip())
    raise ConfigError(f"{origin}: {name} must be a list of addresses, not {value!r}")


def _truth(value: object, name: str, origin: str) -> bool:
    """Return yes or no."""
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False}
    known["no"] = False
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in known:
        return known[value.casefold()]
    raise ConfigError(f"{origin}: {name} must be true or false, not {value!r}")


def _pairs(value: object, name: str, origin: str) -> dict[str, str]:
    """Return texts by name from a table, or from one text: `open=l back=h,left`."""
    if isinstance(value, str):
        words = [word.partition("=") for word in value.split()]
        value = {left: right for left, equals, right in words if equals}
        if len(value) != len(words):
            raise ConfigError(f"{origin}: {name} must be pairs as open=l, with spaces")
    if isinstance(value, dict) and all(isinstance(v, str) for v in value.values()):
        return value
    raise ConfigError(f"{origin}: {name} must be a table of texts, not {value!r}")


def _table(value: object, name: str, origin: str) -> Mapping[str, object]:
    """Return a table, which whoever uses it looks into."""
    if isinstance(value, dict):
        return value
    raise ConfigError(f"{origin}: {name} must be a table, not {value!r}")


_TABLES: dict[str, Callable[[object, str, str], object]] = {"panes": _table}
"""What only the file can set."""
_PARSERS: dict[str, Callable[[object, str, str], object]] = {
    "host_root": _text,
    "podman": _endpoints,
    "cri": _endpoints,
    "netns": _text,
    "cni_results": _text,
    "kubeconfig": _text,
    "kubelet_credential": _truth,
    "node_name": _text,
    "docker_host": _text,
    "ovsdb": _text,
    "proc": _text,
    "netns_dirs": _paths,
    "proc_events": _truth,
    "theme": _text,
    "ascii": _truth,
    "keys": _pairs,
    "refresh": _number,
    "timeout": _number,
}


def config_path(environment: Mapping[str, str]) -> Path | None:
    """Return where the file is looked for (XDG Base Directory Specification).

    None for a user without a home, as pods run under: there is no file then.
    """
    home = environment.get("XDG_CONFIG_HOME") or "~/.config"
    try:
        return Path(home).expanduser() / "ocnetview" / "config.toml"
    except RuntimeError:
        return None


def _from_file(path: Path, *, required: bool) -> dict[str, object]:
    """Return the settings in a TOML file, each with a known name."""
    try:
        written = path.read_text("utf-8")
    except FileNotFoundError:
        if required:
            raise ConfigError(f"{path}: no such file") from None
        return {}
    except OSError as error:
        if not required:
            return {}
        raise ConfigError(f"{path}: cannot read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    import tomllib  # noqa: PLC0415 - most nodes have no such file

    try:
        content = tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    for name in content:
        if name not in _PARSERS | _TABLES:
            known = ", ".join(sorted(_PARSERS | _TABLES))
            raise ConfigError(f"{path}: unknown setting {name!r}; known: {known}")
    return content


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[str, object]]:
    """Return settings with the variable that gave each; ours win over the others'."""
    found: dict[str, tuple[str, object]] = {}
    if environment.get("DOCKER_HOST"):
        found["docker_host"] = ("DOCKER_HOST", environment["DOCKER_HOST"])
    if environment.get("CONTAINER_RUNTIME_ENDPOINT"):
        given = environment["CONTAINER_RUNTIME_ENDPOINT"]
        found["cri"] = ("CONTAINER_RUNTIME_ENDPOINT", given)
    if environment.get("CONTAINER_HOST"):
        found["podman"] = ("CONTAINER_HOST", environment["CONTAINER_HOST"])
    for variable in ("K8S_NODE", "NODE_NAME"):
        if environment.get(variable):
            found["node_name"] = (variable, environment[variable])
    if environment.get("OVS_RUNDIR"):
        remote = f"unix:{environment['OVS_RUNDIR'].rstrip('/')}/db.sock"
        found["ovsdb"] = ("OVS_RUNDIR", remote)
    for name in _PARSERS:
        variable = f"OCNETVIEW_{name.upper()}"
        if environment.get(variable):
            found[name] = (variable, environment[variable])
    return found


def load_settings(
    flags: Mapping[str, object],
    environment: Mapping[str, str] | None = None,
    file: Path | None = None,
) -> Settings:
    """Return the settings; a flag of None is one that was not given.

    Raises:
        ConfigError: a value that cannot be used, with the place it came from.
    """
    environment = os.environ if environment is None else environment
    path = file or config_path(environment)
    values: dict[str, object] = {}
    found = _from_file(path, required=file is not None) if path else {}
    for name, value in found.items():
        values[name] = (_PARSERS | _TABLES)[name](value, name, str(path))
    for name, (variable, value) in _from_environment(environment).items():
        values[name] = _PARSERS[name](value, name, variable)
    for name, value in flags.items():
        if value is not None:
            flag = f"--{name.replace('_', '-')}"
            values[name] = _PARSERS[name](value, name, flag)
    default = Settings()
    named = {name for name, value in values.items() if value != getattr(default, name)}
    return Settings(**values, file=path, named=frozenset(named))  # type: ignore[arg-type]  # each parsed by its own field
