"""Podman behind its Docker-compatible socket, with the replies of Podman 4.3.1."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from collectors.docker_server import Daemon, add_process, by_name, docker_daemon
from heard import news

from ocnetview.collectors.base import Stop
from ocnetview.collectors.docker import DockerCollector
from ocnetview.collectors.podman import podman_collectors, podman_endpoints
from ocnetview.collectors.podman_reply import POD_NAME
from ocnetview.collectors.userns import userns_owner
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import ContainerFacts, ContainerState, NamespaceMode

RECORDINGS = Path(__file__).parents[1] / "recordings" / "podman"


def recorded(name: str) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return a recorded reply."""
    return json.loads((RECORDINGS / name).read_text())


@pytest.fixture
def podman() -> Iterator[tuple[Daemon, str]]:
    """Give root's Podman with its containers and a pod, and its address."""
    with docker_daemon() as (daemon, host):
        daemon.version = recorded("version.json")
        daemon.containers = recorded("containers.json")
        daemon.pods = recorded("pods.json")
        daemon.inspected = recorded("inspected.json")
        yield daemon, host


def read(collector: DockerCollector) -> ContainerFacts:
    """Return the first facts."""
    stop = Stop()
    with closing(collector.watch(stop)) as said:  # type: ignore[type-var]  # a generator
        first = next(news(said))
    stop.close()
    return first


def root(host: str, proc: Path) -> DockerCollector:
    """Return the collector of this one address."""
    (made,) = podman_collectors(Settings(podman=(host,), proc=str(proc)))
    return made


