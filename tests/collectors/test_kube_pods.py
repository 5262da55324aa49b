"""A node's pods by list and watch: pages, versions, cuts, and what is gone."""

from __future__ import annotations

from pathlib import Path

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import NODE, made_pod, recorded_pods, status
from collectors.kube_watching import asking, by_name, watching
from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.kube import KubeCollector
from ocnetview.errors import CollectorError

pytestmark = pytest.mark.usefixtures("no_cluster")


def test_a_nodes_pods_come_in_pages_and_in_order(tmp_path: Path) -> None:
    """All pages are read, of this node's pods alone, by namespace and name."""
    with KubeServer(recorded_pods("crio-openshift-sdn")) as server:
        server.page = 4
        with watching(asking(server, tmp_path)) as told:
            facts = told.next()
    names = [(pod.namespace, pod.name) for pod in facts.pods]
    assert (facts.node, facts.name_from) == (NODE, "given")
    assert len(names) == 21
    assert names == sorted(names)
    assert {q["fieldSelector"] for q in server.lists} == {f"spec.nodeName={NODE}"}
    assert [q.get("continue") for q in server.lists] == [
        *(None, "100:4", "100:8", "100:12", "100:16", "100:20")
    ]


def test_events_change_the_pods(tmp_path: Path) -> None:
    """Pods come, change and go, without another list."""
    with (
        KubeServer([made_pod("old")]) as server,
        watching(asking(server, tmp_path)) as told,
    ):
        assert [*by_name(told.next())] == ["old"]
        server.event("ADDED", made_pod("new", phase="Pending"))
        assert by_name(told.next())["new"].phase == "Pending"
        server.event("MODIFIED", made_pod("new"))
        assert by_name(told.next())["new"].phase == "Running"
        server.event("DELETED", made_pod("old"))
        assert [*by_name(told.next())] == ["new"]
        assert (len(server.lists), len(server.watches)) == (1, 1)
        assert server.watches[0]["allowWatchBookmarks"] == "true"
        assert int(server.watches[0]["timeoutSeconds"]) > 0


def test_a_burst_of_events_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many changes make few fact sets, the last of them whole."""
    monkeypatch.setattr("ocnetview.collectors.kube_pods._BURST_SECONDS", 0.5)
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        for number in range(200):
            server.event("ADDED", made_pod(f"p{number}"))
        counts = [len(told.next().pods)]
        while counts[-1] < 200:
            counts.append(len(told.next().pods))
    assert len(counts) < 20


def test_an_event_that_changes_nothing_we_show_is_not_told(tmp_path: Path) -> None:
    """A heartbeat in a field that is not read makes no new facts."""
    with (
        KubeServer([made_pod("a")]) as server,
        watching(asking(server, tmp_path)) as told,
    ):
        told.next()
        server.event("MODIFIED", made_pod("a", conditions=[{"type": "Ready"}]))
        server.bookmark()
        server.event("ADDED", made_pod("b"))
        assert [*by_name(told.next())] == ["a", "b"]


def test_events_may_be_split_anywhere_and_long(tmp_path: Path) -> None:
    """A line arrives byte by byte, or is larger than any piece that is read."""
    huge = made_pod("huge", message="x" * 1_500_000)
    huge["metadata"]["labels"] = {"é": "\u2028\n"}
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        server.chunk = 1
        server.event("ADDED", made_pod("tiny"))
        assert [*by_name(told.next())] == ["tiny"]
        server.chunk = 7919
        server.event("ADDED", huge)
        assert by_name(told.next())["huge"].labels == {"é": "\u2028\n"}


def test_a_bookmark_moves_the_version_to_go_on_from(tmp_path: Path) -> None:
    """After it a cut watch is resumed from there, where nothing is forgotten yet."""
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        server.event("ADDED", made_pod("a"))
        told.next()
        server.bookmark()
        server.event("ADDED", made_pod("b"))
        told.next()
        server.bookmark()
        server.end()
        server.event("ADDED", made_pod("c"))
        assert len(told.next().pods) == 3
        assert len(server.lists) == 1
        assert [q["resourceVersion"] for q in server.watches] == ["100", "122"]


@pytest.mark.parametrize("how", ["drop", "end"])
def test_a_watch_that_is_cut_or_over_is_resumed(tmp_path: Path, how: str) -> None:
    """It goes on after the last event that came whole; no list is needed."""
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        server.event("ADDED", made_pod("a"))
        told.next()
        getattr(server, how)()
        server.event("ADDED", made_pod("b"))
        assert [*by_name(told.next())] == ["a", "b"]
        assert len(server.lists) == 1
        assert [q["resourceVersion"] for q in server.watches] == ["100", "101"]


def test_a_version_that_is_gone_leads_to_a_new_list(tmp_path: Path) -> None:
    """An event with code 410 is followed by a list from the API's own storage."""
    with (
        KubeServer([made_pod("a")]) as server,
        watching(asking(server, tmp_path)) as told,
    ):
        told.next()
        assert server.lists[0]["resourceVersion"] == "0"
        server.event("ADDED", made_pod("b"))
        told.next()
        server.gone()
        server.wait_for_watches(2)
        server.event("DELETED", made_pod("a"))
        assert [*by_name(told.next())] == ["b"]
        assert len(server.lists) == 2
        assert "resourceVersion" not in server.lists[1]


