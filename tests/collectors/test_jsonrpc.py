"""OVSDB's JSON-RPC: framing, remotes, echoes and silence."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors.base import Stop
from ocnetview.collectors.jsonrpc import Peer, Splitter, address, connect

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_MESSAGES = st.lists(st.dictionaries(st.text(), _VALUES), max_size=4)
_HOSTILE = st.text(alphabet='"\\{}[], \x1bäa', max_size=12)


@pytest.fixture
def stop() -> Iterator[Stop]:
    """Give a stop that nobody has set."""
    stop = Stop()
    yield stop
    stop.close()


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Give both ends of a connection; the first does not block."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)  # noqa: FBT003 - the socket module's own
    with ours, theirs:
        yield ours, theirs


@given(
    _MESSAGES | st.lists(st.fixed_dictionaries({"name": _HOSTILE}), max_size=4),
    st.lists(st.integers(1, 9), min_size=1),
    st.sampled_from(["", " ", "\n\t"]),
)
def test_any_chunking_gives_the_same_messages(
    messages: list[dict[str, Any]], sizes: list[int], space: str
) -> None:
    """However the stream is cut, the same messages come out, each when it is whole."""
    texts = [json.dumps(m, ensure_ascii=len(sizes) > 1) + space for m in messages]
    stream = "".join(texts).encode()
    whole = Splitter().feed(stream)
    splitter, found, rest = Splitter(), [], stream
    while rest:
        for size in sizes:
            found += splitter.feed(rest[:size])
            rest = rest[size:]
    assert whole == found == messages


def test_a_message_is_given_with_its_last_byte() -> None:
    """Nothing has to follow a message for it to be seen."""
    splitter = Splitter()
    assert splitter.feed(b'{"a": "}') == []
    assert splitter.feed(b'\\"}"') == []
    assert splitter.feed(b'}{"b"') == [{"a": '}"}'}]
    assert splitter.feed(b":1}") == [{"b": 1}]


@pytest.mark.parametrize(
    "stream",
    [
        b"SSH-2.0-OpenSSH",
        b"[1]",
        b'[{"a":1}]',
        b"}",
        b'{"a":1}}',
        b'{"a":1}x',
        b'"{}"',
        b'{"a":}',
        b"{'a':1}",
        b"\xff\xfe{",
        b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_a_stream_of_something_else_is_refused(stream: bytes) -> None:
    """What is no JSON object is a ValueError, not a wait for more."""
    with pytest.raises(ValueError, match=r"."):
        Splitter().feed(stream)


def test_a_message_without_an_end_is_refused() -> None:
    """A message that grows past the limit is a ValueError, wherever it is cut."""
    splitter = Splitter(limit=1000)
    assert splitter.feed(b'{"a":"' + b"x" * 900) == []
    with pytest.raises(ValueError, match="more than 1000 characters"):
        splitter.feed(b"x" * 100)


def test_the_limit_is_for_one_message() -> None:
    """Many messages may be longer than the limit together."""
    message = b'{"a":"' + b"x" * 600 + b'"}'
    splitter = Splitter(limit=1000)
    assert sum(len(splitter.feed(message)) for _ in range(5)) == 5


def test_remotes_are_read_as_ovs_writes_them() -> None:
    """unix:PATH and tcp:HOST:PORT are understood, with OVSDB's port by default."""
    assert address("unix:/run/db.sock") == (socket.AF_UNIX, "/run/db.sock")
    assert address("tcp:127.0.0.1:1234") == (socket.AF_INET, ("127.0.0.1", 1234))
    assert address("tcp:127.0.0.1")[1][1] == 6640
    assert address("tcp:[::1]:1234")[1][:2] == ("::1", 1234)


@pytest.mark.parametrize(
    "remote", ["", "unix:", "tcp:", "tcp::1", "ssl:127.0.0.1:6640", "/run/db.sock"]
)
def test_other_remotes_are_refused(remote: str) -> None:
    """A remote that cannot be used is a ValueError that says what can."""
    with pytest.raises(ValueError, match="unix:PATH or tcp:HOST:PORT"):
        address(remote)


