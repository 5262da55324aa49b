"""What a recording says when it is asked about the inside of a pod."""

from __future__ import annotations

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.inside import Inside, InsideFacts
from ocnetview.probes.base import Target


class RecordedProber:
    """Tells of each question that a recording does not answer it."""

    def ask(self, what: Inside, target: Target, stop: Stop) -> InsideFacts:
        """Refuse to answer.

        Raises:
            ProbeError: always.
        """
        del stop
        reason = "a recording holds nothing of the inside of its pods"
        raise ProbeError(target.title, f"read {what}", reason, "look at a live node")
