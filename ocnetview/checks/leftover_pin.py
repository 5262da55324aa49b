"""Files in /run/netns that pin no network namespace."""

from __future__ import annotations

from collections.abc import Iterator

from ocnetview.model import NodeModel, Problem


def leftover_pins(model: NodeModel) -> Iterator[Problem]:
    """Report files that an unclean end left where namespaces are pinned."""
    for path in model.leftovers:
        text = f"{path} pins no network namespace (left by an unclean end)"
        yield Problem("leftover-pin", path, text)
