"""Runs a tool to its end, or to the moment when nobody wants its answer any more."""

from __future__ import annotations

import errno
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from tempfile import TemporaryFile

from ocnetview.collectors.base import Stop
from ocnetview.frozen import dataclass
from ocnetview.probes.errand import StoppedError

_LIMIT = 64 << 20
"""Bytes of an answer."""
_CHUNK = 1 << 16
_ERRORS = 1 << 14
"""Bytes of complaints that are read, the last ones."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a tool had to say."""

    code: int
    out: str
    errors: str

    @property
    def last(self) -> str:
        """Return the last line of its complaints, without its own name before it."""
        lines = self.errors.strip().splitlines()
        line = lines[-1] if lines else f"it ended with status {self.code}"
        name, colon, rest = line.partition(": ")
        return rest if colon and name.startswith("ovs-") else line


def spoken(
    command: Sequence[str],
    stop: Stop,
    seconds: float,
    environment: Mapping[str, str] | None = None,
) -> Said:
    """Return what a tool says until it ends; it is dead afterwards, whatever happens.

    Raises:
        StoppedError: told to stop meanwhile.
        TimeoutError: it did not end in time.
        OSError: it cannot be started, or says too much.
    """
    with TemporaryFile() as errors:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            start_new_session=True,
        )
        try:
            with stop.closing(child.kill):
                out = _read(child, stop, time.monotonic() + seconds)
        finally:
            child.kill()
            if child.stdout:
                child.stdout.close()
            child.wait()
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - _ERRORS))
        complaints = errors.read()
    return Said(child.returncode, _text(out), _text(complaints))


def _text(content: bytes) -> str:
    return content.decode("utf-8", "backslashreplace")


def _read(child: subprocess.Popen[bytes], stop: Stop, end: float) -> bytes:
    """Return all that it prints until it ends."""
    assert child.stdout is not None  # noqa: S101 - it was asked for
    fd, parts, size = child.stdout.fileno(), list[bytes](), 0
    while True:
        left = max(0.0, end - time.monotonic())
        ready, _, _ = select.select([fd, stop.fileno()], [], [], left)
        if stop:
            raise StoppedError
        if not ready:
            raise TimeoutError(errno.ETIMEDOUT, "it did not answer in time")
        part = os.read(fd, _CHUNK)
        if not part:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, end - time.monotonic()))
            return b"".join(parts)
        parts.append(part)
        size += len(part)
        if size > _LIMIT:
            raise OSError(errno.EFBIG, f"an answer of more than {_LIMIT >> 20} MiB")
