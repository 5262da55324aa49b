"""The rows of a report that a filter keeps, in the language of the screen's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ocnetview.units import printable

if TYPE_CHECKING:
    from ocnetview.columns import Filter
    from ocnetview.model import NodeModel, Pod, Port


def only_pods(text: str) -> Callable[[NodeModel], Sequence[Pod]]:
    """Return what gives the pods that a filter keeps.

    Raises:
        FilterError: what cannot be understood.
    """
    if not text:
        return lambda model: model.pods
    from ocnetview.columns import (  # noqa: PLC0415 - only for a filter
        POD_COLUMNS,
        POD_FIELDS,
        Fields,
    )

    wanted: Filter[Pod] = Fields(POD_FIELDS).read(text)
    seen = [column for column in POD_COLUMNS if not column.live]
    return lambda model: [p for p in model.pods if wanted.keeps(p, model, seen)]


def only_ports(text: str) -> Callable[[NodeModel], Sequence[Port]]:
    """Return what gives the ports that a filter keeps, of all bridges.

    Raises:
        FilterError: what cannot be understood.
    """
    if not text:
        return lambda model: [*model.ports_by_key.values()]
    from ocnetview.columns import (  # noqa: PLC0415 - as above
        PORT_COLUMNS,
        PORT_FIELDS,
        Fields,
    )

    wanted: Filter[Port] = Fields(PORT_FIELDS).read(text)
    seen = [column for column in PORT_COLUMNS if not column.live]

    def found(model: NodeModel) -> Sequence[Port]:
        every = model.ports_by_key.values()
        return [port for port in every if wanted.keeps(port, model, seen)]

    return found


def none_of(what: str, wanted: str) -> str:
    """Return what there is nothing of, and which filter left none."""
    return f"{what} with “{printable(wanted)}”" if wanted else what
