"""A file of captured packets, or a ring of files; each is whole at any time."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path

from ocnetview.errors import ProbeError
from ocnetview.facts.packets import CaptureOrder, Packet, Tally
from ocnetview.probes.capture_blocks import Form, Times, blocks_of, head, room_for


class Files:
    """Writes one file, or several of which the oldest goes."""

    def __init__(self, order: CaptureOrder) -> None:
        """Take the order; nothing is made yet."""
        self._order = order
        self._forms: Sequence[Form] = ()
        self._fd = -1
        self._whole = 0
        """Bytes of the open file, all of them of whole blocks."""
        self._number = 0
        self._times = Times()
        self._paths: deque[str] = deque()
        self._empty = True

    @property
    def files(self) -> Sequence[str]:
        """Return the files that there are, the oldest first."""
        return tuple(self._paths)

    def begin(self, forms: Sequence[Form]) -> None:
        """Make the first file.

        Raises:
            OSError: it cannot be made, or is there already.
        """
        self._forms = forms
        self._next()

    def write(self, packets: Sequence[Packet], comments: Mapping[int, str]) -> int:
        """Write packets, to another file where there is a ring; return how many.

        Raises:
            OSError: they cannot be written; those that could are whole.
        """
        blocks = blocks_of(self._order, packets, comments)
        done = 0
        while done < len(blocks):
            room = room_for(blocks[done:], self._whole, self._order.size)
            if room == 0 and self._order.ring > 1 and not self._empty:
                self._next()
                continue
            # A single packet that is larger than a file of a ring is kept all the same.
            room = room or (1 if self._order.ring > 1 else 0)
            if room == 0:
                break
            self._append(blocks[done : done + room])
            self._times.add(packets[done : done + room])
            self._empty = False
            done += room
        return done

    def end(self, tallies: Sequence[Tally]) -> None:
        """Write how the last file ends.

        Raises:
            OSError: it cannot be written.
        """
        self._append([self._times.statistics(tallies)])

    def close(self) -> None:
        """Close the file that is open."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _next(self) -> None:
        """Go on with another file, and remove what a ring has no room for.

        Raises:
            OSError: it cannot be made; without its head it is no file to keep.
        """
        self.close()
        self._number += 1
        path = self._order.file
        if self._order.ring > 1:
            path = numbered(path, self._number)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self._fd = os.open(path, flags, 0o600)
        self._paths.append(path)
        self._whole, self._empty = 0, True
        while len(self._paths) > max(self._order.ring, 1):
            os.unlink(self._paths.popleft())
        try:
            self._append([head(self._order, self._forms)])
        except OSError:
            self.close()
            os.unlink(self._paths.pop())
            raise

    def _append(self, blocks: Sequence[bytes]) -> None:
        """Write blocks; where not all fit, cut off the one that is in pieces."""
        view = memoryview(b"".join(blocks))
        written = 0
        try:
            while written < len(view):
                written += os.write(self._fd, view[written:])
        except OSError:
            ends = list(accumulate(map(len, blocks)))
            kept = bisect_right(ends, written)
            self._whole += ends[kept - 1] if kept else 0
            os.ftruncate(self._fd, self._whole)
            raise
        self._whole += written


def numbered(path: str, number: int) -> str:
    """Return the name of a file of a ring, as dumpcap numbers them."""
    whole = Path(path)
    return str(whole.with_name(f"{whole.stem}_{number:05}{whole.suffix}"))


def ring_there(path: str) -> str:
    """Return the first file that a ring would come to and is there; empty for none.

    Raises:
        OSError: its folder cannot be read.
    """
    whole = Path(path)
    name = re.compile(rf"{re.escape(whole.stem)}_([0-9]+){re.escape(whole.suffix)}")
    found = filter(None, map(name.fullmatch, os.listdir(whole.parent)))
    numbers = sorted(int(one[1]) for one in found if int(one[1]))
    paths = (numbered(path, number) for number in numbers)
    return next(filter(os.path.lexists, paths), "")


def save(
    path: str,
    order: CaptureOrder,
    packets: Sequence[Packet],
    tallies: Sequence[Tally],
    comments: Mapping[int, str],
) -> None:
    """Write packets that are in memory to a new file; comments are by their place.

    Raises:
        ProbeError: it cannot be written; what there is of it is whole.
    """
    types = {one.spot: one.linktype for one in packets}
    forms = [
        (types.get(place, 1), order.snaplen or 1 << 18)
        for place in range(len(order.spots))
    ]
    files = Files(order_for(order, path))
    try:
        files.begin(forms)
        files.write(packets, comments)
        files.end(tallies)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        files.close()


def order_for(order: CaptureOrder, path: str) -> CaptureOrder:
    """Return the order to write all of it to one file."""
    return CaptureOrder(order.spots, order.filter, file=path, size=0, node=order.node)


def unwritable(path: str, error: OSError) -> ProbeError:
    """Return that a file cannot be written, with what would help."""
    if isinstance(error, FileExistsError):
        hint = "give another name, or remove it first"
        return ProbeError(path, "write the packets", "it is there already", hint)
    return ProbeError(path, "write the packets", error.strerror or str(error))
