"""The demo's end, however it comes, and what signals do."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from demo.visits import (
    Caller,
    Running,
    descendants,
    need_namespaces,
    need_ovs,
    nobody,
    running,
    why_no_ovs_for,
)

from ocnetview.demo.run import run_demo
from ocnetview.errors import ConfigError


def traces() -> tuple[list[str], str]:
    """Return what a demo could leave in the machine's own view."""
    mounts = Path("/proc/self/mountinfo").read_text()
    return sorted(each.name for each in Path("/run").iterdir()), mounts


def kill_and_look(demo: Running, victim: int) -> int:
    """Kill one process, check that all go, and return the caller's exit code."""
    os.kill(victim, signal.SIGKILL)
    code = demo.caller.wait(10)
    demo.assert_gone()
    return code


@pytest.mark.parametrize("victim", ["waiting", "first", "command", "caller"])
def test_nothing_is_left_when_one_is_killed(caller: Caller, victim: str) -> None:
    """No process, namespace or mount is left, and a caller that lives says 137."""
    before = traces()
    with running(caller) as demo:
        assert len(demo.below) > 90
        assert len(demo.netns) > 12
        killed = {
            "waiting": demo.below[0],
            "first": demo.below[1],
            "command": demo.command,
            "caller": demo.caller.pid,
        }
        code = kill_and_look(demo, killed[victim])
    assert code == (-signal.SIGKILL if victim == "caller" else 137)
    assert traces() == before


def test_nothing_is_left_of_open_vswitch(caller: Caller) -> None:
    """Its daemons go with the rest when the caller is killed."""
    need_ovs(caller)
    before = traces()
    with running(caller, "ovs") as demo:
        kill_and_look(demo, demo.caller.pid)
    assert traces() == before


def test_nothing_is_left_after_the_command(caller: Caller) -> None:
    """All is gone by the time the caller has its exit code."""
    with running(caller, program="print('up', flush=True); input()") as demo:
        assert demo.caller.stdin
        demo.caller.communicate("\n")
        assert demo.caller.returncode == 0
        demo.assert_gone()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_passed_on(caller: Caller, number: signal.Signals) -> None:
    """The command can end in its own way, and its exit code is the caller's."""
    program = f"""
import signal, sys
signal.signal({number:d}, lambda *_: sys.exit(6))
print("up", flush=True)
signal.pause()
"""
    with running(caller, program=program) as demo:
        demo.caller.send_signal(number)
        assert demo.caller.wait(10) == 6
        demo.assert_gone()


def test_an_interrupt_is_the_command_s_own(caller: Caller) -> None:
    """The terminal sends it to all of the group; only the command minds."""
    program = """
import signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit(5))
print("up", flush=True)
signal.pause()
"""
    with running(caller, program=program) as demo:
        os.killpg(demo.caller.pid, signal.SIGINT)
        assert demo.caller.wait(10) == 5
        demo.assert_gone()