def test_a_tcp_remote_is_connected_to(stop: Stop) -> None:
    """A connection over TCP carries messages, as one over a Unix socket."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = f"tcp:127.0.0.1:{server.getsockname()[1]}"
        with connect(remote, stop) as sock:
            other, _ = server.accept()
            with other:
                other.sendall(b'{"method":"update"}')
                assert Peer(sock, stop).receive() == [{"method": "update"}]


def test_a_unix_remote_with_a_long_path_is_connected_to(
    stop: Stop, tmp_path: Path
) -> None:
    """From another root a path may be longer than a socket's address holds."""
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "db.sock"))
        server.listen()
        (folder / "db.sock").symlink_to(tmp_path / "db.sock")
        with connect(f"unix:{folder}/db.sock", stop):
            server.accept()[0].close()


def test_a_closed_tcp_port_is_refused(stop: Stop) -> None:
    """A port that nobody listens on is the kernel's own error."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        remote = f"tcp:127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ConnectionRefusedError):
        connect(remote, stop)


def test_an_echo_is_answered_and_not_given(
    ends: tuple[socket.socket, socket.socket], stop: Stop
) -> None:
    """The peer's echo gets its params back, and only what it sent besides is given."""
    ours, theirs = ends
    theirs.sendall(b'{"method":"echo","params":["x",1],"id":"e"}{"method":"update"}')
    assert Peer(ours, stop).receive() == [{"method": "update"}]
    reply = json.loads(theirs.recv(1000))
    assert reply == {"result": ["x", 1], "error": None, "id": "e"}


def test_what_follows_a_reply_is_kept(
    ends: tuple[socket.socket, socket.socket], stop: Stop
) -> None:
    """A notification in the same packet as the reply is given by the next read."""
    ours, theirs = ends
    theirs.sendall(b'{"method":"locked"}{"id":1,"result":[]}{"method":"update"}')
    peer = Peer(ours, stop)
    assert peer.call("list_dbs", []) == {"id": 1, "result": []}
    assert json.loads(theirs.recv(1000)) == {
        "method": "list_dbs",
        "params": [],
        "id": 1,
    }
    assert peer.receive() == [{"method": "update"}]


def test_a_peer_without_a_sign_of_life_is_given_up(
    ends: tuple[socket.socket, socket.socket], stop: Stop
) -> None:
    """Silence is asked about by an echo, and more silence ends the connection."""
    ours, theirs = ends
    with pytest.raises(TimeoutError, match="nothing heard"):
        Peer(ours, stop, probe=0.01).receive()
    assert json.loads(theirs.recv(1000))["method"] == "echo"


def test_a_peer_that_answers_our_echo_lives(
    ends: tuple[socket.socket, socket.socket], stop: Stop
) -> None:
    """A quiet peer that answers is waited for; its answers are not messages."""
    ours, theirs = ends

    def answer() -> None:
        for _ in range(3):
            asked = json.loads(theirs.recv(1000))
            theirs.sendall(json.dumps({"id": asked["id"], "result": []}).encode())
        theirs.sendall(b'{"method":"update"}')

    other = threading.Thread(target=answer)
    other.start()
    assert Peer(ours, stop, probe=0.1).receive() == [{"method": "update"}]
    other.join()


def test_a_peer_that_reads_nothing_is_given_up(
    ends: tuple[socket.socket, socket.socket], stop: Stop
) -> None:
    """Echoes whose answers are never read do not pile up for ever."""
    ours, theirs = ends
    echo = json.dumps({"method": "echo", "params": ["x" * 60_000], "id": 1}).encode()

    def flood() -> None:
        with suppress(OSError):
            while True:
                theirs.sendall(echo)

    other = threading.Thread(target=flood)
    other.start()
    with pytest.raises(ConnectionAbortedError, match="reads no replies"):
        Peer(ours, stop).receive()
    ours.close()
    other.join()


def test_a_peer_that_hangs_up_is_gone(
    ends: tuple[socket.socket, socket.socket], stop: Stop
) -> None:
    """The end of the stream is an error, in a request as between them."""
    ours, theirs = ends
    peer = Peer(ours, stop)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionResetError):
        peer.call("list_dbs", [])
    with pytest.raises(ConnectionResetError):
        peer.receive()


def test_a_wait_ends_at_once_on_stop(
    ends: tuple[socket.socket, socket.socket], stop: Stop
) -> None:
    """Told to stop, a read gives nothing and a request is interrupted."""
    peer = Peer(ends[0], stop)
    threading.Timer(0.01, stop.set).start()
    assert peer.receive() == []
    with pytest.raises(InterruptedError):
        peer.call("list_dbs", [])
