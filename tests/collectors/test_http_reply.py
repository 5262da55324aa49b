"""Answers by HTTP, whole ones and others."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.collectors.http_reply import CutShortError, Reply

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


@contextmanager
def answered(said: bytes) -> Iterator[Reply]:
    """Give what is read of an answer whose sender has hung up."""
    ours, theirs = socket.socketpair()
    with closing(ours):
        with closing(theirs):
            theirs.sendall(said)
        with closing(Reply(ours)) as reply:
            yield reply


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (OK + b"Content-Length: 2\r\n\r\nOK and more", b"OK"),
        (OK + b"content-LENGTH:0\r\n\r\n", b""),
        (OK + b"\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200\n\nold", b"old"),
        (CHUNKED + b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", b"abc0123456789"),
        (CHUNKED + b"0\r\nTrailer: x\r\n\r\n", b""),
        (OK + b"Content-Length: 9\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", b""),
    ],
)
def test_a_body_ends_where_its_head_says(said: bytes, body: bytes) -> None:
    """After so many bytes, the last chunk, or with the connection."""
    with answered(said) as reply:
        assert (reply.status, reply.body.read()) == (200, body)
        assert reply.body.read() == b""


@given(st.lists(st.binary(min_size=1)))
def test_chunks_are_one_body(chunks: list[bytes]) -> None:
    """However it was cut, lines are read across the cuts, and nothing else is."""
    body = b"".join(chunks)
    said = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in chunks)
    with answered(CHUNKED + said + b"0\r\n\r\n") as reply:
        assert b"".join(iter(reply.body.readline, b"")) == body


@pytest.mark.parametrize(
    "said",
    [
        b"",
        OK,
        OK + b"Content-Le",
        OK + b"Content-Length: 3\r\n\r\nab",
        CHUNKED,
        CHUNKED + b"3",
        CHUNKED + b"3\r\nab",
        CHUNKED + b"3\r\nabc\r\n",
    ],
)
def test_an_answer_that_is_cut_short_is_an_error(said: bytes) -> None:
    """Half of a list is none, wherever the daemon died."""
    with pytest.raises(CutShortError, match="ended within"), answered(said) as reply:
        reply.body.read()


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        OK + b"Content-Length: -1\r\n\r\n",
        OK + b"Content-Length: 1_0\r\n\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"\r\n\r\n",
        OK + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
def test_what_is_no_http_is_an_error(said: bytes) -> None:
    """Whoever answers may be a container, and say anything."""
    with (
        pytest.raises(ValueError, match=r"no HTTP|too long a head"),
        answered(said) as reply,
    ):
        reply.body.read()
