"""The command line: output, errors and exit codes, over a recorded node."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli_node import node, run, written


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return the file of a recorded node."""
    return written(tmp_path, node())


def test_pods_as_json_name_the_veth_and_its_proof(recording: Path) -> None:
    """The one documented shape: schema, sources, pods with interfaces and evidence."""
    result = run("--replay", recording, "pods", "--json")
    whole = json.loads(result.stdout)
    assert (whole["schema"], whole["command"]) == ("ocnetview/1", "pods")
    names = [source["name"] for source in whole["sources"]]
    assert names == ["recording", "docker", "ovsdb", "rtnetlink"]
    assert "nothing here is live" in whole["sources"][0]["reason"]
    pod = whole["pods"][0]
    assert (pod["title"], pod["kind"], pod["uid"]) == ("shop/web", "pod", "u7")
    (eth0,) = pod["interfaces"]
    assert (eth0["name"], eth0["ifindex"], eth0["peer_index"]) == ("eth0", 2, 12)
    assert (eth0["host"]["name"], eth0["host"]["ifindex"]) == ("vethA", 12)
    assert eth0["port"] == "br0/vethA"
    assert eth0["evidence"]["kind"] == "kernel, both ends"
    assert [c["name"] for c in pod["containers"]] == ["nginx"]


def test_json_goes_before_or_after_the_command(recording: Path) -> None:
    """`ocnetview --json pods` is `ocnetview pods --json`."""
    before = run("--json", "--replay", recording, "pods").stdout
    assert before == run("--replay", recording, "pods", "--json").stdout


def test_ports_say_what_is_behind_them(recording: Path) -> None:
    """The text table has the pod, and the stale port with its reason."""
    lines = run("--replay", recording, "ports").stdout.splitlines()
    assert lines[0].split()[:4] == ["BRIDGE", "OFPORT", "PORT", "IFINDEX"]
    assert any("vethA" in line and "shop/web" in line for line in lines)
    assert any("gone" in line and "no such device" in line for line in lines)


def test_the_ports_document_holds_problems(recording: Path) -> None:
    """What a check found stands beside the ports."""
    whole = json.loads(run("--replay", recording, "ports", "--json").stdout)
    assert [p["check"] for p in whole["problems"]] == ["stale-port"]
    assert {p["name"]: p["role"] for p in whole["ports"]} == {
        "vethA": "pod",
        "gone": "stale",
    }


@pytest.mark.parametrize("name", ["web", "shop/web", f"{8:064x}", "nginx"])
def test_a_tree_is_found_by_any_name(recording: Path, name: str) -> None:
    """By pod, by namespace/pod, by container id, by container name."""
    result = run("--replay", recording, "tree", name, "--json")
    rows = json.loads(result.stdout)["processes"]
    assert [(r["pid"], r["depth"]) for r in rows] == [(5008, 0), (5010, 1)]


def test_who_gives_the_path_and_the_proof(recording: Path) -> None:
    """A pid leads to container, pod, veth and port."""
    result = run("--replay", recording, "who", "5008")
    assert result.exit_code == 0
    assert "5008 is the pid of p5008, in pod shop/web" in result.stdout
    assert "nginx -> shop/web -> eth0@net:[1007] -> vethA (12)" in result.stdout
    assert "kernel, both ends" in result.stdout


@pytest.mark.parametrize(
    ("scrap", "says"),
    [
        ("vethA", "the ifname of vethA, the host's end of pod shop/web"),
        ("12", "the ifindex of vethA, the host's end of pod shop/web"),
        ("10.128.0.7", "the address of eth0, in pod shop/web"),
        ("0a:58:0a:80:00:07", "the mac of eth0, in pod shop/web"),
        ("shop/web", "the name of pod shop/web"),
        ("u7", "the uid of pod shop/web"),
        ("nginx", "the name of a container of pod shop/web"),
        ("gone", "a port of br0 (no device)"),
    ],
)
def test_who_says_what_a_scrap_is(recording: Path, scrap: str, says: str) -> None:
    """A name or number is said to be of that which has it, and of nothing else."""
    head = run("--replay", recording, "who", scrap).stdout.splitlines()[0]
    assert head == f"{scrap} is {says}"


def test_who_tells_what_is_wrong_with_a_port(recording: Path) -> None:
    """A leaked port leads nowhere, and its error is told."""
    shown = run("--replay", recording, "who", "gone").stdout
    assert "gone (ofport -1) on br0 -> device is gone" in shown
    assert "error     no such device in the kernel" in shown