def test_it_stops_and_goes_on_with_the_command(caller: Caller) -> None:
    """A shell sees its job stopped, and continuing the job continues the command."""
    program = """
import os, signal
print("up", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
print("on", flush=True)
"""
    with running(caller, program=program) as demo:
        _, status = os.waitpid(demo.caller.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        demo.caller.send_signal(signal.SIGCONT)
        assert demo.caller.stdout
        assert demo.caller.stdout.readline() == "on\n"
        assert demo.caller.wait(10) == 0


def test_an_interrupted_build_ends(caller: Caller) -> None:
    """A signal before the command has begun ends it all, and it never begins.

    On a busy machine the command may begin before we get to send it: again then.
    """
    codes = filter(None, (interrupted(caller) for _ in range(5)))
    # The second where the signal came before anything could heed it.
    assert next(codes) in (128 + signal.SIGTERM, -signal.SIGTERM)


def interrupted(caller: Caller) -> int | None:
    """Interrupt a build; return its status, None if the command began before."""
    line = caller.demo("linux", sys.executable, "-c", "print('begun')")
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as popen:
        while len(below := descendants(popen.pid)) < 2:
            assert popen.poll() is None
        watches = [os.pidfd_open(pid) for pid in below]
        popen.send_signal(signal.SIGTERM)
        said, _ = popen.communicate(timeout=20)
    for watch in watches:
        assert select.select([watch], [], [], 10)[0]
        os.close(watch)
    return None if said else popen.returncode


def test_a_container_that_ends_is_started_again(caller: Caller) -> None:
    """The runtime tells of both, and its pid is the new first process."""
    program = """
import json, os, signal, sys
from pathlib import Path
from docker import APIClient
client = APIClient("unix:///run/docker.sock", version="1.41")
events = client.events(decode=True)
before = client.inspect_container("registry-cache")["State"]["Pid"]
os.kill(before, signal.SIGKILL)
for event in events:
    if event["Actor"]["Attributes"]["name"] == "registry-cache":
        state = client.inspect_container("registry-cache")["State"]
        seen = [event["Action"], state["Status"], state["ExitCode"]]
        if state["Pid"]:
            status = Path(f"/proc/{state['Pid']}/status").read_text()
            inner = next(x for x in status.splitlines() if x.startswith("NSpid"))
            seen += [inner.split()[2:], state["Pid"] != before]
        sys.stdout.write(json.dumps(seen) + "\\n")
        if event["Action"] == "start":
            break
"""
    done = subprocess.run(
        caller.demo("linux", sys.executable, "-c", program),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        ["die", "exited", 137],
        ["start", "running", 0, ["1"], True],
    ], done.stderr


def test_a_killed_command_s_terminal_is_given_back(caller: Caller) -> None:
    """Its settings are those of before, and the main screen is shown again."""
    program = """
import os, signal, tty
tty.setraw(0)
os.kill(os.getpid(), signal.SIGKILL)
"""
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    line = caller.demo("linux", sys.executable, "-c", program)
    done = subprocess.run(line, stdin=theirs, check=False, start_new_session=True)
    assert done.returncode == 128 + signal.SIGKILL
    assert termios.tcgetattr(theirs) == before
    assert b"\x1b[?1049l" in os.read(ours, 1000)
    os.close(ours)
    os.close(theirs)


def test_a_command_that_is_not_there_is_said(caller: Caller) -> None:
    """The message and the exit code are those of a shell."""
    done = subprocess.run(
        caller.demo("linux", "/nowhere/x", "y"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 127
    # Before it may stand that the node is being built, if that takes long.
    assert done.stderr.splitlines()[-1] == "/nowhere/x: No such file or directory"


def refused(caller: Caller, bridge: str = "linux") -> str:
    """Return what the demo says where it cannot be built, and check it says so."""
    done = subprocess.run(
        caller.demo(bridge, sys.executable, "-c", "print('never')"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to cover /proc for another")
def test_a_covered_proc_is_the_reason() -> None:
    """In a container with parts of /proc covered there is no new /proc."""
    said = refused(nobody(covered="covered"))
    assert "mount proc on /proc: Operation not permitted" in said
    assert "parts of /proc may be covered" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to be the other's parent")
@pytest.mark.parametrize("kind", ["user", "net"])
def test_a_forbidding_sysctl_is_the_reason(kind: str) -> None:
    """The message names the setting; it is made in a user namespace of its own.

    Who has no capability needs a user namespace first; who has all goes without.
    """
    program = f"""
import os, sys
from pathlib import Path
from ocnetview.demo.kernel import Clone, unshare
unshare(Clone.NEWUSER)
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text("0 0 1")
Path("/proc/self/gid_map").write_text("0 0 1")
Path("/proc/sys/user/max_{kind}_namespaces").write_text("0")
weaker = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
ask = "from ocnetview.demo.run import why_no_namespaces; print(why_no_namespaces())"
command = [*(weaker if {kind == "user"} else []), sys.executable, "-c", ask]
os.execvp(command[0], command)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert f"sysctl user.max_{kind}_namespaces is 0" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who could have the device")
def test_an_open_vswitch_that_must_be_is_an_error_without_tun() -> None:
    """Asked for by name, it is not replaced by a Linux bridge in silence."""
    caller = nobody()
    need_namespaces(caller)
    if "/dev/net/tun" not in why_no_ovs_for(caller):
        pytest.skip("nobody may open /dev/net/tun here")
    assert "Open vSwitch: /dev/net/tun: Permission denied" in refused(caller, "ovs")


def test_an_unknown_bridge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable knows two words."""
    monkeypatch.setenv("OCNETVIEW_DEMO_BRIDGE", "brick")
    with pytest.raises(ConfigError, match="OCNETVIEW_DEMO_BRIDGE is ovs or linux"):
        run_demo([])
