"""Samples to a file and back: what a node said, to be looked at elsewhere."""

from __future__ import annotations

import gzip
import json
import os
import stat
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ocnetview.errors import RecordError
from ocnetview.facts import Counters, Facts, Link, Netns, Sample

if TYPE_CHECKING:
    from cattrs import Converter

SCHEMA = "ocnetview-recording/1"
"""First line of a recording, as JSON: {"schema": SCHEMA}. A sample a line follows."""


@lru_cache(maxsize=1)
def _converter() -> Converter:
    """Return what turns samples into JSON values and back, every type checked."""
    from cattrs import Converter  # noqa: PLC0415 - 60 ms that few commands need
    from cattrs.cols import (  # noqa: PLC0415 - the same
        namedtuple_dict_structure_factory,
        namedtuple_dict_unstructure_factory,
    )
    from cattrs.strategies import configure_tagged_union  # noqa: PLC0415 - the same

    converter = Converter(forbid_extra_keys=True, detailed_validation=False)
    converter.register_unstructure_hook(Counters, list)
    converter.register_structure_hook(Counters, _counters)
    converter.register_unstructure_hook(Netns, Netns._asdict)
    converter.register_structure_hook(Netns, _netns)
    converter.register_unstructure_hook(
        Link, namedtuple_dict_unstructure_factory(Link, converter)
    )
    by_name = namedtuple_dict_structure_factory(Link, converter, False, True)  # noqa: FBT003 - no details, no unknown keys
    converter.register_structure_hook(Link, by_name)
    configure_tagged_union(Facts, converter, tag_name="facts")
    return converter


def _counters(values: list[int], _: object) -> Counters:
    """Return counters from their numbers in the tuple's order."""
    return Counters(*map(int, values))


def _netns(values: dict[str, int], _: object) -> Netns:
    """Return a namespace from its device and inode by name."""
    return Netns(**{name: int(number) for name, number in values.items()})


def _finite(text: str) -> float:
    """Return a number; nothing that was measured is infinite or no number.

    Raises:
        ValueError: it is one of these.
    """
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"{text} is no finite number")
    return number


def to_json(sample: Sample) -> str:
    """Return a sample as one line of JSON."""
    values = _converter().unstructure(sample, Sample)
    return json.dumps(values, separators=(",", ":"))


def from_json(line: str, place: str = "sample") -> Sample:
    """Return the sample of one line.

    Raises:
        RecordError: it is none; `place` says which line that was.
    """
    try:
        values = json.loads(line, parse_float=_finite, parse_constant=_finite)
        return _converter().structure(values, Sample)
    except Exception as error:  # whatever a wrong value raises in its own type
        reason = f"{type(error).__name__}: {error}"
        raise RecordError(f"{place}: not a sample of ocnetview: {reason}") from error


def create_recording(path: Path) -> IO[bytes]:
    """Open a file for a recording, which only its owner may read from now on.

    Command lines are in it.

    Raises:
        OSError: it cannot be made.
    """
    return open(path, "wb", opener=_own)


def _own(path: str, flags: int) -> int:
    """Open a file for its owner alone, also where others could read it before."""
    fd = os.open(path, flags, 0o600)
    if stat.S_ISREG(os.fstat(fd).st_mode):
        os.fchmod(fd, 0o600)
    return fd


def write_recording(file: IO[bytes], samples: Iterable[Sample]) -> None:
    """Write samples, compressed, each as soon as it is there."""
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(json.dumps({"schema": SCHEMA}).encode() + b"\n")
        for sample in samples:
            packed.write(to_json(sample).encode() + b"\n")


def read_recording(path: Path) -> tuple[Sample, ...]:
    """Return the samples of a recording, oldest first, at least one.

    Raises:
        RecordError: the file cannot be read or is no recording.
    """
    try:
        samples = tuple(_samples(path))
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise RecordError(f"{path}: cannot read the recording: {reason}") from error
    if not samples:
        raise RecordError(f"{path}: the recording holds no sample")
    return samples


def _samples(path: Path) -> Iterator[Sample]:
    """Yield the samples of a file, line by line."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        head = file.readline(1000)
        if SCHEMA not in head:
            raise RecordError(f"{path}: not a recording ({SCHEMA} expected)")
        for number, line in enumerate(file, start=2):
            yield from_json(line, f"{path}, line {number}")
