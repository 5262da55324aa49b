"""Rows -> rows with keys of their own, each engine's right below its container."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ocnetview.match.names import SHORT
from ocnetview.model import Pod, PodKind
from ocnetview.records import changed

# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_POD = PodKind.POD
_KINDS = tuple(PodKind)


def in_order(rows: Iterable[Pod]) -> tuple[Pod, ...]:
    """Return pods, then containers, by title, each with a key that no other has.

    `engine` of a row may be the id of a container: it becomes the key of the row
    that the container is in, and the row comes below that one.
    """
    return _nested(_distinct(rows))


def _distinct(rows: Iterable[Pod]) -> list[Pod]:
    """Return the rows with keys of their own, and with their engines' keys.

    Labels can name any uid; and two engines may have a pod of the same one.
    """
    taken: set[str] = set()
    distinct: list[Pod] = []
    for row in sorted(rows, key=_standing):
        key = f"{row.engine[:SHORT]}/{row.key}" if row.engine else row.key
        while key in taken or not key:
            key += "'"
        taken.add(key)
        distinct.append(changed(row, key=key) if key != row.key else row)
    of = {c.id: r.key for r in distinct for c in (*r.containers, *r.earlier)}
    return [
        changed(row, engine=of.get(row.engine, row.engine)) if row.engine else row
        for row in distinct
    ]


def _standing(row: Pod) -> tuple[bool, str, bool, str, str]:
    """Return what says which of two rows gives way where both want one key."""
    alive = row.sandbox is not None and row.sandbox.ready
    return (row.kind is _POD, row.engine, not alive, row.title, row.key)


def _nested(rows: Iterable[Pod]) -> tuple[Pod, ...]:
    """Return the rows in order, each engine's right below the row that it runs in."""
    below: Mapping[str, list[Pod]] = defaultdict(list)
    ordered = sorted(rows, key=lambda r: (_KINDS.index(r.kind), r.title, r.key))
    for row in ordered:
        below[row.engine].append(row)
    found: dict[str, Pod] = {}

    def walk(row: Pod) -> None:
        if row.key not in found:
            found[row.key] = row
            for inner in below.get(row.key, ()):
                walk(inner)

    # After those on the node itself: rows whose engine nobody lists.
    for row in (*below[""], *ordered):
        walk(row)
    return tuple(found.values())
