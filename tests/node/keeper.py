"""Keeps a lab's namespaces while its standard input is open, then undoes them all.

It runs as a process of its own, so that nothing is left however the tests end:
the pipe to it closes with the last holder's death. Everything of the lab lives in
one pid, mount and network namespace, on a tmpfs; when the namespace's first
process is killed, the kernel kills the rest and frees links and mounts. The
control groups alone are the machine's, so they are removed here by their name.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

INSIDE = """
mount -t tmpfs -o mode=755 ocnetview-lab /run
mkdir -p /run/lab/cgroup /run/lab/home /run/lab/etc /run/lab/etc-work
mkdir -p /run/netns /run/openvswitch
mount --rbind /sys/fs/cgroup /run/lab/cgroup
mount -t sysfs sysfs /sys
mount --rbind /run/lab/cgroup /sys/fs/cgroup
umount --recursive --lazy /run/lab/cgroup
mount -t overlay overlay /etc \\
  -o lowerdir=/etc,upperdir=/run/lab/etc,workdir=/run/lab/etc-work
mount -o remount,bind,ro /
ip link set lo up
echo ready
exec env --ignore-signal=CHLD sleep infinity >/dev/null
"""
"""The first process: private /run, /sys and /etc, all else of the root read-only.

sysfs shows the network namespace of whoever mounted it, so it is mounted anew.
An ignored SIGCHLD outlives exec and makes the kernel reap the orphans; dash has
no trap that would ignore it.
"""

UNSHARE = (
    *("setpriv", "--pdeathsig", "KILL"),
    *("unshare", "--net", "--mount", "--pid", "--ipc", "--propagation", "private"),
    *("--mount-proc", "--fork", "--kill-child"),
    *("sh", "-euc", INSIDE),
)


def first_process(parent: int) -> int:
    """Return the only child of `unshare`, in this machine's numbering."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
    return int(children.split()[0])


def control_groups(name: str) -> Iterator[Path]:
    """Yield the folders of this name in every cgroup hierarchy, deepest first."""
    for line in Path("/proc/self/mounts").read_text("utf-8").splitlines():
        _, mountpoint, kind, *_ = line.split(" ")
        top = Path(mountpoint) / name
        if kind in {"cgroup", "cgroup2"} and top.is_dir():
            for folder, _, _ in os.walk(top, topdown=False):
                yield Path(folder)


def remove_control_groups(name: str) -> None:
    """Remove them; a cgroup of processes that die just now is busy for a moment."""
    for _ in range(100):
        left = False
        for folder in control_groups(name):
            try:
                folder.rmdir()
            except OSError:
                left = True
        if not left:
            return
        select.select([], [], [], 0.05)


def end(shell: subprocess.Popen[bytes]) -> None:
    """Kill the first process, whose death ends all others of its pid namespace.

    It is gone once all of them are reaped; one whose parent outside died is left to
    the machine's init, which in a container may be a program that reaps none.
    """
    try:
        os.kill(first_process(shell.pid), signal.SIGKILL)
    except (OSError, IndexError):
        shell.kill()
    with suppress(subprocess.TimeoutExpired):
        shell.wait(timeout=20)


def main() -> None:
    """Make the namespaces, print the first process's pid, wait, undo.

    Prints what went wrong instead, where they cannot be made.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    pipe, null = subprocess.PIPE, subprocess.DEVNULL
    shell = subprocess.Popen(UNSHARE, stdin=null, stdout=pipe, stderr=subprocess.STDOUT)
    try:
        said = shell.stdout.readline() if shell.stdout else b""
        ready = said == b"ready\n"
        print(first_process(shell.pid) if ready else said.decode(), flush=True)  # noqa: T201 - the answer to the lab
        if ready:
            sys.stdin.buffer.read()
    finally:
        end(shell)
        remove_control_groups(sys.argv[1])


if __name__ == "__main__":
    main()
