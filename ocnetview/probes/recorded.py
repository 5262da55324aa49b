"""What a recording says when it is asked for more than was recorded."""

from __future__ import annotations

from collections.abc import Sequence

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.cluster import NodesFacts, ServiceFacts
from ocnetview.facts.inside import Inside, InsideFacts
from ocnetview.facts.openflow import FlowsFacts, TraceFacts
from ocnetview.facts.packets import CaptureEnd, CaptureOrder
from ocnetview.model import Bridge
from ocnetview.probes.base import Take, Target


def _unknown(subject: str, doing: str, what: str) -> ProbeError:
    """Return that a recording has no such thing."""
    return ProbeError(
        subject, doing, f"a recording holds {what}", "look at a live node"
    )


class RecordedProber:
    """Tells of each question that a recording does not answer it."""

    def ask(self, what: Inside, target: Target, stop: Stop) -> InsideFacts:
        """Refuse to answer.

        Raises:
            ProbeError: always.
        """
        del stop
        reason = "nothing of the inside of its pods"
        raise _unknown(target.title, f"read {what}", reason)


class RecordedCapturer:
    """Tells that nothing passes any more."""

    def check(self, order: CaptureOrder) -> None:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        raise _unknown(order.spots[0].title, "capture", "no packets")

    def run(self, order: CaptureOrder, take: Take, stop: Stop) -> CaptureEnd:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        del take, stop
        raise _unknown(order.spots[0].title, "capture", "no packets")


class RecordedSwitch:
    """Tells that no switch is there to be asked."""

    def flows(self, bridge: Bridge, asked: Sequence[str], stop: Stop) -> FlowsFacts:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        del asked, stop
        raise _unknown(bridge.name, "read its flows", "no flows")

    def trace(
        self, bridge: Bridge, flow: str, stop: Stop, states: Sequence[str] = ()
    ) -> TraceFacts:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        del flow, stop, states
        raise _unknown(bridge.name, "trace a packet", "no flows")


class RecordedCluster:
    """Tells that the API is not asked any more."""

    def nodes(self, stop: Stop) -> NodesFacts:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        del stop
        raise _unknown("kube", "list the nodes", "nothing of other nodes")

    def service(self, namespace: str, name: str, stop: Stop) -> ServiceFacts:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        del stop
        raise _unknown(f"service {namespace}/{name}", "read it", "no services")

    def service_at(self, address: str, stop: Stop) -> ServiceFacts | None:
        """Refuse.

        Raises:
            ProbeError: always.
        """
        del stop
        raise _unknown(f"address {address}", "tell if a service has it", "no services")
