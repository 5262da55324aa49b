"""The signs by which the place that we run in is told."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress

from ocnetview.collectors.cgroup import container_id
from ocnetview.frozen import dataclass

PROC = "/proc"
FILES = "/host"
"""Where `oc debug node`, toolbox and DaemonSets have the node's root."""
_FIRST_PIDS = 0xEFFFFFFC
"""PROC_PID_INIT_INO of linux/proc_ns.h: the inode of the machine's pid namespace."""
_SHOWN_ID = 12
"""So many digits of a container's id are named, as Docker does."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What can be seen of where we are; None where it may not be known."""

    same_root: bool | None = None
    """Claims that our root directory is that of pid 1."""
    same_mounts: bool | None = None
    """Claims that our mount namespace is that of pid 1."""
    first_pids: bool = False
    """Claims that our pid namespace is the machine's own."""
    container: tuple[str, ...] = ()
    """What says that we are in a container."""
    enter: bool = False
    """Claims that pid 1's root can be entered."""
    host_like: bool = False
    """Claims that pid 1's root holds what a node's does."""
    files: str = ""
    """A folder that holds another root than ours, one as a node's is."""
    files_pids: bool = False
    """Claims that the proc file system below it shows us with the pid we know."""


def read_signs(environment: Mapping[str, str], files: str = FILES) -> Signs:
    """Return the signs, looking for a node's root in `files`."""
    same_root = _same_file("/", f"{PROC}/1/root/")
    same_mounts = _same_file(f"{PROC}/self/ns/mnt", f"{PROC}/1/ns/mnt")
    if same_root is None or same_mounts is None:
        # Mounts are numbered across all namespaces, and anybody may read this; but
        # a node has thousands.
        ours, first = _root_mount("self"), _root_mount("1")
        if ours and first:
            same_root = ours[1:] == first[1:] if same_root is None else same_root
            same_mounts = ours == first if same_mounts is None else same_mounts
    other = holds_node(files) and not _same_file("/", files)
    return Signs(
        same_root=same_root,
        same_mounts=same_mounts,
        first_pids=_inode(f"{PROC}/self/ns/pid") == _FIRST_PIDS,
        container=tuple(_container(environment)),
        enter=_inode(f"{PROC}/1/root/") is not None,
        host_like=holds_node(f"{PROC}/1/root"),
        files=files if other else "",
        files_pids=shows_our_pid(f"{files}{PROC}") is True,
    )


def _root_mount(pid: str) -> tuple[str, str, str] | None:
    """Return id, device and folder of what is mounted at a process's root.

    None where no mount is, as after chroot(2) to a plain folder.
    """
    found = None
    with suppress(OSError), open(f"{PROC}/{pid}/mountinfo", "rb") as file:
        for line in file:
            fields = line.decode("utf-8", "replace").split(" ", 5)
            if fields[4] == "/":  # proc_pid_mountinfo(5); the last one covers the rest
                found = (fields[0], fields[2], fields[3])
    return found


def _same_file(one: str, other: str) -> bool | None:
    """Return whether two paths lead to one file; None where that may not be known."""
    with suppress(OSError):
        return os.path.samestat(os.stat(one), os.stat(other))
    return None


def _inode(path: str) -> int | None:
    with suppress(OSError):
        return os.stat(path).st_ino
    return None


def holds_node(root: str) -> bool:
    """Claim that this folder is a whole system's root, not only some of its files."""
    named = any(
        os.path.isfile(f"{root}/{place}/os-release") for place in ("usr/lib", "etc")
    )
    return named and os.path.isdir(f"{root}/run") and os.path.isdir(f"{root}/proc")


def shows_our_pid(proc: str) -> bool | None:
    """Return whether this proc file system is one of our own pid namespace.

    It numbers us in its own pid namespace first, then in each one below (NSpid of
    proc_pid_status(5)). None where it does not show us, or is none.
    """
    with suppress(OSError), open(f"{proc}/self/status", "rb") as file:
        for line in file:
            if line.startswith(b"NSpid:"):
                return len(line.split()) == 2  # noqa: PLR2004 - the key and one pid
    return None


def _container(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield what says that we are in a container."""
    with suppress(OSError), open(f"{PROC}/self/cgroup", encoding="utf-8") as file:
        own = container_id(file.read())
        if own:
            yield f"our cgroup is container {own[:_SHOWN_ID]}"
    if _same_file(f"{PROC}/self/ns/cgroup", f"{PROC}/1/ns/cgroup") is False:
        yield "our cgroup namespace is not pid 1's"
    for marker in ("/run/.containerenv", "/.dockerenv", "/run/systemd/container"):
        if os.path.exists(marker):
            yield f"{marker} is there"
    for name in ("KUBERNETES_SERVICE_HOST", "container"):
        if environment.get(name):
            yield f"the variable {name} is set"


def same_network(proc: str) -> bool | None:
    """Return whether our network namespace is pid 1's; None where it is not known.

    Without the right to look at pid 1's namespaces, by the inode of a file of
    /proc/PID/net: those are made anew for each network namespace.
    """
    first = f"{proc}/1"
    same = _same_file(f"{PROC}/self/ns/net", f"{first}/ns/net")
    if same is None:
        ours, theirs = _inode(f"{proc}/self/net/dev"), _inode(f"{first}/net/dev")
        same = ours == theirs if ours and theirs else None
    return same
