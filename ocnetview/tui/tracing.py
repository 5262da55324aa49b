"""A trace that is asked in a thread, while the screen shows what came of it so far."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from textual.message import Message

from ocnetview.collectors.base import Stop
from ocnetview.errors import OcnetviewError
from ocnetview.frozen import dataclass
from ocnetview.match.trace_flow import Protocol
from ocnetview.match.trace_ways import Traced
from ocnetview.model import NodeModel
from ocnetview.probes.base import Cluster, Switch
from ocnetview.probes.trace_targets import Aiming
from ocnetview.probes.tracing import Tracer


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is sent, by whom, and where it is to go."""

    source: str
    """The key of the pod; empty for the node itself."""
    target: str
    """With its port, as `ocnetview trace` takes it."""
    protocol: Protocol = Protocol.TCP
    title: str = ""
    """What the target is called where its target is no name: untrusted text."""


class Told(Message):
    """The switch told of one way, or nobody will tell more."""

    def __init__(
        self, ticket: Stop, traced: Traced | None, notes: tuple[str, ...]
    ) -> None:
        """Take what came; nothing is traced when it was the last."""
        super().__init__()
        self.ticket = ticket
        self.traced = traced
        self.notes = notes


class Asking:
    """Asks about one packet at a time, and keeps what it was told."""

    def __init__(
        self, switch: Callable[[], Switch], cluster: Callable[[], Cluster]
    ) -> None:
        """Take whom to ask; the cluster is the same one for all packets."""
        self._switch = switch
        self._cluster = cache(cluster)
        self._stop: Stop | None = None
        self.model = NodeModel()
        """The node as it was when it was asked: the answer has its numbers."""
        self.ways: list[Traced] = []
        self.notes: tuple[str, ...] = ()
        """What has to be said of it; why there is nothing, where there is not."""

    def job(
        self, model: NodeModel, chosen: Chosen, post: Callable[[Message], object]
    ) -> Callable[[], None]:
        """Begin to ask, and return what a thread has to do for it.

        What was asked before is given up.
        """
        self.give_up()
        self.model, self.ways, self.notes = model, [], ()
        stop = self._stop = Stop()

        def tell(traced: Traced | None, *notes: str) -> None:
            if not stop:
                post(Told(stop, traced, notes))

        def ask() -> None:
            cluster = self._cluster()
            pod = model.pods_by_key.get(chosen.source)
            try:
                aiming = Aiming(model, cluster, stop)
                aim = aiming.aim(pod, chosen.target, chosen.protocol)
                tracer = Tracer(self._switch(), cluster, model, stop)
                for route in aim.routes:
                    for traced in tracer.trace(route):
                        tell(traced, *aim.notes)
            except OcnetviewError as error:
                tell(None, str(error))
            else:
                tell(None, *aim.notes, *filter(None, [tracer.nameless]))

        return ask

    def take(self, message: Told) -> bool:
        """Keep what was told, unless it was given up; claim that it was kept."""
        if message.ticket is not self._stop:
            return False
        self.notes = message.notes
        if message.traced:
            self.ways.append(message.traced)
        else:
            self._stop = None
        return True

    @property
    def goes_on(self) -> bool:
        """Claim that more will be told."""
        return self._stop is not None

    def give_up(self, why: str = "") -> bool:
        """End what is being asked, and say why; return whether something was."""
        stop, self._stop = self._stop, None
        if stop is None:
            return False
        stop.set()
        self.notes = (why,) if why else ()
        return True