def test_a_recorded_podman_gives_its_containers(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """Each with its state, address, process and, by inspection, its network mode."""
    facts = read(root(podman[1], proc))
    assert (facts.runtime, facts.version) == ("podman", "4.3.1")
    found = by_name(facts)
    assert " ".join(sorted(found)) == "bridged done hosted joined made plain web-app"
    modes = {name: one.network_mode for name, one in found.items()}
    assert modes["hosted"] == "host"
    assert modes["bridged"] == "bridge"
    assert modes["joined"] == f"container:{found['plain'].id}"
    assert found["bridged"].networks == ("podman",)
    assert found["bridged"].addresses == ("10.88.0.2",)
    assert found["bridged"].pid == 164
    assert (found["made"].state, found["made"].pid) == (ContainerState.CREATED, None)
    assert found["done"].state is ContainerState.EXITED
    assert {one.runtime for one in found.values()} == {"podman"}


def test_a_pods_infra_container_is_its_sandbox(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """A pod has its name, its infra container's process, and its other containers."""
    facts = read(root(podman[1], proc))
    (sandbox,) = facts.sandboxes
    (pod,) = podman[0].pods
    assert (sandbox.id, sandbox.uid) == (pod["InfraId"], pod["Id"])
    assert (sandbox.name, sandbox.namespace, sandbox.ready) == ("web", "", True)
    assert (sandbox.pid, sandbox.network) == (244, NamespaceMode.POD)
    app = by_name(facts)["web-app"]
    assert app.sandbox_id == sandbox.id
    assert app.labels == {"a": "b", POD_NAME: "web"}
    assert sandbox.id not in {one.id for one in facts.containers}


def test_a_pod_without_infra_only_names_its_containers(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """Its containers share no namespace: they have the pod's name and no sandbox."""
    podman[0].pods[0]["InfraId"] = ""
    facts = read(root(podman[1], proc))
    app = by_name(facts)["web-app"]
    assert (facts.sandboxes, app.sandbox_id, app.labels[POD_NAME]) == ((), "", "web")


@pytest.mark.parametrize("pods", [None, [], [7], [{}], [{"Containers": [{"Id": 5}]}]])
def test_pods_of_any_shape_take_no_container_away(
    podman: tuple[Daemon, str], proc: Path, pods: object
) -> None:
    """Without the list (404), or with nothing in it, all containers are plain ones."""
    podman[0].pods = pods
    facts = read(root(podman[1], proc))
    assert len(facts.containers) == len(podman[0].containers)
    assert facts.sandboxes == ()


def test_what_is_no_list_of_pods_is_refused(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """A reply that is not the API's is an error of this source."""
    podman[0].pods = {"message": "?"}
    with pytest.raises(CollectorError, match=r"^podman: .*list of pods is no list"):
        read(root(podman[1], proc))


def test_a_network_mode_is_asked_for_once(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """It never changes; an event makes only its own container asked again."""
    daemon, host = podman
    lines = (RECORDINGS / "events.jsonl").read_text().splitlines()
    events = [json.loads(line) for line in lines if line]
    stop = Stop()
    with closing(root(host, proc).watch(stop)) as said:  # type: ignore[type-var]  # a generator
        facts = news(said)
        before = by_name(next(facts))
        gone = before["joined"].id
        daemon.containers = [c for c in daemon.containers if c["Id"] != gone]
        daemon.inspected[before["plain"].id]["State"]["Pid"] = 777
        daemon.say(*events)
        after = by_name(next(facts))
    stop.close()
    assert "joined" not in after
    assert after["plain"].pid == 777
    assert after["bridged"] == before["bridged"]
    assert daemon.count(f"/containers/{before['bridged'].id}/json") == 1
    assert daemon.count(f"/containers/{before['made'].id}/json") == 1


def test_a_container_gone_before_its_inspection_is_left_out(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """One that does not run is inspected only for its mode, and may be gone, too."""
    made = next(c["Id"] for c in podman[0].containers if c["Names"] == ["/made"])
    del podman[0].inspected[made]
    assert "made" not in by_name(read(root(podman[1], proc)))


def test_podman_at_dockers_socket_is_known_by_its_version(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """The package podman-docker puts it there: its containers are Podman's."""
    settings = Settings(docker_host=podman[1], podman=(podman[1],), proc=str(proc))
    assert podman_endpoints(settings) == ()


def test_pids_of_another_users_podman_need_that_users_namespace(
    podman: tuple[Daemon, str],
) -> None:
    """Whoever runs a daemon can make it say any pid: ours are not that user's."""
    daemon, host = podman
    daemon.containers = recorded("rootless-containers.json")
    (mine,) = [c["Id"] for c in daemon.containers if c["State"] == "running"]
    daemon.inspected[mine]["State"]["Pid"] = os.getpid()
    (endpoint,) = podman_endpoints(Settings(podman=(host,), proc="/proc"))

    def pids(owner: int | None) -> list[int]:
        found = read(DockerCollector(replace(endpoint, owner=owner))).containers
        daemon.hang_up()
        return [one.pid for one in found if one.pid]

    assert pids(None) == [os.getpid()]
    assert pids(userns_owner("/proc", os.getpid())) == [os.getpid()]
    assert pids(4242) == []


def test_a_container_without_root_says_how_it_is_networked(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """slirp4netns leaves no veth on the host: that is to be seen from the mode."""
    daemon, host = podman
    daemon.containers = recorded("rootless-containers.json")
    found = by_name(read(root(host, proc)))
    assert found["mine"].network_mode == "slirp4netns"
    assert found["mine2"].network_mode == "none"


def sockets(folder: Path, *paths: str) -> None:
    """Make files where sockets would be."""
    for path in paths:
        file = folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def test_every_users_podman_is_found_below_the_hosts_root(tmp_path: Path) -> None:
    """Our own user's first, then root's, then the others; other folders are passed."""
    own = f"/run/user/{os.getuid()}/podman/podman.sock"
    other = "/run/user/4242/podman/podman.sock"
    (tmp_path / "run/user/7").mkdir(parents=True)
    sockets(
        tmp_path,
        other,
        own,
        "/run/podman/podman.sock",
        "/run/user/x/podman/podman.sock",
    )
    found = podman_endpoints(Settings(host_root=str(tmp_path)))
    assert [(one.name, one.where, one.owner) for one in found] == [
        (f"podman:{os.getuid()}", f"unix://{tmp_path}{own}", None),
        ("podman", f"unix://{tmp_path}/run/podman/podman.sock", None),
        ("podman:4242", f"unix://{tmp_path}{other}", 4242),
    ]
    assert "--user" in found[2].absent
    assert "user 4242" in found[2].denied


def test_no_podman_is_one_source_that_is_not_there(tmp_path: Path) -> None:
    """It says which socket would be root's, and how to have it."""
    (collector,) = podman_collectors(Settings(host_root=str(tmp_path)))
    assert (collector.name, collector.where) == (
        "podman",
        f"unix://{tmp_path}/run/podman/podman.sock",
    )
    with pytest.raises(SourceAbsentError, match=r"systemctl start podman\.socket"):
        read(collector)


def test_given_addresses_have_names_of_their_own() -> None:
    """Each source is told from the others, and each is asked once."""
    given = ("unix:///a", "unix:///run/user/5/podman/podman.sock", "tcp://h:1")
    found = podman_endpoints(Settings(podman=(*given, "unix:///a")))
    assert [one.name for one in found] == [
        "podman:unix:///a",
        "podman:5",
        "podman:tcp://h:1",
    ]
    assert {one.setting for one in found} == {"CONTAINER_HOST"}


def test_an_address_that_cannot_be_used_names_the_setting(proc: Path) -> None:
    """The hint is CONTAINER_HOST, not Docker's."""
    with pytest.raises(CollectorError, match=r"^podman: .*see CONTAINER_HOST"):
        read(root("ssh://core@h/run/podman.sock", proc))


def test_a_process_is_found_by_podmans_cgroup(
    podman: tuple[Daemon, str], proc: Path
) -> None:
    """`libpod-ID.scope` names the container of a pid that Podman tells."""
    ids = {c["Names"][0][1:]: c["Id"] for c in podman[0].containers}
    add_process(
        proc, 164, f"0::/machine.slice/libpod-{ids['bridged']}.scope/container\n"
    )
    add_process(proc, 95, f"0::/machine.slice/libpod-{ids['bridged']}.scope\n")
    found = by_name(read(root(podman[1], proc)))
    assert found["bridged"].started == 100
    assert found["hosted"].pid is None
