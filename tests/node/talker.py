"""Run in a pod's network namespace: has sockets of every kind, until its input ends.

python talker.py PID

It joins the control groups of that process first, and so is the container's.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")


def join(pid: str) -> None:
    """Move to the control groups of a process, in every hierarchy."""
    for line in Path(f"/proc/{pid}/cgroup").read_text("utf-8").splitlines():
        _, names, path = line.split(":", 2)
        name = names.removeprefix("name=") or "unified"
        procs = GROUPS / name / path.lstrip("/") / "cgroup.procs"
        if procs.exists():
            procs.write_text(str(os.getpid()), "ascii")


def tcp() -> list[socket.socket]:
    """Return listeners, a connection with bytes on the way, one not accepted yet."""
    listener = socket.create_server(("", 8080), backlog=7)
    both = socket.create_server(("::", 9090), family=socket.AF_INET6, backlog=3)
    calling = socket.create_connection(("127.0.0.1", 8080))
    calling.sendall(b"x" * 17)
    called, _ = listener.accept()
    called.sendall(b"y" * 5)
    waiting = socket.create_connection(("127.0.0.1", 8080))
    left = socket.create_connection(("::1", 9090))
    leaving, _ = both.accept()
    leaving.close()
    return [listener, both, calling, called, waiting, left]


def datagrams() -> list[socket.socket]:
    """Return UDP sockets, bound, bound to a link, and connected, and raw ones."""
    kinds = [(socket.AF_INET, socket.SOCK_DGRAM, 0)] * 2
    kinds += [(socket.AF_INET6, socket.SOCK_DGRAM, 0)]
    kinds += [(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)]
    kinds += [(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)]
    bound, on_link, connected, raw, raw6 = (socket.socket(*kind) for kind in kinds)
    bound.bind(("127.0.0.1", 5353))
    on_link.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
    on_link.bind(("127.0.0.1", 6060))
    connected.connect(("::1", 53))
    return [bound, on_link, connected, raw, raw6]


if __name__ == "__main__":
    join(sys.argv[1])
    held = [*tcp(), *datagrams()]
    print(os.getpid(), flush=True)  # noqa: T201 - the answer to the test
    sys.stdin.read()
