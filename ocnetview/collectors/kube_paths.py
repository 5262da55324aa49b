"""Files of the node, found below its root as the node itself would find them."""

from __future__ import annotations

import os

from ocnetview.config import Settings

_LINKS = 40
"""Symbolic links that are followed, as the kernel's MAXSYMLINKS says."""


def node_file(settings: Settings, path: str) -> str:
    """Return where an absolute path of the node is found from here.

    A link with an absolute target, as kubelet-client-current.pem is one, would lead
    out of the node's root into ours: links are followed here, inside that root.
    """
    root = settings.host_root.rstrip("/")
    if not root:
        return path
    done: list[str] = []
    parts = [part for part in reversed(path.split("/")) if part]
    links = 0
    while parts:
        part = parts.pop()
        if part == "..":
            done = done[:-1]
        if part in {".", ".."}:
            continue
        target = _target("/".join([root, *done, part])) if links < _LINKS else None
        if target is None:
            done.append(part)
            continue
        links += 1
        done = [] if target.startswith("/") else done
        parts += [part for part in reversed(target.split("/")) if part]
    return "/".join([root, *done])


def _target(path: str) -> str | None:
    """Return what a symbolic link names; None for what is none or not there."""
    try:
        return os.readlink(path)
    except OSError:
        return None
