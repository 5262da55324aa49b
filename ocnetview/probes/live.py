"""The probes of the node that we run on, one for each thing that can be asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.facts.inside import Inside, InsideFacts
from ocnetview.probes.base import Target
from ocnetview.probes.conntrack import read_conntrack
from ocnetview.probes.containers import read_containers, read_environment
from ocnetview.probes.dns import read_dns
from ocnetview.probes.errand import StoppedError
from ocnetview.probes.limits import read_limits
from ocnetview.probes.links import read_interfaces
from ocnetview.probes.neighbours import read_neighbours
from ocnetview.probes.routes import read_routes
from ocnetview.probes.sockets import read_sockets
from ocnetview.probes.visit import Visit, explained

PROBES: Mapping[Inside, Callable[[Visit], InsideFacts]] = {
    Inside.INTERFACES: read_interfaces,
    Inside.ROUTES: read_routes,
    Inside.NEIGHBOURS: read_neighbours,
    Inside.DNS: read_dns,
    Inside.SOCKETS: read_sockets,
    Inside.CONNTRACK: read_conntrack,
    Inside.CONTAINERS: read_containers,
    Inside.LIMITS: read_limits,
    Inside.ENVIRONMENT: read_environment,
}


class LiveProber:
    """Reads what is inside the pods of this node."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings of the node: its timeout is how long a reading may take."""
        self._settings = settings

    def ask(self, what: Inside, target: Target, stop: Stop) -> InsideFacts:
        """Return the answer, however long it takes, though not for ever.

        Raises:
            ProbeError: it cannot be told; also soon after `stop` was set.
        """
        visit = Visit(self._settings, target, stop)
        doing = f"read {what}"
        try:
            facts = PROBES[what](visit)
        except StoppedError:
            raise visit.error(doing, "told to stop") from None
        except OSError as error:
            raise explained(visit, doing, error) from error
        if stop:
            raise visit.error(doing, "told to stop")
        return facts
