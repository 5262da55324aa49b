"""A real gRPC server that speaks the CRI on a Unix socket, as a test scripts it."""

from __future__ import annotations

import gzip
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message

from ocnetview.collectors import cri_pb2 as cri

RECORDINGS = Path(__file__).parents[1] / "recordings" / "cri"
V1 = "runtime.v1.RuntimeService"
V1ALPHA2 = "runtime.v1alpha2.RuntimeService"
Info = dict[str, Any]


class Runtime:
    """What the server answers; tests change it as they go."""

    def __init__(self) -> None:
        self.services = {V1, V1ALPHA2}
        self.version = cri.VersionResponse(
            version="0.1.0",
            runtime_name="cri-o",
            runtime_version="1.29.13",
            runtime_api_version="v1",
        )
        self.sandboxes: dict[str, cri.PodSandbox] = {}
        self.containers: dict[str, cri.Container] = {}
        self.sandbox_statuses: dict[str, cri.PodSandboxStatusResponse] = {}
        """A sandbox that is not here is told to be gone."""
        self.container_statuses: dict[str, cri.ContainerStatusResponse] = {}
        self.asked: Counter[str] = Counter()
        """How often each method was called."""
        self.paths: set[str] = set()
        """The full names of what was called."""
        self.verbose: Counter[str] = Counter()
        """How often each sandbox or container was asked for verbosely."""
        self.failures: dict[str, tuple[grpc.StatusCode, str]] = {}
        """The status that a method ends with, or the status of one id."""
        self.raw: dict[str, bytes] = {}
        """What a method answers instead of a message."""
        self.hold: dict[str, threading.Event] = {}
        """A method that waits for its event before it answers."""
        self.held = threading.Event()
        """Set once such a method was called."""

    def sandbox(self, number: int) -> cri.PodSandbox:
        """Add a sandbox that is ready, with an empty status."""
        one = cri.PodSandbox(id=f"{number:064x}", created_at=number * 10**9)
        one.metadata.name, one.metadata.namespace = f"pod{number}", "demo"
        one.metadata.uid = f"uid-{number}"
        self.sandboxes[one.id] = one
        self.told(one.id)
        return one

    def container(self, number: int, sandbox: cri.PodSandbox) -> cri.Container:
        """Add a container that runs, of this sandbox."""
        one = cri.Container(
            id=f"{number:064x}",
            pod_sandbox_id=sandbox.id,
            state=cri.CONTAINER_RUNNING,
            created_at=number * 10**9,
        )
        one.metadata.name = f"box{number}"
        self.containers[one.id] = one
        self.container_statuses[one.id] = cri.ContainerStatusResponse()
        return one

    def told(
        self,
        sandbox: str,
        info: object = None,
        status: cri.PodSandboxStatus | None = None,
    ) -> None:
        """Let this be the status of a sandbox, with a verbose part unless None."""
        reply = cri.PodSandboxStatusResponse(status=status)
        if info is not None:
            reply.info["info"] = json.dumps(info)
        self.sandbox_statuses[sandbox] = reply

    def container_told(
        self, container: str, pid: object, status: cri.ContainerStatus | None = None
    ) -> None:
        """Let this be the status of a container."""
        reply = cri.ContainerStatusResponse(status=status)
        reply.info["info"] = json.dumps({"pid": pid})
        self.container_statuses[container] = reply

    def remove(self, one: cri.PodSandbox | cri.Container) -> None:
        """Forget a sandbox or container."""
        self.sandboxes.pop(one.id, None)
        self.containers.pop(one.id, None)
        self.sandbox_statuses.pop(one.id, None)
        self.container_statuses.pop(one.id, None)

    def answer(
        self, method: str, body: bytes, context: grpc.ServicerContext
    ) -> Message | bytes:
        """Return what a call is answered with."""
        self.asked[method] += 1
        if method in self.hold:
            self.held.set()
            self.hold[method].wait()
        if method in self.failures:
            context.abort(*self.failures[method])
        if method in self.raw:
            return self.raw[method]
        if method == "Version":
            return self.version
        if method == "ListPodSandbox":
            return cri.ListPodSandboxResponse(items=self.sandboxes.values())
        if method == "ListContainers":
            return cri.ListContainersResponse(containers=self.containers.values())
        return self._status(method, body, context)

    def _status(
        self, method: str, body: bytes, context: grpc.ServicerContext
    ) -> Message:
        """Return the status of one sandbox or container."""
        if method == "PodSandboxStatus":
            asked = cri.PodSandboxStatusRequest.FromString(body)
            one, verbose = asked.pod_sandbox_id, asked.verbose
            reply: Message | None = self.sandbox_statuses.get(one)
        else:
            told = cri.ContainerStatusRequest.FromString(body)
            one, verbose = told.container_id, told.verbose
            reply = self.container_statuses.get(one)
        self.verbose[one] += verbose
        if one in self.failures:
            context.abort(*self.failures[one])
        if reply is None:
            context.abort(grpc.StatusCode.NOT_FOUND, f'"{one}" not found')
        assert reply is not None
        return reply


