"""The Docker collector, against a scripted daemon with a real one's replies."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from collectors.docker_server import (
    Daemon,
    add_process,
    by_name,
    container_ids,
    recorded_events,
    watching,
)
from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.docker_endpoint import docker_endpoint
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import ContainerFacts, ContainerState, Netns

_LIST = "/containers/json"
_IDS = container_ids()


def event(action: str, name: str) -> dict[str, Any]:
    """Return an event of this container."""
    return {"Type": "container", "Action": action, "Actor": {"ID": _IDS[name]}}


def test_a_real_daemons_list_gives_its_containers(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """Every field of a recorded list arrives, in the order of the names."""
    add_process(proc, 104, f"0::/docker/{_IDS['plain2']}\n")
    with watching(served[1], proc) as facts:
        shown = next(facts)
    assert [c.name for c in shown.containers] == sorted(_IDS)
    found = by_name(shown)
    assert found["many4"].state is ContainerState.PAUSED
    assert found["made"].state is ContainerState.CREATED
    assert found["made"].pid is None
    assert found["joined"].network_mode == f"container:{_IDS['plain2']}"
    net = found["onnet"]
    assert (net.networks, net.addresses) == (("nope",), ("172.17.0.2",))
    assert net.labels == {"io.kubernetes.pod.name": "a[/b]"}
    assert (net.image, net.created, net.runtime) == ("box", 1795378569.0, "docker")
    plain = found["plain2"]
    status = (proc / "104" / "ns" / "net").stat()
    assert (plain.pid, plain.netns) == (104, Netns(status.st_dev, status.st_ino))
    assert (found["onnet"].pid, found["onnet"].netns) == (103, None)


def test_events_are_listened_to_before_the_first_list(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """Nothing that happens after the list was made can be missed."""
    daemon, host = served
    with watching(host, proc) as facts:
        next(facts)
    assert daemon.asked.index("/events") < daemon.asked.index(_LIST)
    assert daemon.filters["type"] == ["container", "network"]
    assert {"create", "start", "die", "destroy", "rename"} <= set(
        daemon.filters["event"]
    )
    assert not {"exec_start", "attach", "top"} & set(daemon.filters["event"])


def test_an_event_gives_the_new_state(served: tuple[Daemon, str], proc: Path) -> None:
    """A container that is gone after an event is gone from the facts."""
    daemon, host = served
    with watching(host, proc) as facts:
        assert "onnet" in by_name(next(facts))
        daemon.containers = [c for c in daemon.containers if c["Id"] != _IDS["onnet"]]
        daemon.say(event("destroy", "onnet"))
        assert "onnet" not in by_name(next(facts))


def test_a_silent_daemon_is_asked_whether_it_still_answers(
    served: tuple[Daemon, str], proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence alone is no fault; one that fails to answer then is down."""
    monkeypatch.setattr("ocnetview.collectors.docker._SILENCE_SECONDS", 0.001)
    daemon, host = served
    daemon.health = [200, 200, 500]
    with watching(host, proc) as facts:
        next(facts)
        with pytest.raises(CollectorError, match="cannot ping the daemon"):
            next(facts)
    assert daemon.count("/_ping") == 3
    assert daemon.count(_LIST) == 1


def test_a_burst_of_events_causes_few_lists(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """Many events together do not make the daemon list as often."""
    daemon, host = served
    with watching(host, proc) as facts:
        next(facts)
        daemon.containers = []
        daemon.say(*recorded_events() * 50)
        assert next(facts) == ContainerFacts(
            "docker", version="20.10.24+dfsg1", where=host
        )
    assert daemon.count(_LIST) < 10


def test_an_event_that_changes_nothing_shows_nothing(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """A list equal to the last is not given again; strange events do no harm."""
    daemon, host = served
    with watching(host, proc) as facts:
        before = next(facts)
        for strange in (1, [], {}, {"Actor": 5}, {"Actor": {"ID": 5}}, *["x"] * 3):
            daemon.say(strange)
        daemon.containers = []
        daemon.say(event("destroy", "made"))
        assert next(facts).containers != before.containers


def test_a_known_process_is_not_asked_for_again(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """Only the container that an event names is inspected anew."""
    daemon, host = served
    with watching(host, proc) as facts:
        assert by_name(next(facts))["joined"].pid == 100
        daemon.inspected[_IDS["joined"]]["State"]["Pid"] = 777
        daemon.say(*recorded_events())
        assert by_name(next(facts))["joined"].pid == 777
    assert daemon.count(f"/containers/{_IDS['joined']}/json") == 2
    assert daemon.count(f"/containers/{_IDS['onnet']}/json") == 1


def test_a_container_gone_between_two_reads_is_left_out(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """When an inspection finds nothing (404), the container is gone: no error."""
    daemon, host = served
    del daemon.inspected[_IDS["onnet"]]
    with watching(host, proc) as facts:
        assert [c.name for c in next(facts).containers] == [
            name for name in sorted(_IDS) if name != "onnet"
        ]


def test_the_pid_of_another_containers_process_is_not_taken(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """A pid whose cgroup is another container's was given to somebody else."""
    add_process(proc, 103, f"0::/docker/{_IDS['joined']}\n")
    with watching(served[1], proc) as facts:
        assert by_name(next(facts))["onnet"].pid is None


def test_the_end_of_the_stream_is_an_error(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """A daemon that ends is down, and a new watch begins anew."""
    daemon, host = served
    with watching(host, proc) as facts:
        before = next(facts)
        daemon.hang_up()
        with pytest.raises(CollectorError, match="follow events: the daemon closed"):
            next(facts)
    with watching(host, proc) as facts:
        assert next(facts) == before


@pytest.mark.parametrize("hanging", ["events", "list"])
def test_watching_ends_at_once_on_stop(
    served: tuple[Daemon, str], proc: Path, hanging: str
) -> None:
    """Waiting for events or for a daemon that hangs, it ends and leaves no thread."""
    daemon, host = served
    if hanging == "list":
        daemon.hold.clear()
    stop, began, seen = Stop(), threading.Event(), []

    def watch() -> None:
        endpoint = docker_endpoint(Settings(docker_host=host, proc=str(proc)))
        for facts in news(DockerCollector(endpoint).watch(stop)):
            seen.append(facts)
            began.set()

    thread = threading.Thread(target=watch)
    thread.start()
    (daemon.held if hanging == "list" else began).wait()
    stop.set()
    thread.join()
    assert len(seen) == (hanging == "events")
    daemon.hold.set()
    for other in threading.enumerate():
        if other.name.startswith("ocnetview-"):
            other.join()
    stop.close()


def test_hostile_names_arrive_as_they_are(
    served: tuple[Daemon, str], proc: Path
) -> None:
    """Facts hold what the daemon says; making it safe is for who prints it."""
    daemon, host = served
    name, label = "a\x1b[31m[/b]\n", "\u202e\x00"
    daemon.containers = [{"Id": "1", "Names": ["/" + name], "Labels": {label: label}}]
    with watching(host, proc) as facts:
        (container,) = next(facts).containers
    assert (container.name, container.labels) == (name, {label: label})
