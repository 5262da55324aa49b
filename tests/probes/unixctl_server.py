"""A scripted daemon behind a control socket, as ovs-vswitchd has one."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Request = dict[str, Any]
Reply = dict[str, Any] | None


@contextmanager
def daemon(
    folder: Path,
    answer: Callable[[Request], Reply],
    pid: int = 711,
    *,
    told: bool = True,
) -> Iterator[list[Request]]:
    """Give what is asked; `answer` gives a reply, or None to stay silent.

    `told` claims that its pid file names it.
    """
    asked: list[Request] = []
    if told:
        (folder / "ovs-vswitchd.pid").write_text(f"{pid}\n")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / f"ovs-vswitchd.{pid}.ctl"))
        listener.listen()
        thread = threading.Thread(target=_serve, args=(listener, asked, answer))
        thread.start()
        try:
            yield asked
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(
    listener: socket.socket, asked: list[Request], answer: Callable[[Request], Reply]
) -> None:
    """Answer one client after the other, until the listener is shut."""
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client:
            _talk(client, asked, answer)


def _talk(
    client: socket.socket, asked: list[Request], answer: Callable[[Request], Reply]
) -> None:
    """Answer a client until it hangs up."""
    text = ""
    while data := client.recv(1 << 16):
        text += data.decode()
        try:
            request, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            continue
        text = text[end:]
        asked.append(request)
        reply = answer(request)
        if reply is not None:
            client.sendall(json.dumps({"id": request["id"], **reply}).encode())
