"""The demo's runtime, asked by Docker's own client."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from docker.errors import NotFound

from ocnetview.demo.containers import describe
from ocnetview.demo.pods import PODS
from ocnetview.demo.runtime import API_VERSION, Runtime, RuntimeServer

NOW = 1_700_000_000.0
PLAIN = next(pod for pod in PODS if not pod.namespace)


@pytest.fixture
def runtime() -> Runtime:
    """Give a runtime whose plain container runs as process 42."""
    return Runtime(describe(PODS, {PLAIN.sandbox_id: 42}, NOW))


@pytest.fixture
def client(runtime: Runtime, tmp_path: Path) -> Iterator[docker.APIClient]:
    """Give a client of a server for it."""
    path = str(tmp_path / "docker.sock")
    with RuntimeServer(path, runtime) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        client = docker.APIClient(f"unix://{path}", version="auto", timeout=10)
        yield client
        client.close()
        server.shutdown()
        thread.join()


def test_the_client_agrees_on_a_version(client: docker.APIClient) -> None:
    """Version negotiation ends at the server's."""
    assert client.api_version == API_VERSION
    assert client.ping()
    assert client.version()["ApiVersion"] == API_VERSION


def test_the_running_are_listed_or_all(client: docker.APIClient) -> None:
    """`all` makes the difference, as docker ps --all does."""
    (running,) = client.containers()
    assert running["Names"] == ["/registry-cache"]
    assert running["State"] == "running"
    everything = client.containers(all=True)
    assert len(everything) == len(describe(PODS, {}, NOW))
    assert running in everything


def test_a_container_is_found_by_id_name_or_beginning(client: docker.APIClient) -> None:
    """Inspect answers to each, with the pid."""
    for reference in (PLAIN.sandbox_id, PLAIN.sandbox_id[:12], "registry-cache"):
        found = client.inspect_container(reference)
        assert found["Id"] == PLAIN.sandbox_id
        assert found["State"]["Pid"] == 42


@pytest.mark.parametrize("reference", ["none", "0" * 64, "%2e%2e"])
def test_an_unknown_container_is_not_found(
    client: docker.APIClient, reference: str
) -> None:
    """The client gets Docker's own error."""
    with pytest.raises(NotFound, match="No such container"):
        client.inspect_container(reference)


def test_counts_follow_the_states(client: docker.APIClient) -> None:
    """Info counts what the list shows."""
    info = client.info()
    assert info["ContainersRunning"] == 1
    assert info["Containers"] == info["ContainersStopped"] + 1


def test_events_come_as_they_happen(client: docker.APIClient, runtime: Runtime) -> None:
    """A listener hears of the end and of the start, and the state has changed."""
    events = client.events(decode=True)
    runtime.died(PLAIN.sandbox_id, 3)
    died = next(events)
    assert (died["Action"], died["Actor"]["Attributes"]["exitCode"]) == ("die", "3")
    state = client.inspect_container(PLAIN.sandbox_id)["State"]
    assert (state["Status"], state["Pid"], state["ExitCode"]) == ("exited", 0, 3)
    runtime.started(PLAIN.sandbox_id, 77)
    assert next(events)["Action"] == "start"
    again = client.inspect_container(PLAIN.sandbox_id)
    assert (again["State"]["Pid"], again["RestartCount"]) == (77, 1)
    events.close()


def test_past_events_end(client: docker.APIClient, runtime: Runtime) -> None:
    """With an end in time the stream holds what was, and ends."""
    runtime.died(PLAIN.sandbox_id, 1)
    events = client.events(since=1, until=2, decode=True)
    assert [event["Action"] for event in events] == ["die"]


def test_what_it_does_not_speak_is_not_found(client: docker.APIClient) -> None:
    """Another path is answered as Docker answers one that it does not know."""
    with pytest.raises(NotFound, match="page not found"):
        client.images()
