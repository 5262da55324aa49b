"""The CRI over gRPC on a Unix socket: its calls, and its errors as ours."""

from __future__ import annotations

import math
import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar
from urllib.parse import quote

# The library writes to stderr on its own, which on a terminal is the screen.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

import grpc
from google.protobuf.message import DecodeError, Message

from ocnetview.collectors import cri_pb2 as cri
from ocnetview.collectors.cri_sockets import no_cri
from ocnetview.collectors.lifeline import listener
from ocnetview.collectors.main_processes import counts_pids_as_we
from ocnetview.collectors.unix_path import reachable
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.units import one_line

M = TypeVar("M", bound=Message)

_SERVICES = ("runtime.v1.RuntimeService", "runtime.v1alpha2.RuntimeService")
"""The second until Kubernetes 1.25; the numbers of its fields are the same."""
_LIMIT = 16 << 20
"""Bytes of a reply: what the kubelet allows."""
_OPTIONS = (
    # From a socket's path gRPC makes an authority that servers in Go refuse.
    ("grpc.default_authority", "localhost"),
    ("grpc.max_receive_message_length", _LIMIT),
    # Else a new channel inherits the wait after the last one's failure.
    ("grpc.use_local_subchannel_pool", 1),
)
_LIST_SECONDS = 10.0
_STATUS_SECONDS = 3.0
"""One hung shim must not hold up what the runtime says of the others for long."""
_ALL_SECONDS = 5.0
"""After so much of a reading nothing more is asked about single ones."""
_AT_ONCE = 16
"""So many statuses are asked for together."""


@dataclass(slots=True)
class Answers(Generic[M]):
    """What came of asking about several sandboxes or containers, by their ids."""

    found: dict[str, M] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """Those that the runtime does not know any more."""
    troubles: dict[str, str] = field(default_factory=dict)
    """Why it could not tell."""
    unasked: set[str] = field(default_factory=set)
    """Those that the others left no time for."""


