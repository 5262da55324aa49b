"""Numbers as people write them: `50%`, `5m`, `100M`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

_WRITTEN = re.compile(r"(-?\d+(?:\.\d+)?)([a-z%]*)", re.IGNORECASE | re.ASCII)


class Measure(StrEnum):
    """What a number counts."""

    COUNT = "a number"
    AGE = "an age such as 90s, 5m, 2h or 3d"
    BYTES = "a number such as 500, 20k or 1.5M"
    """Decimal prefixes, as networks count."""
    MEMORY = "a size such as 500K, 100M or 2G"
    """Binary prefixes, as `ps` and `top` count."""


def _prefixes(step: int) -> Mapping[str, float]:
    """Return what each prefix multiplies by, with and without a B behind it."""
    powers = {prefix: step**n for n, prefix in enumerate(("", "k", "m", "g", "t"))}
    return powers | {f"{prefix}b": power for prefix, power in powers.items()}


_FACTORS: Mapping[Measure, Mapping[str, float]] = {
    Measure.COUNT: {"": 1, "%": 1},
    Measure.AGE: {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800},
    Measure.BYTES: _prefixes(1000),
    Measure.MEMORY: _prefixes(1024),
}


def number_in(text: str, measure: Measure) -> float | None:
    """Return the number that a text writes; None where it writes none."""
    written = _WRITTEN.fullmatch(text)
    factor = _FACTORS[measure].get(written[2].casefold()) if written else None
    return float(written[1]) * factor if written and factor else None
