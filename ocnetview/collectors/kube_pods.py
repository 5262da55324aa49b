"""The pods of one node as the API tells them: all of them once, then each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial

from ocnetview.collectors.base import How, Stale, Stop
from ocnetview.collectors.kube_client import Api
from ocnetview.collectors.kube_reply import (
    GONE,
    Key,
    PodEvent,
    PodPage,
    StatusError,
    key_of,
    read_page,
)
from ocnetview.collectors.kube_rest import Rest
from ocnetview.collectors.kube_watch import PodWatch
from ocnetview.collectors.node_name import NodeName
from ocnetview.collectors.request import ask_unless_stopped
from ocnetview.errors import CollectorError
from ocnetview.facts import KubeFacts, KubePod

PODS = "/api/v1/pods"
_PAGE = {"limit": "500"}
"""Pods asked for at once; a node has some hundred."""
_WATCH_SECONDS = 120
"""The API is asked to end a watch after this long, so that its end is noticed."""
_SILENCE_SECONDS = 150.0
"""A watch that is silent for longer than it may last is dead."""
_BURST_SECONDS = 0.1
"""Events that come so close together are given at once."""


class NodePods:
    """The pods of a node, as far as the API told of them."""

    def __init__(
        self, api: Api, node: NodeName, confirm: Callable[[NodeName], NodeName]
    ) -> None:
        """Ask this API for the pods of a node; `confirm` asks for the node itself."""
        self.listed = False
        """Claims that the API accepted our credential."""
        self._api, self._node, self._confirm = api, node, confirm
        self._selector = {"fieldSelector": f"spec.nodeName={node.name}"}
        # At first any version will do, which the API server has in memory, by node.
        self._least = {"resourceVersion": "0"}
        self._pods: dict[Key, KubePod] = {}
        self._version = ""
        self._shown: KubeFacts | None = None

    def follow(self, stop: Stop, rest: Rest) -> Iterator[KubeFacts | How | Stale]:
        """Yield all pods, then again after each burst of events that changed them.

        Each list, each watch that is accepted, and each event, confirms them.

        Raises:
            StatusError: the API refuses.
            CollectorError: it does not answer, or not as the API does.
        """
        yield How("watch")
        while not stop:
            try:
                yield from self._once(stop, rest)
            except StatusError as error:
                if error.code != GONE:
                    raise
                # A version in memory that was too old would be so once more.
                self._least = {}
                yield Stale("the API forgot what was watched: listing all again")
            rest.before_next(stop)

    def _once(self, stop: Stop, rest: Rest) -> Iterator[KubeFacts | Stale]:
        """Yield the facts of one list and of the watches after it.

        A watch that ends, or is cut, goes on from the last version that was told.
        """
        pods, self._version = ask_unless_stopped(stop, self._list)
        self._pods = {key_of(pod): pod for pod in pods}
        yield self._facts()
        while not stop:
            yield from self._watch(stop)
            rest.before_next(stop)

    def _list(self) -> tuple[list[KubePod], str]:
        """Return the pods of all pages and the version of the first one.

        What changes while the others are read is told once more by the watch.
        """
        query = {**self._selector, **_PAGE, **self._least}
        pods: list[KubePod] = []
        version = ""
        while True:
            page = self._page(query)
            version = version or page.version
            pods += page.pods
            if not page.more:
                break
            query = {**self._selector, **_PAGE, "continue": page.more}
        if not self.listed and (self._node.guessed or not pods):
            self._node = self._confirm(self._node)
        self.listed = True
        return pods, version

    def _page(self, query: Mapping[str, str]) -> PodPage:
        try:
            return read_page(self._api.get(PODS, query))
        except ValueError as error:
            raise CollectorError("kube", f"read {PODS}", str(error)) from error

    def _facts(self) -> KubeFacts:
        """Return the facts; the same ones again when nothing changed."""
        pods = tuple(self._pods[key] for key in sorted(self._pods))
        facts = KubeFacts(self._node.name, pods, self._node.origin)
        if facts != self._shown:
            self._shown = facts
        return self._shown or facts

    def _watch(self, stop: Stop) -> Iterator[KubeFacts | Stale]:
        """Yield the facts after each burst of events, until the watch ends.

        It begins with what happened since the version that was told last.
        """
        query = {
            **self._selector,
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(_WATCH_SECONDS),
        }
        ask = partial(self._api.stream, PODS, query, _SILENCE_SECONDS)
        stream = ask_unless_stopped(stop, ask, lambda late: late.close())
        with closing(PodWatch(stream)) as watch, stop.closing(watch.happened.set):
            yield self._facts()
            while not (watch.ended or stop):
                watch.happened.wait()
                stop.wait(_BURST_SECONDS)
                if events := watch.take():
                    self._apply(events)
                    yield self._facts()
            try:
                watch.check()
            except ValueError as error:
                raise CollectorError("kube", f"watch {PODS}", str(error)) from error
            if watch.broken and not stop:
                yield Stale("the watch broke")

    def _apply(self, events: Iterable[PodEvent]) -> None:
        """Take these changes in."""
        for event in events:
            self._version = event.version or self._version
            if event.pod is not None:
                self._pods[key_of(event.pod)] = event.pod
            elif event.key is not None:
                self._pods.pop(event.key, None)