class CriClient:
    """A connection to a runtime; `close` from any thread ends its calls."""

    def __init__(self, name: str, path: str) -> None:
        """Connect to this socket; errors bear the source's `name`.

        Raises:
            CollectorError: nobody answers there, or we may not ask.
            SourceAbsentError: there is no such socket.
        """
        self._name = name
        self._service = ""
        self._end = math.inf
        self._reach = ExitStack()
        try:
            path = self._reach.enter_context(reachable(path))
            with _connected(path) as sock:
                self.counts_pids_as_we = counts_pids_as_we(sock)
                """Claims that the pids it tells are those of our /proc."""
                self.listener = listener(sock)
                """The runtime's own process; 0 where we cannot see it."""
        except OSError as error:
            self._reach.close()
            raise _refusal(name, error) from error
        target = f"unix:{quote(os.fsencode(path))}"
        self._channel = grpc.insecure_channel(target, options=_OPTIONS)

    def close(self) -> None:
        """End the connection, and the calls that wait in other threads."""
        self._channel.close()

    def agree(self) -> cri.VersionResponse:
        """Find the version of the API that the runtime speaks; return what it is.

        Raises:
            CollectorError: it does not answer.
            SourceAbsentError: it speaks none that we know.
        """
        request, reply = cri.VersionRequest(), cri.VersionResponse
        # No longer than this: it would keep a container's file system busy.
        with self._reach:
            for self._service in _SERVICES:
                with suppress(SourceAbsentError):
                    return self._ask("Version", request, reply, "ask for CRI")
        raise no_cri(self._name)

    def begin(self) -> None:
        """Begin to ask about single ones: all that follows shares the time for that."""
        self._end = time.monotonic() + _ALL_SECONDS

    def sandboxes(self) -> Iterable[cri.PodSandbox]:
        """Return every sandbox of the runtime."""
        request, reply = cri.ListPodSandboxRequest(), cri.ListPodSandboxResponse
        return self._ask("ListPodSandbox", request, reply, "list sandboxes").items

    def containers(self) -> Iterable[cri.Container]:
        """Return every container of the runtime."""
        request, reply = cri.ListContainersRequest(), cri.ListContainersResponse
        return self._ask("ListContainers", request, reply, "list containers").containers

    def sandbox_statuses(
        self, ids: Iterable[str]
    ) -> Answers[cri.PodSandboxStatusResponse]:
        """Return the verbose status of these sandboxes."""
        requests = {
            one: cri.PodSandboxStatusRequest(pod_sandbox_id=one, verbose=True)
            for one in ids
        }
        return self._each("PodSandboxStatus", requests, cri.PodSandboxStatusResponse)

    def container_statuses(
        self, ids: Iterable[str], *, verbose: bool
    ) -> Answers[cri.ContainerStatusResponse]:
        """Return the status of these containers; the verbose one has the pid."""
        requests = {
            one: cri.ContainerStatusRequest(container_id=one, verbose=verbose)
            for one in ids
        }
        return self._each("ContainerStatus", requests, cri.ContainerStatusResponse)

    def _method(self, method: str) -> Any:  # noqa: ANN401 - the library has no types
        # Without a deserializer: it would log what it cannot read, and hide why.
        return self._channel.unary_unary(f"/{self._service}/{method}")

    def _ask(self, method: str, request: Message, reply: type[M], doing: str) -> M:
        try:
            call = self._method(method)
            answer = call(request.SerializeToString(), timeout=_LIST_SECONDS)
            return reply.FromString(answer)
        except (grpc.RpcError, DecodeError, ValueError) as error:
            raise self._error(doing, error, _LIST_SECONDS) from error

    def _each(
        self, method: str, requests: Mapping[str, Message], reply: type[M]
    ) -> Answers[M]:
        """Ask about each, several at once; fail only where the runtime is gone."""
        answers: Answers[M] = Answers()
        doing = f"ask for {method}"
        pending = iter(requests.items())
        while batch := dict(islice(pending, _AT_ONCE)):
            if time.monotonic() >= self._end:
                answers.unasked.update(batch)
                continue
            try:
                call = self._method(method)
                asked = {
                    one: call.future(r.SerializeToString(), timeout=_STATUS_SECONDS)
                    for one, r in batch.items()
                }
            except ValueError as error:
                raise self._error(doing, error, _STATUS_SECONDS) from error
            for one, future in asked.items():
                try:
                    answers.found[one] = reply.FromString(future.result())
                except (grpc.RpcError, DecodeError, grpc.FutureCancelledError) as error:
                    if _code(error) == grpc.StatusCode.NOT_FOUND:
                        answers.gone.add(one)
                        continue
                    told = self._error(doing, error, _STATUS_SECONDS)
                    if _code(error) in _LOST:
                        raise told from error
                    answers.troubles[one] = told.reason
        return answers

    def _error(self, doing: str, error: Exception, seconds: float) -> CollectorError:
        """Return what a failed call means to the user, and what would help."""
        code, said = _code(error), one_line(getattr(error, "details", str)() or "")
        match code:
            case grpc.StatusCode.UNIMPLEMENTED:
                reason = f"not served there: {said}"
                return SourceAbsentError(self._name, doing, reason)
            case grpc.StatusCode.UNAVAILABLE:
                hint = "is the runtime up?"
                return CollectorError(self._name, doing, said or "no answer", hint)
            case grpc.StatusCode.DEADLINE_EXCEEDED:
                reason = f"no answer within {seconds:g} s"
                return CollectorError(self._name, doing, reason, "does it hang?")
            case grpc.StatusCode.CANCELLED:
                return CollectorError(self._name, doing, "the connection was closed")
            case None:
                return CollectorError(self._name, doing, "its reply is not the CRI's")
        return CollectorError(self._name, doing, said or str(code.name))


_LOST = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED})
"""After these the connection is of no more use."""


def _code(error: Exception) -> Any:  # noqa: ANN401 - the library has no types
    """Return the status of a call; None where what was read is no CRI message."""
    if isinstance(error, DecodeError):
        return None
    if isinstance(error, grpc.RpcError):
        return error.code()
    # What a closed channel raises, without a status.
    return grpc.StatusCode.CANCELLED


@contextmanager
def _connected(path: str) -> Iterator[socket.socket]:
    """Connect once, for gRPC puts in words what hinders.

    Raises:
        OSError: what hinders.
    """
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(_LIST_SECONDS)
        sock.connect(path)
        yield sock


def _refusal(name: str, error: OSError) -> CollectorError:
    """Return why a socket cannot be connected to, and what would help."""
    doing = "connect"
    match error:
        case FileNotFoundError() | NotADirectoryError():
            hint = "is the runtime running here?"
            return SourceAbsentError(name, doing, "no such socket", hint)
        case PermissionError():
            return CollectorError(name, doing, "permission denied", "needs root")
        case ConnectionRefusedError():
            return CollectorError(name, doing, "no runtime answers", "is it up?")
        case BlockingIOError():
            reason = "it takes no connections"
            return CollectorError(name, doing, reason, "does it hang?")
    return CollectorError(name, doing, error.strerror or str(error))
