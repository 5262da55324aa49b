"""Names of users, as the node has them."""

from __future__ import annotations

import pwd
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache


def user_in_container(uid: int) -> str:
    """Return root or the number: the host's names are not those of a container."""
    return str(uid) if uid else "root"


@lru_cache(maxsize=4096)
def user_on_node(uid: int, root: str) -> str:
    """Return the host's name for a user, else the number."""
    if root:
        return _users(root).get(str(uid), str(uid))
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


@lru_cache(maxsize=1)
def _users(root: str) -> Mapping[str, str]:
    """Return the names of users by their numbers, from the files of another root.

    Image-based systems (ostree) have their own users in /usr/lib/passwd.
    """
    names: dict[str, str] = {}
    for path in (f"{root}/usr/lib/passwd", f"{root}/etc/passwd"):
        with (
            suppress(OSError),
            open(path, encoding="utf-8", errors="replace") as file,
        ):
            entries = (line.split(":") for line in file)
            names |= {entry[2]: entry[0] for entry in entries if len(entry) > 2}  # noqa: PLR2004 - name, password, uid
    return names