def test_a_version_that_was_forgotten_leads_to_a_new_list(tmp_path: Path) -> None:
    """HTTP status 410 does the same, and what is gone by then is gone."""
    with (
        KubeServer([made_pod("a")]) as server,
        watching(asking(server, tmp_path)) as told,
    ):
        told.next()
        server.event("ADDED", made_pod("b"))
        told.next()
        server.compact()
        server.drop()
        server.wait_for_watches(2)
        server.event("DELETED", made_pod("a"))
        server.event("DELETED", made_pod("b"))
        told.until(lambda facts: not facts.pods)
        assert len(server.lists) == 2


def test_a_page_that_expired_leads_to_a_new_list(tmp_path: Path) -> None:
    """Half a list is never taken for the whole."""
    with KubeServer([made_pod("a")]) as server:
        server.failures = [(410, status(410, "the continue token is too old"))]
        with watching(asking(server, tmp_path)) as told:
            assert len(told.next().pods) == 1
        assert len(server.lists) == 2


def test_an_api_that_is_always_gone_is_not_asked_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The more often all is gone at once, the longer is the rest before a list."""
    rests: list[float] = []

    class Resting(Stop):
        """Notes what would be waited."""

        def wait(self, seconds: float) -> bool:
            """Wait for nothing."""
            rests.append(seconds)
            return super().wait(0)

    monkeypatch.setattr("ocnetview.collectors.kube_pods._BURST_SECONDS", 0.0)
    with KubeServer() as server:
        server.failures = [(410, status(410, "gone"))] * 12
        stop = Resting()
        assert next(news(KubeCollector(asking(server, tmp_path)).watch(stop)))
        stop.close()
    assert rests == [0.0, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30.0, 30.0, 30.0]


def test_nonsense_within_a_watch_is_an_error(tmp_path: Path) -> None:
    """A whole line that is no event ends the watch with what was wrong."""
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        server.raw(b"<html>")
        with pytest.raises(CollectorError, match="watch /api/v1/pods: an event"):
            told.next()


def test_a_watch_that_says_nothing_is_begun_again(tmp_path: Path) -> None:
    """An answer without a body is one that ended."""
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        server.wait_for_watches(1)
        server.failures = [(200, b""), (200, b"")]
        server.end()
        server.event("ADDED", made_pod("a"))
        assert len(told.next().pods) == 1


@pytest.mark.parametrize("body", [b"<html>\n", b"{}\n"])
def test_something_else_that_answers_a_watch_is_told(
    tmp_path: Path, body: bytes
) -> None:
    """A proxy's page is no stream of events."""
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        server.wait_for_watches(1)
        server.failures = [(200, body)]
        server.end()
        with pytest.raises(CollectorError, match="watch /api/v1/pods"):
            told.next()


def test_another_error_within_a_watch_is_told(tmp_path: Path) -> None:
    """What is not 410 is not mended by a list, so the source is down."""
    with KubeServer() as server, watching(asking(server, tmp_path)) as told:
        told.next()
        server.raw(b'{"type": "ERROR", "object": {"code": 500, "message": "etcd"}}')
        with pytest.raises(CollectorError, match="HTTP status 500: etcd"):
            told.next()
