"""A scripted Kubernetes API server: pods of a node, listed, watched, cut and gone."""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from collectors.kube_http import Query, Server
from collectors.kube_shapes import NODE, Json, status


class KubeServer:
    """An API server on a port of the loopback, while it is entered.

    What it answers can be changed at any time; it answers as the API does: versions
    grow with each event, and a watch begins after the version that it names.
    """

    def __init__(
        self, pods: Iterable[Json] = (), tls: ssl.SSLContext | None = None
    ) -> None:
        self.nodes: dict[str, Json] = {NODE: {"metadata": {"name": NODE}}}
        """What is known of each node; others are answered with 404."""
        self.token = ""
        """The bearer token that is asked for; empty: everybody may ask."""
        self.page = 0
        """Pods on a page at most; 0: as many as asked for."""
        self.chunk = 0
        """Bytes written at once in a watch; 0: an event at once."""
        self.failures: list[tuple[int, object]] = []
        """HTTP statuses and bodies that the next requests are answered with."""
        self.answers: dict[str, tuple[int, object]] = {}
        """HTTP statuses and bodies of paths that are answered otherwise than usual."""
        self.requests: list[tuple[str, Query]] = []
        """The path and the query of each request."""
        self.headers: list[Query] = []
        """The headers of each request."""
        self.clients: set[str] = set()
        """The common names of the certificates that clients showed."""
        self.hold = threading.Event()
        """Requests are answered when this is set."""
        self.hold.set()
        self.asked = threading.Event()
        """Set once anything is asked."""
        self._oldest = 0
        self._events: list[tuple[int, bytes]] = []
        self._pods = {_key(pod): pod for pod in pods}
        self._version = 100
        self._cuts = self._ends = self._last = 0
        self._open = True
        self._news = threading.Condition()
        self._server = Server(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.hold.set()
        with self._news:
            self._open = False
            self._news.notify_all()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return its address."""
        scheme = "https" if self._server.tls else "http"
        return f"{scheme}://127.0.0.1:{self._server.server_port}"

    @property
    def lists(self) -> list[Query]:
        """Return the query of each list of pods that was asked for."""
        return [q for p, q in self.requests if p.endswith("/pods") and "watch" not in q]

    @property
    def watches(self) -> list[Query]:
        """Return the query of each watch that was asked for."""
        return [q for p, q in self.requests if "watch" in q]

    def kubeconfig(
        self, path: Path, cluster: Json | None = None, **user: object
    ) -> str:
        """Write a kubeconfig for this server, in JSON, which is YAML; return its path.

        A token is written for who does not say whom to be.
        """
        known = {"server": self.url, **(cluster or {})}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": known}],
            "users": [{"name": "u", "user": user or {"token": self.token or "any"}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        path.write_text(json.dumps(config))
        return str(path)

    def event(self, kind: str, pod: Json) -> None:
        """Let a pod be ADDED, MODIFIED or DELETED, and tell all who watch."""
        with self._news:
            self._version += 1
            self._pods.pop(_key(pod), None)
            if kind != "DELETED":
                self._pods[_key(pod)] = pod
            self._tell(kind, _versioned(pod, self._version))

    def bookmark(self) -> None:
        """Tell that nothing happened to this node's pods up to a newer version."""
        with self._news:
            self._version += 10
            about = {"resourceVersion": str(self._version)}
            self._tell("BOOKMARK", {"kind": "Pod", "metadata": about})

    def gone(self) -> None:
        """Tell those who watch that their version is no longer kept, by an event."""
        with self._news:
            self._version += 1
            self._oldest = self._version
            self._tell("ERROR", status(410, "too old resource version"))

    def compact(self) -> None:
        """Forget all versions until now: who watches from one is answered 410."""
        with self._news:
            self._version += 1
            self._oldest = self._version

    def raw(self, line: bytes) -> None:
        """Tell those who watch just this."""
        with self._news:
            self._version += 1
            self._events.append((self._version, line))
            self._news.notify_all()

    def drop(self) -> None:
        """Cut every watch in the middle of an event."""
        with self._news:
            self._cuts, self._last = self._cuts + 1, len(self._events)
            self._news.notify_all()

    def end(self) -> None:
        """End every watch as the API does when its time is over."""
        with self._news:
            self._ends, self._last = self._ends + 1, len(self._events)
            self._news.notify_all()

    def wait_for_watches(self, count: int) -> None:
        """Wait until so many watches were asked for."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.watches) >= count, 30)

    def _tell(self, kind: str, item: Json) -> None:
        line = json.dumps({"type": kind, "object": item}).encode()
        self._events.append((self._version, line))
        self._news.notify_all()

    def note(self, path: str, query: Query, headers: Query) -> tuple[int, int]:
        """Note a request; return how many cuts and ends there were before it."""
        with self._news:
            before = self._cuts, self._ends
            self.requests.append((path, query))
            self.headers.append(headers)
            self._news.notify_all()
        self.asked.set()
        return before

    def listed(self, query: Query) -> Json:
        """Return a page of the pods."""
        with self._news:
            first = int(query.get("continue", "0").partition(":")[2] or 0)
            version = query.get("continue", "").partition(":")[0] or str(self._version)
            every = [_versioned(pod, 1) for pod in self._pods.values()]
        last = first + (self.page or int(query.get("limit", len(every) or 1)))
        about = {"resourceVersion": version}
        if last < len(every):
            about["continue"] = f"{version}:{last}"
        return {"kind": "PodList", "metadata": about, "items": every[first:last]}

    def kept(self, version: int) -> bool:
        """Claim that a watch can begin after this version."""
        with self._news:
            return version >= self._oldest

    def told(
        self, before: tuple[int, int], version: int, seconds: float
    ) -> Iterator[bytes | None]:
        """Yield what happens after a version; None when the connection is to be cut.

        Those cuts and ends that were `before` were of other watches.
        """
        seen, deadline = 0, time.monotonic() + seconds
        while True:
            with self._news:
                self._wait(before, seen, deadline)
                cut, end = before[0] != self._cuts, before[1] != self._ends
                known = self._events[: self._last] if cut or end else self._events
                fresh = [line for at, line in known[seen:] if at > version]
                seen, over = len(known), end or not self._open
            yield from fresh
            if cut:
                yield None
            if cut or over or time.monotonic() >= deadline:
                return

    def _wait(self, before: tuple[int, int], seen: int, deadline: float) -> None:
        """Wait until there is something to tell, or the watch is over."""
        while (
            self._open
            and before == (self._cuts, self._ends)
            and len(self._events) <= seen
            and time.monotonic() < deadline
        ):
            self._news.wait(deadline - time.monotonic())


def _key(pod: Json) -> tuple[str, str]:
    return pod["metadata"].get("namespace", ""), pod["metadata"]["name"]


def _versioned(pod: Json, version: int) -> Json:
    return {**pod, "metadata": {**pod["metadata"], "resourceVersion": str(version)}}
