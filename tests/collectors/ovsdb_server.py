"""A scripted OVSDB server, for one connection, and the recordings it plays."""

from __future__ import annotations

import json
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.ovsdb import OvsdbCollector
from ocnetview.config import Settings
from ocnetview.facts import OvsFacts

_RECORDINGS = Path(__file__).parents[1] / "recordings" / "ovsdb"


class Client:
    """The scripted server's end of one connection."""

    def __init__(self, sock: socket.socket, step: int) -> None:
        self._sock = sock
        self._step = step
        self._text = ""

    def hear(self) -> dict[str, Any]:
        """Return the collector's next message."""
        while True:
            try:
                message, end = json.JSONDecoder().raw_decode(self._text)
            except ValueError:
                data = self._sock.recv(4096)
                if not data:
                    raise EOFError from None
                self._text += data.decode()
            else:
                self._text = self._text[end:]
                return dict(message)

    def say(self, *messages: object) -> None:
        """Send messages with nothing between them, in pieces of the step's size."""
        data = "".join(map(json.dumps, messages)).encode()
        self.send(data)

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        for start in range(0, len(data), self._step):
            self._sock.sendall(data[start : start + self._step])

    def answer(self, reply: dict[str, Any]) -> dict[str, Any]:
        """Answer the next request with this reply; return the request."""
        asked = self.hear()
        self.say(reply | {"id": asked["id"]})
        return asked

    def wait_for_end(self) -> None:
        """Wait until the collector hangs up."""
        try:
            while self.hear():
                pass
        except (EOFError, ConnectionError):
            pass


Script = Callable[[Client], None]


@contextmanager
def served(script: Script, step: int = 1 << 20) -> Iterator[OvsdbCollector]:
    """Give a collector for a server that follows a script for one connection."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX) as server,
    ):
        server.bind(f"{folder}/s")
        server.listen()
        failures: list[BaseException] = []

        def serve() -> None:
            sock, _ = server.accept()
            with sock:
                try:
                    script(Client(sock, step))
                except AssertionError as error:
                    failures.append(error)

        thread = threading.Thread(target=serve)
        thread.start()
        yield OvsdbCollector(Settings(ovsdb=f"unix:{folder}/s"), probe=5)
        thread.join()
        assert not failures, failures


@contextmanager
def watching(collector: OvsdbCollector) -> Iterator[Iterator[OvsFacts]]:
    """Give the collector's facts, and hang up afterwards."""
    stop = Stop()
    said = collector.watch(stop)
    try:
        yield news(said)
    finally:
        said.close()  # type: ignore[attr-defined]  # a generator
        stop.close()


def recorded(name: str) -> dict[str, dict[str, Any]]:
    """Return a recorded exchange: each step's message."""
    lines = (_RECORDINGS / f"{name}.jsonl").read_text().splitlines()
    return dict(map(json.loads, lines))


def first(client: Client, *, conditional: bool = True) -> dict[str, Any]:
    """Play the recorded beginning; return the collector's monitor request."""
    steps = recorded("monitor_cond" if conditional else "monitor")
    assert client.answer(steps["schema"])["method"] == "get_schema"
    if not conditional:
        refused = client.answer({"result": None, "error": "unknown method"})
        assert refused["method"] == "monitor_cond"
    return client.answer(steps["first"])
