"""What collectors say of how fresh their facts are, besides the facts."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from collectors.cri_server import cri_server
from collectors.docker_server import docker_daemon
from collectors.kube_server import KubeServer
from collectors.kube_shapes import made_pod
from collectors.kube_watching import asking
from collectors.ovsdb_server import Client, first, served
from heard import listening

from ocnetview.collectors.base import How, Stale
from ocnetview.collectors.cni import CniCollector
from ocnetview.collectors.cri import cri_collectors
from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.docker_endpoint import docker_endpoint
from ocnetview.collectors.kube import KubeCollector
from ocnetview.collectors.nested import NestedCollector
from ocnetview.config import Settings
from ocnetview.facts import CniFacts, ContainerFacts, NestedFacts


def test_ovsdb_is_confirmed_by_each_sign_of_life() -> None:
    """An echo says that no update is on its way, so the facts are the same ones."""
    told = Event()

    def script(client: Client) -> None:
        first(client)
        told.wait(20)  # else both arrive at once
        client.say({"method": "echo", "params": [], "id": "there?"})
        client.wait_for_end()

    with served(script) as collector, listening(collector) as said:
        assert next(said) == How("monitor")
        facts = next(said)
        told.set()
        assert next(said) is facts


def test_docker_is_confirmed_by_each_ping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon that answers in a silence has nothing to tell."""
    monkeypatch.setattr("ocnetview.collectors.docker._SILENCE_SECONDS", 0.001)
    with docker_daemon() as (daemon, host):
        settings = Settings(docker_host=host, proc=str(tmp_path))
        with listening(DockerCollector(docker_endpoint(settings))) as said:
            assert next(said) == How("events")
            before = daemon.count("/_ping")
            facts = next(said)
            assert isinstance(facts, ContainerFacts)
            assert next(said) is facts
    assert daemon.count("/_ping") == before + 1


def test_the_api_is_confirmed_by_watches_and_bookmarks(tmp_path: Path) -> None:
    """A watch that is accepted, and a bookmark, say that nothing else happened."""
    with KubeServer([made_pod("a")]) as server:
        collector = KubeCollector(asking(server, tmp_path))
        with listening(collector) as said:
            assert next(said) == How("watch")
            facts = next(said)
            assert next(said) is facts
            server.bookmark()
            assert next(said) is facts


def test_a_watch_that_breaks_makes_the_pods_stale(tmp_path: Path) -> None:
    """Until the next one is accepted, which begins where the last one broke."""
    with KubeServer([made_pod("a")]) as server:
        collector = KubeCollector(asking(server, tmp_path))
        with listening(collector) as said:
            _, facts, _ = next(said), next(said), next(said)
            server.drop()
            assert next(said) == Stale("the watch broke")
            assert next(said) is facts


def test_a_forgotten_version_makes_the_pods_stale(tmp_path: Path) -> None:
    """Nobody can say what happened meanwhile, until all are listed again."""
    with KubeServer([made_pod("a")]) as server:
        collector = KubeCollector(asking(server, tmp_path))
        with listening(collector) as said:
            _, facts, _ = next(said), next(said), next(said)
            server.gone()
            assert isinstance(next(said), Stale)
            assert next(said) is facts
        assert len(server.lists) == 2


def test_a_runtime_is_confirmed_by_each_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no cgroup can be watched, the word for that is another one."""

    def refused(*_: str) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("ocnetview.collectors.cri_events.CgroupEvents", refused)
    monkeypatch.setattr("ocnetview.collectors.cri._QUIET_SECONDS", 0.01)
    with cri_server() as (_, path):
        settings = Settings(cri=(path,), proc=str(tmp_path), refresh=2)
        (collector,) = cri_collectors(settings)
        with listening(collector) as said:
            how = "events, processes every 2 s, list every 0.01 s"
            assert next(said) == How(how)
            facts = next(said)
            assert isinstance(facts, ContainerFacts)
            assert next(said) is facts


def test_engines_are_confirmed_each_time_all_were_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looks in between, that find the same processes, say nothing."""
    monkeypatch.setattr("ocnetview.collectors.nested._QUIET_SECONDS", 0.0)
    (tmp_path / "1").mkdir()
    with listening(
        NestedCollector(Settings(proc=str(tmp_path), refresh=0.001))
    ) as said:
        assert next(said) == How("processes every 0.003 s, lists every 0 s")
        facts = next(said)
        assert isinstance(facts, NestedFacts)
        assert next(said) is facts


def test_a_look_at_many_processes_is_rarer(
    proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longer one takes, the longer is the rest, up to that between lists."""
    monkeypatch.setattr("ocnetview.collectors.nested._REST", 1e9)
    settings = Settings(proc=str(proc), refresh=0.001)
    with listening(NestedCollector(settings)) as said:
        told = [next(said) for _ in range(3)]
    assert [one.text for one in told if isinstance(one, How)] == [
        "processes every 0.003 s, lists every 10 s",
        "processes every 10 s, lists every 10 s",
    ]


def test_cni_is_told_of_changes_by_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked through at each event, and now and then all the same."""
    monkeypatch.setattr("ocnetview.collectors.cni._QUIET_SECONDS", 0.01)
    with listening(CniCollector(Settings(cni_results=str(tmp_path)))) as said:
        assert next(said) == How("events, read every 0.01 s")
        assert next(said) == CniFacts()
        (tmp_path / "new").mkdir()
        assert next(said) == CniFacts()


def test_cni_is_polled_where_folders_cannot_be_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A user has only so many watches; the folder is looked through instead."""

    def refused() -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("ocnetview.collectors.cni.Inotify", refused)
    collector = CniCollector(Settings(cni_results=str(tmp_path), refresh=0.001))
    with listening(collector) as said:
        assert next(said) == How("polled every 0.001 s")
        facts = next(said)
        assert next(said) is facts
