"""Run in the lab: stands between ocnetview and the daemons, and spoils what they say.

python proxy.py LISTEN TARGET...: each is a path, or a port of the loopback. A line
`NUMBER MODE` on its input changes how the connections of a pair fare from then on;
a line `NUMBER to TARGET` where its next ones lead.
"""

from __future__ import annotations

import asyncio
import random
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import suppress

_PIECE = 1 << 16
_SLOW_SECONDS = 0.5
_NOISE = 40
"""One byte of so many is another one, at random."""


class Pair:
    """What listens at one place and leads to another."""

    def __init__(self, number: int, target: str) -> None:
        self.target = target
        self.mode = "pass"
        self._random = random.Random(number)  # noqa: S311 - the same each time
        self._open: set[asyncio.StreamWriter] = set()
        self._changed = asyncio.Condition()

    async def turn(self, mode: str) -> None:
        """Let connections fare like this from now on; those that are open may end."""
        if mode in ("cut", "refuse"):
            for writer in tuple(self._open):
                writer.transport.abort()
        async with self._changed:
            self.mode = mode
            self._changed.notify_all()

    async def accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve a connection."""
        other = None
        with suppress(OSError):
            if self.mode != "refuse":
                there, other = await _connect(self.target)
                self._open |= {writer, other}
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._pass_on(reader, other, answers=False))
                    group.create_task(self._pass_on(there, writer, answers=True))
        for one in (writer, other):
            if one:
                self._open.discard(one)
                one.transport.abort()

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        answers: bool,
    ) -> None:
        """Pass on what is said in one direction until its end."""
        with suppress(OSError):
            async for piece in self._pieces(reader, answers=answers):
                writer.write(piece)
                await writer.drain()
        if answers:
            writer.close()
        elif writer.can_write_eof():
            with suppress(OSError):
                writer.write_eof()

    async def _pieces(
        self, reader: asyncio.StreamReader, *, answers: bool
    ) -> AsyncIterator[bytes]:
        """Yield what is said, as it is to arrive."""
        while piece := await reader.read(_PIECE):
            async with self._changed:
                await self._changed.wait_for(lambda: self.mode != "hold")
            if self.mode == "slow":
                await asyncio.sleep(_SLOW_SECONDS)
            if answers and self.mode == "short":
                yield piece[: len(piece) // 2]
                return
            yield self._spoiled(piece) if answers else piece

    def _spoiled(self, piece: bytes) -> bytes:
        """Return an answer as it is to arrive."""
        if self.mode == "junk":
            return self._random.randbytes(len(piece))
        if self.mode == "noise":
            spoiled = bytearray(piece)
            for place in range(self._random.randrange(_NOISE), len(piece), _NOISE):
                spoiled[place] = self._random.randrange(256)
            return bytes(spoiled)
        return piece


async def _connect(
    target: str,
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection to a path or a port."""
    if target.isdecimal():
        return await asyncio.open_connection("127.0.0.1", int(target))
    return await asyncio.open_unix_connection(target)


async def _listen(pair: Pair, place: str) -> asyncio.Server:
    """Return what accepts connections at a path or a port."""
    if place.isdecimal():
        family = socket.AF_INET
        return await asyncio.start_server(
            pair.accept, "127.0.0.1", int(place), family=family
        )
    return await asyncio.start_unix_server(pair.accept, place)


async def main() -> None:
    """Serve until the input ends."""
    places, targets = sys.argv[1::2], sys.argv[2::2]
    pairs = [Pair(number, target) for number, target in enumerate(targets)]
    for pair, place in zip(pairs, places, strict=True):
        await _listen(pair, place)
    print("ready", flush=True)  # noqa: T201 - the answer to the soak
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(orders), sys.stdin
    )
    while line := (await orders.readline()).decode():
        number, mode, *target = line.split()
        pair = pairs[int(number)]
        if target:
            pair.target = target[0]
        else:
            await pair.turn(mode)
        print("done", flush=True)  # noqa: T201 - the answer to the soak


if __name__ == "__main__":
    asyncio.run(main())