class _Calls(grpc.GenericRpcHandler):  # type: ignore[misc]  # the library has no types
    """Takes every call, whatever its name."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def service(self, call: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """Return who answers; None makes it UNIMPLEMENTED."""
        runtime = self._runtime
        runtime.paths.add(call.method)
        _, service, method = call.method.split("/")
        if service not in runtime.services:
            return None

        def answer(body: bytes, context: grpc.ServicerContext) -> bytes:
            reply = runtime.answer(method, body, context)
            return reply if isinstance(reply, bytes) else reply.SerializeToString()

        return grpc.unary_unary_rpc_method_handler(answer)


@contextmanager
def cri_server(
    path: str = "", runtime: Runtime | None = None
) -> Iterator[tuple[Runtime, str]]:
    """Give a running server and its socket's path, in a folder of its own or given."""
    runtime = runtime or Runtime()
    with tempfile.TemporaryDirectory() as folder, futures.ThreadPoolExecutor() as pool:
        path = path or f"{folder}/cri.sock"
        server = grpc.server(pool, options=[("grpc.so_reuseport", 0)])
        server.add_generic_rpc_handlers((_Calls(runtime),))
        server.add_insecure_port(f"unix:{path}")
        server.start()
        try:
            yield runtime, path
        finally:
            for event in runtime.hold.values():
                event.set()
            server.stop(None).wait()


def recorded(node: str) -> Runtime:
    """Return a runtime that answers as the one of a recorded node did.

    The recording is crictl's: version, the items of both lists, and of each status
    the part that is read; `info` is an object there and a string on the wire.
    """
    with gzip.open(RECORDINGS / f"{node}.json.gz") as file:
        said = json.load(file)
    runtime = Runtime()
    runtime.version = ParseDict(said["version"], cri.VersionResponse())
    for entry in said["sandboxes"]:
        sandbox = ParseDict(entry, cri.PodSandbox())
        runtime.sandboxes[sandbox.id] = sandbox
    for entry in said["containers"]:
        container = ParseDict(entry, cri.Container())
        runtime.containers[container.id] = container
    for one, status in said["sandbox_statuses"].items():
        info = status.pop("info", None)
        runtime.sandbox_statuses[one] = ParseDict(
            status, cri.PodSandboxStatusResponse()
        )
        if info is not None:
            runtime.sandbox_statuses[one].info["info"] = json.dumps(info)
    for one, status in said["container_statuses"].items():
        info = status.pop("info")
        runtime.container_statuses[one] = ParseDict(
            status, cri.ContainerStatusResponse()
        )
        runtime.container_statuses[one].info["info"] = json.dumps(info)
    return runtime


def recorded_processes(node: str) -> dict[int, str]:
    """Return the /proc/PID/cgroup of the recorded node's processes."""
    with gzip.open(RECORDINGS / f"{node}.json.gz") as file:
        said = json.load(file)
    return {int(pid): text for pid, text in said["processes"].items()}
