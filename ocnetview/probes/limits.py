"""What control groups allow each container of a pod, or one process."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ocnetview.facts.inside_containers import Limits, LimitsFacts
from ocnetview.match.names import container_name
from ocnetview.probes.control_groups import ControlGroups
from ocnetview.probes.visit import Visit


def read_limits(visit: Visit) -> LimitsFacts:
    """Return the limits, and what is used of them.

    Raises:
        ProbeError: nothing of it runs.
    """
    found = tuple(_limits(visit))
    if not found:
        raise visit.absent("read limits", "nothing of it runs")
    version = max(one.version for one in found)
    source = f"control groups v{version}" if version else "control groups"
    return LimitsFacts(source, time.time(), found)


def _limits(visit: Visit) -> Iterator[Limits]:
    """Yield the limits of the process, or of each container that runs."""
    groups = ControlGroups(visit.proc, visit.settings.host_root)
    target = visit.target
    if target.process is not None:
        yield groups.limits(target.title, visit.pid())
        return
    for one in target.containers:
        if one.pid:
            visit.check(one.pid, one.started)
            yield groups.limits(container_name(one), one.pid, one.id)
