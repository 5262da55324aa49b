"""How `ocnetview capture` ends: always with a word, and with a whole file."""

from __future__ import annotations

import re
import shutil
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from node.capturing import (
    SENDER,
    Running,
    contained,
    in_netns,
    lines,
    opened,
    send,
)
from node.lab import Lab, path_of_tools, until
from node.places import PLACES as CONTAINERS
from node.places import run
from node.wiring import Node, Started
from pcapng_file import number, read

Ends = tuple[Started, Started]


def tcpdump() -> str:
    """Return where tcpdump is."""
    return str(shutil.which("tcpdump", path=path_of_tools()))


def ask(lab: Lab, *arguments: str, before: str = "") -> tuple[int, str]:
    """Return the exit status and the words of a capture that does not begin."""
    script = f'{before}\nexec "$@"'
    done = lab.run(*("sh", "-euc", script, "sh", "ocnetview", "capture"), *arguments)
    assert not done.stdout
    return done.returncode, done.stderr


@contextmanager
def sending(node: Node, ends: Ends) -> Iterator[None]:
    """Send datagrams for as long as this block runs."""
    first, second = ends
    endless = "number = 0\nwhile True:"
    program = SENDER.replace("for number in range(first, last):", endless)
    program += "    number = (number + 1) % 1000000\n"
    command = (sys.executable, "-c", program, second.box.ip, "0", "0")
    with node.lab.start(*in_netns(first.pid), *command) as sender:
        yield
        sender.kill()


@pytest.mark.usefixtures("ends")
def test_a_wrong_filter_is_said_before_it_starts(lab: Lab) -> None:
    """Whose packets, the filter, what is wrong, where to look; and no file is made."""
    path = "/run/lab/never.pcapng"
    status, said = ask(lab, "shop/web-0", "--filter", "udp prt 5", "-w", path)
    assert status == 3
    assert "of shop/web-0: cannot capture with the filter 'udp prt 5'" in said
    assert "syntax error" in said
    assert "pcap-filter(7)" in said
    assert lab.run("test", "-e", path).returncode


def hidden(lab: Lab, *arguments: str) -> tuple[int, str]:
    """Return how a capture ends in a container that has no tcpdump, and its words."""
    hide = f'mount --bind /dev/null {tcpdump()}\nexec ocnetview "$@"'
    done = lab.run("unshare", "--mount", "sh", "-euc", hide, "sh", *arguments)
    return done.returncode, done.stderr


@pytest.mark.usefixtures("ends")
def test_without_tcpdump_it_says_how_to_get_one(lab: Lab) -> None:
    """Where none is there, the package that brings it is named."""
    status, said = hidden(lab, "--host-root", "/", "capture", "shop/web-0")
    assert status == 3
    assert "no tcpdump was found" in said
    assert "apt install tcpdump" in said


@pytest.mark.usefixtures("ends")
def test_the_tcpdump_of_the_node_is_taken_where_we_have_none(lab: Lab) -> None:
    """From a container it is run inside of the node's root."""
    status, said = hidden(lab, "capture", "shop/web-0", "--duration", "0.2")
    assert status == 0, said
    assert "the time is over" in said


@pytest.mark.usefixtures("ends")
@pytest.mark.parametrize("name", CONTAINERS)
def test_it_captures_on_the_node_from_any_container(lab: Lab, name: str) -> None:
    """One with a network of its own enters the node's; tcpdump has to know root."""
    flags = ("--duration", "0.1", "--filter", "port 9")
    known = "echo root:x:0:0:root:/:/bin/sh >/etc/passwd\n"
    place = CONTAINERS[name]
    place = replace(place, setup=known + place.setup)
    done = run(lab, place, "capture", "shop/web-0", *flags)
    assert done.returncode == 0, done.stderr
    assert "capturing at veth" in done.stderr
    assert "the time is over" in done.stderr


