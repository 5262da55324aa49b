"""`ocnetview capture` under load: what the kernel drops, and TCP in bulk."""

from __future__ import annotations

import pytest
from node.capturing import Running, growing, opened, send
from node.lab import until
from node.wiring import Node
from pcapng_file import number

GATEWAY = "10.129.0.1"
"""The node's own address on the Linux bridge; nobody listens there."""


@pytest.mark.parametrize(
    ("snaplen", "burst", "room"), [("256", 40000, 16000), ("0", 3000, 500)]
)
def test_what_the_kernel_had_no_room_for_is_counted(
    node: Node, snaplen: str, burst: int, room: int
) -> None:
    """The words and the file say how many packets a stopped tcpdump did not get."""
    lab, pid, path = node.lab, node["bridged"].pid, f"/run/lab/drops-{snaplen}.pcapng"
    flags = ("--filter", "udp", "--snaplen", snaplen, "--duration", "0", "-w", path)
    sent = burst

    def last() -> int:
        frames = growing(lab, path)
        return int(frames[-1].data[42:48]) if frames else -1

    def goes_on() -> bool:
        nonlocal sent
        if last() >= burst:
            return True
        send(lab, pid, GATEWAY, sent + 1, sent)
        sent += 1
        return False

    with Running(lab, "capture", "bridged", *flags) as capture:
        capture.begun()
        (tcpdump,) = capture.tcpdumps
        lab.do("kill", "-STOP", tcpdump)
        stat = ("cut", "--delimiter= ", "--fields=3", f"/proc/{tcpdump}/stat")
        until(lambda: lab.do(*stat) == "T", "tcpdump stops")
        send(lab, pid, GATEWAY, burst)
        lab.do("kill", "-CONT", tcpdump)
        until(goes_on, "what comes later is written")
        until(lambda: last() == sent - 1, "all of it is written")
        capture.kill("TERM")
        assert capture.ended()[0] == 0, capture.said
        said = capture.said
    written = opened(lab, path)
    (statistics,) = written.statistics
    received, dropped = (number(statistics.options[n], 0) for n in (4, 5))
    assert received == sent
    assert dropped > 0
    assert f"{dropped} dropped by the kernel" in said
    assert len(written.frames) == received - dropped > room
