"""Files among the pins of network namespaces that pin none."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.model import NodeModel, Problem

DOCKER = "/docker/netns/"
"""libnetwork makes its files before it mounts on them, and sweeps them up later."""


def leftover_pins(model: NodeModel) -> Iterator[Problem]:
    """Report files where namespaces are pinned that no network namespace is behind."""
    for path in model.leftovers:
        if DOCKER not in path:
            yield Problem("leftover-pin", path, f"{path} pins no network namespace")
