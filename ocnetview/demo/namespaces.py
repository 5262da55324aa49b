"""Namespaces of the demo's own, and why they cannot be had where they cannot."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from ocnetview.demo import kernel
from ocnetview.demo.kernel import Clone, Mount
from ocnetview.errors import DemoError

END_NOW = signal.SIGUSR1
"""Tells the process that waits for the first one to kill that one."""
_NEEDED = 1 << 21 | 1 << 13 | 1 << 12
"""CAP_SYS_ADMIN, CAP_NET_RAW and CAP_NET_ADMIN (linux/capability.h)."""
_APPARMOR = "kernel/apparmor_restrict_unprivileged_userns"
_SECCOMP = "a seccomp filter may forbid it, as containers have one"
_COVERED = "parts of /proc may be covered, as in a container"
"""mount_too_revealing() in the kernel's fs/namespace.c then refuses a new one."""
_OWN = Clone.NEWNS | Clone.NEWUTS | Clone.NEWIPC | Clone.NEWNET | Clone.NEWPID
_HOSTNAME = "demo-node"
_PR_SAFE = Mount.NOSUID | Mount.NODEV | Mount.NOEXEC


def enter(alive: int, be_init: Callable[[], int]) -> NoReturn:
    """Go to new namespaces and run `be_init` as their first process.

    To be called in a child of its own: user and pid namespaces cannot be left.
    That child then only waits, and ends as the first process does, which the
    kernel lets happen once all others of the namespace are gone; END_NOW makes
    it kill the first process. Both die with their parents, however those end;
    `alive` hangs up with the caller, for the moment before that is arranged.

    Raises:
        DemoError: the kernel or a policy forbids it; says which, where known.
    """
    kernel.handle(kernel.CALLERS_SIGNALS, signal.SIG_IGN)
    # Who starts us may ignore SIGCHLD: then the kernel reaps, and waits fail.
    kernel.handle((signal.SIGCHLD,), signal.SIG_DFL)
    _unshare()
    _die_with_parent(alive)
    init = os.fork()
    if not init:
        _die_with_parent(alive)
        _mount_own()
        os._exit(be_init())
    signal.signal(END_NOW, lambda *_: os.kill(init, signal.SIGKILL))
    os.close(alive)
    _, status = os.waitpid(init, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _die_with_parent(alive: int) -> None:
    """Arrange to be killed when our parent ends, or end if it already has."""
    kernel.die_with_parent()
    poll = select.poll()
    poll.register(alive, 0)
    if poll.poll(0):
        os._exit(1)


def _unshare() -> None:
    """Leave the machine's namespaces, with an own user namespace where needed."""
    if not _can_administer():
        _unshare_user()
    try:
        kernel.unshare(_OWN)
    except OSError as error:
        raise DemoError(f"cannot make namespaces: {_why(error, _SECCOMP)}") from error
    # Only hides the path of our cgroup, which could name a container of the
    # machine; kernels before 4.6 have none.
    with contextlib.suppress(OSError):
        kernel.unshare(Clone.NEWCGROUP)


def _can_administer() -> bool:
    """Claim that we hold what namespaces need (CapEff of /proc/self/status)."""
    status = Path("/proc/self/status").read_text("utf-8", "replace")
    line = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return int(line.split()[1], 16) & _NEEDED == _NEEDED


def _unshare_user() -> None:
    """Become root of a user namespace in which only we exist.

    Raises:
        DemoError: unprivileged user namespaces are forbidden here.
    """
    uid, gid = os.geteuid(), os.getegid()
    try:
        kernel.unshare(Clone.NEWUSER)
        # Without this the kernel lets no unprivileged process map a group.
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"0 {uid} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"0 {gid} 1", "ascii")
    except OSError as error:
        reason = _why(error, _SECCOMP)
        raise DemoError(f"cannot make a user namespace: {reason}") from error


def _setting(name: str) -> str:
    """Return a kernel setting, or nothing where the kernel has none of that name."""
    try:
        return Path("/proc/sys", name).read_text("ascii").strip()
    except OSError:
        return ""


def _why(error: OSError, likely: str) -> str:
    """Return what failed and the restriction in force here, or else a likely one."""
    if error.errno not in (errno.EPERM, errno.EACCES, errno.ENOSPC):
        return str(error.strerror)
    if _setting("kernel/unprivileged_userns_clone") == "0":
        likely = "sysctl kernel.unprivileged_userns_clone is 0"
    elif _setting(_APPARMOR) == "1":
        likely = f"sysctl {_APPARMOR.replace('/', '.')} is 1"
    for kind in ("user", "mnt", "pid", "net", "uts", "ipc"):
        if _setting(f"user/max_{kind}_namespaces") == "0":
            likely = f"sysctl user.max_{kind}_namespaces is 0"
    return f"{error.strerror} ({likely})"


def _mount_own() -> None:
    """Give ourselves a /proc of our processes and an empty /run.

    Raises:
        DemoError: a mount is refused.
    """
    try:
        kernel.mount("none", "/", "", Mount.REC | Mount.PRIVATE)
        kernel.mount("proc", "/proc", "proc", _PR_SAFE)
        _mount_run()
        kernel.set_hostname(_HOSTNAME)
    except OSError as error:
        raise DemoError(_why(error, _COVERED)) from error


def _mount_run() -> None:
    """Cover /run with an empty tmpfs, and keep only what Python needs of it."""
    needed = {sys.executable, sys.prefix, os.getcwd(), *sys.path}  # noqa: PTH109
    names = {
        path.split("/")[2]
        for path in (text for text in needed if text.startswith("/run/"))
    }
    old = os.open("/run", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        kernel.mount("run", "/run", "tmpfs", _PR_SAFE, "mode=755,size=64m")
        for name in names:
            source = Path(f"/proc/self/fd/{old}", name)
            kept = Path("/run", name)
            if source.is_symlink():
                kept.symlink_to(source.readlink())
            elif source.is_dir():
                kept.mkdir()
                flags = Mount.BIND | Mount.REC
                kernel.mount(str(source), str(kept), "", flags)
    finally:
        os.close(old)