@pytest.mark.usefixtures("ends")
def test_without_the_right_it_says_which(lab: Lab) -> None:
    """Without CAP_NET_RAW nothing is captured, and that is the reason given."""
    drop = ("setpriv", "--bounding-set=-net_raw", "--")
    done = lab.run(*drop, "ocnetview", "capture", "shop/web-0")
    assert done.returncode == 3
    assert "permission denied (needs CAP_NET_RAW" in done.stderr


@pytest.mark.usefixtures("ends")
def test_a_file_that_is_there_is_left_alone(lab: Lab) -> None:
    """Nothing is overwritten, and it is said what to do."""
    lab.sh("echo mine >/run/lab/mine.pcapng")
    status, said = ask(lab, "shop/web-0", "-w", "/run/lab/mine.pcapng")
    assert status == 3
    assert "it is there already (give another name" in said
    assert lab.do("cat", "/run/lab/mine.pcapng") == "mine"


@pytest.mark.usefixtures("ends")
def test_it_ends_when_its_time_is_over(lab: Lab) -> None:
    """The limit is said, and the file is whole without a packet."""
    path = "/run/lab/over.pcapng"
    flags = ("--duration", "0.2", "--filter", "port 9", "-w", path)
    done = lab.run("ocnetview", "capture", "shop/web-0", *flags)
    assert done.returncode == 0, done.stderr
    assert "the time is over (0.2 s)" in done.stderr
    assert not opened(lab, path).frames
    assert not lines(lab, path)


def test_it_ends_when_the_file_is_full(node: Node, ends: Ends) -> None:
    """No packet is in the file that would make it larger than was said."""
    path = "/run/lab/size.pcapng"
    flags = ("--size", "4k", "--filter", "udp", "-w", path)
    with Running(node.lab, "capture", "shop/web-0", *flags) as capture:
        capture.begun()
        send(node.lab, ends[0].pid, ends[1].box.ip, 100)
        status, _ = capture.ended()
        assert "the limit of 4.0K bytes was reached" in capture.said
    assert status == 0
    frames = opened(node.lab, path).frames
    assert 20 < len(frames) < 60
    assert size(node.lab, path) <= 4096 + 100
    assert len(lines(node.lab, path)) == len(frames)


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP"])
def test_told_to_end_it_closes_the_file(node: Node, ends: Ends, name: str) -> None:
    """The file ends with what was counted, no tcpdump is left, the exit status is 0."""
    path = f"/run/lab/{name}.pcapng"
    with Running(node.lab, *captured(path)) as capture, sending(node, ends):
        capture.begun()
        until(lambda: size(node.lab, path) > 5000, "packets are written")
        tcpdumps = capture.tcpdumps
        capture.kill(name)
        status, _ = capture.ended()
        assert "told to stop" in capture.said
    assert status == 0
    assert len(tcpdumps) == 1
    assert gone(node.lab, tcpdumps[0])
    written = opened(node.lab, path)
    assert written.frames
    (statistics,) = written.statistics
    received, dropped = (number(statistics.options[n], 0) for n in (4, 5))
    assert received - dropped == len(written.frames)
    assert len(lines(node.lab, path)) == len(written.frames)


def captured(path: str) -> tuple[str, ...]:
    """Return the command that captures to a file without a limit."""
    flags = ("--filter", "udp", "--duration", "0", "-w", path)
    return ("capture", "shop/web-0", *flags)


def size(lab: Lab, path: str) -> int:
    """Return how large a file is; 0 for none."""
    return int(lab.run("stat", "--format=%s", path).stdout or 0)


def gone(lab: Lab, pid: str) -> bool:
    """Claim that a process is no more, once that is so."""
    until(lambda: bool(lab.run("test", "-d", f"/proc/{pid}").returncode), "it ends")
    return True


def test_killed_it_leaves_whole_packets_and_no_tcpdump(node: Node, ends: Ends) -> None:
    """Up to the last whole block the file is readable; tcpdump ends with us."""
    path = "/run/lab/killed.pcapng"
    with Running(node.lab, *captured(path)) as capture, sending(node, ends):
        capture.begun()
        until(lambda: size(node.lab, path) > 5000, "packets are written")
        (tcpdump,) = capture.tcpdumps
        capture.kill("KILL")
        capture.ended()
        assert gone(node.lab, tcpdump)
    done = node.lab.run("tcpdump", "-n", "-r", path)
    assert len(done.stdout.splitlines()) > 20
    words = done.stderr.splitlines()[1:]
    assert all("truncated" in word for word in words), done.stderr


