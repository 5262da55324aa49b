"""Starts a command as nobody where root's files stay readable, in own mounts.

Arguments: `tun` or `-` for a /dev/net/tun that everybody may open, as desktops
have it; `covered` or `-` for a /proc with a part covered, as in a container; then
the command. Nothing outlives this process's mount namespace.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from ocnetview.demo.kernel import Clone, Mount, mount, unshare

NOBODY = 65534


def open_to_all(needed: set[str]) -> None:
    """Cover folders that others may not enter by ones that hold what is needed."""
    for path in sorted(needed):
        closed = [
            str(parent)
            for parent in reversed(Path(path).parents)
            if not parent.stat().st_mode & stat.S_IXOTH
        ]
        if closed:
            inside = [each for each in needed if each.startswith(f"{closed[0]}/")]
            kept = {each: os.open(each, os.O_PATH) for each in inside}
            mount("open", closed[0], "tmpfs", Mount.NONE, "mode=755")
            for each, fd in kept.items():
                Path(each).mkdir(parents=True)
                mount(f"/proc/self/fd/{fd}", each, "", Mount.BIND | Mount.REC)


def main() -> None:
    """Prepare the mounts, give root up, and become the command."""
    tun, covered, *command = sys.argv[1:]
    unshare(Clone.NEWNS)
    mount("none", "/", "", Mount.REC | Mount.PRIVATE)
    real = {os.path.realpath(path) for path in (sys.prefix, sys.base_prefix)}
    source = Path(sys.modules["ocnetview"].__path__[0]).parent
    open_to_all({*real, str(source)})
    if tun == "tun":
        mount("tun", "/dev/net", "tmpfs", Mount.NONE, "mode=755")
        node = "/dev/net/tun"
        os.mknod(node, stat.S_IFCHR, os.makedev(10, 200))
        Path(node).chmod(0o666)
    if covered == "covered":
        mount("covered", "/proc/sys", "tmpfs", Mount.NONE, "mode=755")
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    os.environ["HOME"] = "/"
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    os.execv(command[0], command)  # noqa: S606 - no shell


if __name__ == "__main__":
    main()
