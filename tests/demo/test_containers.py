"""What the demo's runtime says of its containers."""

from __future__ import annotations

from ocnetview.collectors.docker_reply import read_containers
from ocnetview.demo.containers import Described, describe, inspect_reply, list_entry
from ocnetview.demo.pods import PODS

NOW = 1_700_000_000.0


def described(pids: dict[str, int] | None = None) -> dict[str, Described]:
    """Return the plan's containers by name."""
    return {each.name: each for each in describe(PODS, pids or {}, NOW)}


def of_pod(name: str) -> list[Described]:
    """Return one pod's containers, the sandbox first."""
    found = [
        each
        for each in described().values()
        if each.labels.get("io.kubernetes.pod.name") == name
    ]
    return sorted(found, key=lambda each: "k8s_POD_" not in each.name)


def test_a_pod_is_a_sandbox_and_its_containers() -> None:
    """Names and labels are those of cri-dockerd, so the pod can be found by them."""
    sandbox, *apps = of_pod("db-0")
    assert sandbox.name.startswith("k8s_POD_db-0_shop_")
    assert sandbox.labels["io.kubernetes.docker.type"] == "podsandbox"
    assert [each.labels["io.kubernetes.container.name"] for each in apps] == [
        "postgres",
        "metrics",
    ]
    for app in apps:
        assert app.labels["io.kubernetes.docker.type"] == "container"
        assert app.labels["io.kubernetes.sandbox.id"] == sandbox.id
        assert app.network_mode == f"container:{sandbox.id}"
        assert not app.sandbox_key


def test_the_sandbox_has_the_network() -> None:
    """CNI connects it, so Docker knows of no address, only of the namespace."""
    sandbox, *_ = of_pod("db-0")
    pod = next(pod for pod in PODS if pod.name == "db-0")
    assert sandbox.network_mode == "none"
    assert sandbox.sandbox_key.endswith(pod.pin)
    assert sandbox.networks["none"]["IPAddress"] == ""


def test_a_host_network_pod_says_so() -> None:
    """Its sandbox has the mode and the namespace of the node."""
    sandbox, *_ = of_pod("sdn-7xk2p")
    assert sandbox.network_mode == "host"
    assert sandbox.sandbox_key.endswith("/run/docker/netns/default")


def test_a_plain_container_has_no_pod() -> None:
    """Docker connected it, and says so with its address."""
    reply = inspect_reply(described()["registry-cache"])
    assert reply["HostConfig"] == {"NetworkMode": "default", "PidMode": ""}
    settings = reply["NetworkSettings"]
    assert isinstance(settings, dict)
    assert settings["IPAddress"] == "172.17.0.2"
    assert list(settings["Networks"]) == ["bridge"]


def test_only_a_container_with_a_process_runs() -> None:
    """State, pid and status line follow from the pid."""
    ids = {each.name: each.id for each in described().values()}
    found = described({ids["registry-cache"]: 42})
    running, ended = found["registry-cache"], of_pod("ledger-migrate-k5p7d")[1]
    state = inspect_reply(running)["State"]
    assert isinstance(state, dict)
    assert (state["Status"], state["Pid"]) == ("running", 42)
    assert list_entry(running, NOW + 9)["Status"] == "Up 9 seconds"
    entry = list_entry(ended, NOW)
    assert entry["State"] == "exited"
    assert str(entry["Status"]).startswith("Exited (0) ")
    assert [one.exit_code for one in read_containers([entry], "docker")] == [0]


def test_a_container_that_crashes_waits_for_its_next_run() -> None:
    """It ended after the pod began, of an attempt of its own, while others run."""
    pod = next(pod for pod in PODS if pod.name.startswith("cart-"))
    crashed = described()[f"k8s_session-export_{pod.name}_{pod.namespace}_{pod.uid}_7"]
    assert NOW - pod.age < crashed.created < crashed.finished < NOW
    assert list_entry(crashed, NOW)["Status"] == "Exited (1) 95 seconds ago"
    state = inspect_reply(crashed)["State"]
    assert isinstance(state, dict)
    assert (state["Running"], state["ExitCode"]) == (False, 1)


def test_the_newest_is_listed_first() -> None:
    """The order is that of the API."""
    created = [each.created for each in describe(PODS, {}, NOW)]
    assert created == sorted(created, reverse=True)