def test_a_killed_tcpdump_ends_the_capture(node: Node, ends: Ends) -> None:
    """It is said what became of it, and the file is whole."""
    path = "/run/lab/tcpdump.pcapng"
    with Running(node.lab, *captured(path)) as capture, sending(node, ends):
        capture.begun()
        until(lambda: size(node.lab, path) > 5000, "packets are written")
        node.lab.do("kill", "-KILL", *capture.tcpdumps)
        status, _ = capture.ended()
        assert "tcpdump was ended by signal 9" in capture.said
    assert status == 3
    frames = opened(node.lab, path).frames
    assert len(lines(node.lab, path)) == len(frames) > 20


def test_on_a_full_disk_the_file_holds_whole_packets(node: Node, ends: Ends) -> None:
    """It ends, says that the disk is full, and what is there can be read."""
    script = """
mkdir -p /run/lab/small
mount -t tmpfs -o size=64k small /run/lab/small
ocnetview capture shop/web-0 --filter udp --duration 0 -w /run/lab/small/x || echo $?
base64 /run/lab/small/x
"""
    alone = ("unshare", "--mount", "sh", "-euc", f"({script}) 2>&1")
    with node.lab.start(*alone) as run, sending(node, ends):
        said, _ = run.communicate(timeout=60)
    words, _, coded = said.partition("\n3\n")
    assert "the disk is full" in words
    frames = read(b64decode(coded)).frames
    assert len(frames) > 300


@contextmanager
def wired(node: Node, name: str) -> Iterator[int]:
    """Run a container with a veth of its own to the Linux bridge; give its process."""
    with contained(node.lab, name) as pid:
        node.lab.sh(
            f"ip link add v{name} type veth peer name eth0 netns {pid};"
            f" ip link set v{name} up master lbr0;"
            f" nsenter --target={pid} --net ip link set eth0 up"
        )
        yield pid


def test_a_pod_that_ends_takes_the_capture_inside_along(node: Node) -> None:
    """It holds the namespace no longer than the pod does, and says that it ended."""
    with wired(node, "doomed"):
        flags = ("-i", "eth0", "--duration", "0", "--filter", "port 9")
        with Running(node.lab, "capture", "doomed", *flags) as capture:
            capture.begun()
            node.lab.do("docker", "rm", "--force", "doomed")
            status, _ = capture.ended()
            assert re.search("doomed is gone, and its network", capture.said)
    assert status == 3
    absent = ("test", "!", "-e", "/sys/class/net/vdoomed")
    until(lambda: not node.lab.run(*absent).returncode, "the namespace ends")


def test_an_interface_that_goes_ends_the_capture(node: Node) -> None:
    """A veth that is deleted is named as the reason."""
    with wired(node, "cutoff"):
        flags = ("--duration", "0", "--filter", "port 9")
        with Running(node.lab, "capture", "cutoff", *flags) as capture:
            capture.begun()
            node.lab.do("ip", "link", "delete", "vcutoff")
            status, _ = capture.ended()
            assert "vcutoff of cutoff: the interface is gone" in capture.said
    assert status == 3


def test_into_a_pipe_it_ends_with_its_reader(node: Node, ends: Ends) -> None:
    """What `-w -` writes is read at once; a reader that goes ends it, as SIGPIPE."""
    script = """
{ ocnetview capture shop/web-0 --filter udp -w - || echo $? >/run/lab/piped.status; } |
    tcpdump -n -c 5 -r - 2>/dev/null
cat /run/lab/piped.status
"""
    with node.lab.start("sh", "-euc", script) as run, sending(node, ends):
        said, _ = run.communicate(timeout=60)
    *packets, status = said.splitlines()
    assert len(packets) == 5
    assert status == "141"