@pytest.mark.parametrize("command", [("pods",), ("tree", "web"), ("ports",)])
def test_nothing_raw_reaches_the_terminal(
    recording: Path, command: tuple[str, ...]
) -> None:
    """Escape sequences and line breaks in names are made visible."""
    result = run("--replay", recording, *command)
    assert "\x1b" not in result.stdout
    assert "evil\n" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("who", "nobody"), 1, "nothing on this node answers to 'nobody'"),
        (("tree", "nobody"), 1, "no pod or container answers to 'nobody'"),
        (("who", "0000"), 2, "could be any of 3"),
        (("frobnicate",), 2, "No such command"),
        (("who",), 2, "Missing argument"),
        (("--json",), 2, "--json goes with a command"),
        ((), 2, "needs a terminal"),
    ],
)
def test_exit_codes(
    recording: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """1 for not found, 2 for bad usage and ambiguity, the reason on stderr alone."""
    result = run("--replay", recording, *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr


def test_a_result_that_cannot_be_written_is_an_error(recording: Path) -> None:
    """A full disk is told, without a traceback."""
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "ocnetview", "--replay", recording, "ports"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1:] == [
        "ocnetview: cannot write the result: No space left on device"
    ]


def test_a_recording_is_for_its_owner_alone(recording: Path, tmp_path: Path) -> None:
    """Command lines are in it; and a recording of nothing is refused."""
    again = tmp_path / "again.json.gz"
    assert run("--replay", recording, "record", again, "--samples", "1").exit_code == 0
    assert again.stat().st_mode & 0o777 == 0o600
    result = run("--replay", recording, "record", again, "--samples", "0")
    assert result.exit_code == 2


@pytest.mark.parametrize(
    "flag",
    [
        *("--replay", "--host-root", "--docker-host", "--podman", "--cri", "--ovsdb"),
        *("--kubeconfig", "--kubelet-credential", "--node-name"),
    ],
)
def test_the_demo_is_no_other_node(flag: str) -> None:
    """A flag that names another node is refused, not dropped."""
    value = [] if flag == "--kubelet-credential" else ["x"]
    result = run(flag, *value, "demo", "pods")
    assert result.exit_code == 2
    assert f"{flag} is of another node than the demo" in result.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("refresh = 0", "refresh must be a number of seconds above 0"),
        ("nonsense = 1", "unknown setting 'nonsense'"),
        ("= broken", "not TOML"),
    ],
)
def test_a_bad_settings_file_says_where(
    tmp_path: Path, content: str, says: str
) -> None:
    """The file's name and the setting stand in the error."""
    path = tmp_path / "config.toml"
    path.write_text(content)
    result = run("--config", path, "pods")
    assert result.exit_code == 2
    assert str(path) in result.stderr
    assert says in result.stderr


def test_no_recording_no_crash(tmp_path: Path) -> None:
    """A file that is no recording is said to be none."""
    path = tmp_path / "x"
    path.write_bytes(b"hello")
    result = run("--replay", path, "pods")
    assert result.exit_code == 2
    assert "cannot read the recording" in result.stderr


def test_a_recording_can_be_recorded(recording: Path, tmp_path: Path) -> None:
    """`record` writes what `--replay` shows again, alike."""
    again = tmp_path / "again.json.gz"
    result = run("--replay", recording, "record", again, "--samples", "1")
    assert (result.exit_code, result.stdout) == (0, "")
    first = json.loads(run("--replay", recording, "pods", "--json").stdout)
    second = json.loads(run("--replay", again, "pods", "--json").stdout)
    assert first["pods"] == second["pods"]


def test_the_version_is_told() -> None:
    """`--version` names the program and its version."""
    assert run("--version").stdout.startswith("ocnetview, version ")


@pytest.mark.parametrize(
    "command", ["ports", "pods", "tree", "who", "sources", "demo", "record"]
)
def test_help_stands_on_each_command(command: str) -> None:
    """Each command explains itself and its exit codes."""
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Exit status: 0 found, 1 not found" in result.stdout


def test_a_recording_holds_nothing_of_the_inside(recording: Path) -> None:
    """Which is said of each thing, in text and JSON, and by the exit status."""
    result = run("--replay", recording, "inside", "shop/web", "routes")
    assert result.exit_code == 3
    assert "a recording holds nothing of the inside" in result.stdout
    assert "this is not all: routes: a recording" in result.stderr
    whole = json.loads(run("--replay", recording, "inside", "web", "--json").stdout)
    assert (whole["command"], whole["pod"]["title"]) == ("inside", "shop/web")
    assert whole["inside"] == {}
    assert set(whole["unseen"]) >= {"routes", "sockets", "conntrack"}
