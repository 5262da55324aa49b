"""What can go wrong, each saying who, doing what, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class OcnetviewError(Exception):
    """Anything that ocnetview tells its user instead of failing."""


class ConfigError(OcnetviewError):
    """A setting that cannot be used, with the place it came from."""


class FilterError(OcnetviewError):
    """A filter that cannot be understood, with what it lacks."""


class NotFoundError(OcnetviewError):
    """Nothing on the node answers to what was asked for."""


class AmbiguousError(OcnetviewError):
    """Several things on the node answer to what was asked for."""


class BlindError(OcnetviewError):
    """The sources that an answer needs could not be read."""


class DemoError(OcnetviewError):
    """The demo node could not be built, with the step that failed."""


class RecordError(OcnetviewError):
    """A recording that cannot be read, with the place in it."""


class CollectorError(OcnetviewError):
    """A source that cannot be read now."""

    def __init__(self, source: str, doing: str, reason: str, hint: str = "") -> None:
        """Say which source failed, at what, why, and what would help."""
        self.source = source
        self.doing = doing
        self.reason = reason
        self.hint = hint
        advice = f" ({hint})" if hint else ""
        super().__init__(f"{source}: cannot {doing}: {reason}{advice}")


class SourceAbsentError(CollectorError):
    """A source that this node does not have, as far as can be seen."""


class ProbeError(OcnetviewError):
    """Something that was asked of one pod or process and cannot be told."""

    def __init__(self, subject: str, doing: str, reason: str, hint: str = "") -> None:
        """Say of whom, what was tried, why it cannot be told, and what would help."""
        self.subject = subject
        self.doing = doing
        self.reason = reason
        self.hint = hint
        advice = f" ({hint})" if hint else ""
        super().__init__(f"{subject}: cannot {doing}: {reason}{advice}")


class ProbeAbsentError(ProbeError):
    """Something that the pod or node does not have, so nothing of it can be told."""


def causes(error: BaseException) -> Iterator[Any]:
    """Yield an error and all that it was made from, the outermost first.

    Libraries keep what they met as a cause, among `args` (requests), as `reason` or
    as `original_error` (urllib3).
    """
    pending: list[BaseException] = [error]
    seen: set[int] = set()
    while pending:
        cause = pending.pop(0)
        if id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            linked = [*cause.args, cause.__cause__, cause.__context__]
            linked += [getattr(cause, "reason", None)]
            linked += [getattr(cause, "original_error", None)]
            pending += [one for one in linked if isinstance(one, BaseException)]
