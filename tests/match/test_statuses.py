"""How a pod is doing, with the API and without."""

from __future__ import annotations

import pytest
from builders import container, kube_container, kube_pod, member, sandbox
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import (
    Container,
    ContainerState,
    KubeContainer,
    KubeContainerKind,
    KubeContainerState,
    KubePod,
)
from ocnetview.match.statuses import (
    Status,
    api_status,
    container_status,
    runtime_status,
)

INIT, SIDECAR = KubeContainerKind.INIT, KubeContainerKind.SIDECAR
EPHEMERAL = KubeContainerKind.EPHEMERAL


def waits(reason: str, name: str = "app", **facts: object) -> KubeContainer:
    """Return a container that waits, for this reason."""
    state = KubeContainerState.WAITING
    return kube_container(name, state=state, ready=False, reason=reason, **facts)


def ended(code: int, reason: str, name: str = "app", **facts: object) -> KubeContainer:
    """Return a container that has ended."""
    values = {"state": KubeContainerState.TERMINATED, "ready": False, **facts}
    return kube_container(name, exit_code=code, reason=reason, **values)


def runs(name: str = "app", **facts: object) -> KubeContainer:
    """Return a container that runs and is ready."""
    return kube_container(name, id=name, **facts)


PENDING = {"phase": "Pending"}
BLANK = waits("")
PODS: dict[str, tuple[KubePod, Status]] = {
    "runs": (kube_pod("p", "u", runs("a"), runs("b")), Status("Running", 2, 2)),
    "runs, not ready": (
        kube_pod("p", "u", runs(ready=False)),
        Status("Running", 0, 1),
    ),
    "only bound": (
        kube_pod("p", "u", waits("", "i", kind=INIT), BLANK, **PENDING),
        Status("Pending", 0, 1),
    ),
    "is made": (
        kube_pod("p", "u", waits("ContainerCreating"), **PENDING),
        Status("ContainerCreating", 0, 1),
    ),
    "has no image": (
        kube_pod("p", "u", runs("ok"), waits("ErrImageNeverPull", "x"), **PENDING),
        Status("ErrImageNeverPull", 1, 2),
    ),
    "pulls in vain": (
        kube_pod("p", "u", waits("ImagePullBackOff"), **PENDING),
        Status("ImagePullBackOff", 0, 1),
    ),
    "crashes": (
        kube_pod("p", "u", waits("CrashLoopBackOff", "boom", restarts=4), runs("ok")),
        Status("CrashLoopBackOff", 1, 2, 4),
    ),
    "is killed": (
        kube_pod("p", "u", ended(137, "OOMKilled", restarts=2)),
        Status("OOMKilled", 0, 1, 2),
    ),
    "ends without a reason": (
        kube_pod("p", "u", ended(3, "")),
        Status("ExitCode:3", 0, 1),
    ),
    "is done": (
        kube_pod("p", "u", ended(0, "Completed"), phase="Succeeded"),
        Status("Completed", 0, 1),
    ),
    "has failed": (
        kube_pod("p", "u", ended(1, "Error"), phase="Failed"),
        Status("Error", 0, 1),
    ),
    "is evicted": (
        kube_pod("p", "u", BLANK, phase="Failed", reason="Evicted"),
        Status("Evicted", 0, 1),
    ),
    "is half done": (
        kube_pod("p", "u", ended(0, "Completed", "job"), runs("mesh")),
        Status("NotReady", 1, 2),
    ),
    "initializes": (
        kube_pod(
            "p",
            "u",
            runs("one", kind=INIT, restarts=1),
            waits("PodInitializing", "two", kind=INIT),
            waits("PodInitializing"),
            **PENDING,
        ),
        Status("Init:0/2", 0, 1, 1),
    ),
    "initializes further": (
        kube_pod(
            "p",
            "u",
            ended(0, "Completed", "one", kind=INIT),
            waits("PodInitializing", "two", kind=INIT),
            waits("PodInitializing"),
            **PENDING,
        ),
        Status("Init:1/2", 0, 1),
    ),
    "is initialized": (
        kube_pod(
            "p",
            "u",
            ended(0, "Completed", "one", kind=INIT),
            waits("PodInitializing"),
            **PENDING,
        ),
        Status("PodInitializing", 0, 1),
    ),
    "was initialized": (
        kube_pod("p", "u", ended(0, "Completed", "one", kind=INIT, restarts=2), runs()),
        Status("Running", 1, 1),
    ),
    "does not initialize": (
        kube_pod(
            "p",
            "u",
            ended(1, "Error", "one", kind=INIT),
            waits("PodInitializing"),
            **PENDING,
        ),
        Status("Init:Error", 0, 1),
    ),
    "crashes while it initializes": (
        kube_pod(
            "p",
            "u",
            waits("CrashLoopBackOff", "one", kind=INIT, restarts=5),
            waits("PodInitializing"),
            **PENDING,
        ),
        Status("Init:CrashLoopBackOff", 0, 1, 5),
    ),
    "has a sidecar": (
        kube_pod("p", "u", runs("mesh", kind=SIDECAR, restarts=1), runs(restarts=2)),
        Status("Running", 2, 2, 3),
    ),
    "is looked into": (
        kube_pod("p", "u", runs(), ended(1, "Error", "debugger", kind=EPHEMERAL)),
        Status("Running", 1, 1),
    ),
    "goes": (kube_pod("p", "u", runs(), deleting=True), Status("Terminating", 1, 1)),
    "is gone with its node": (
        kube_pod("p", "u", runs(), deleting=True, reason="NodeLost"),
        Status("Unknown", 1, 1),
    ),
    "is over and goes": (
        kube_pod("p", "u", ended(0, "Completed"), phase="Succeeded", deleting=True),
        Status("Completed", 0, 1),
    ),
}


@pytest.mark.parametrize("case", PODS)
def test_the_api_is_told_as_kubectl_tells_it(case: str) -> None:
    """STATUS, READY and RESTARTS are what `kubectl get pods` prints."""
    pod, expected = PODS[case]
    assert api_status(pod) == expected


BOX = sandbox(1, "web", "u1")
GONE = sandbox(1, "web", "u1", ready=False)
EXITED = ContainerState.EXITED


def over(number: int, code: int | None, reason: str = "", **facts: object) -> Container:
    """Return a container of the sandbox that has ended."""
    values = {"state": EXITED, "exit_code": code, "reason": reason, "pid": None}
    return member(number, f"c{number}", BOX, **{**values, **facts})


LIVE = member(9, "app", BOX)
MADE = member(9, "app", BOX, state=ContainerState.CREATED, pid=None)
RUNTIME: dict[str, tuple[bool, list[Container], Status]] = {
    "nothing yet": (True, [], Status("ContainerCreating")),
    "made only": (True, [MADE], Status("ContainerCreating", 0, 1)),
    "runs": (True, [LIVE], Status("Running", 1, 1)),
    "runs after init": (
        True,
        [over(2, 0, "Completed", created=90.0), LIVE],
        Status("Running", 1, 1),
    ),
    "runs, nobody asked how init ended": (
        True,
        [over(2, None, created=90.0), LIVE],
        Status("Running", 1, 1),
    ),
    "one of two ended": (True, [over(2, 3), LIVE], Status("Exited (3)", 1, 2)),
    "one of two ended, nobody asked how": (
        True,
        [over(2, None, created=200.0), LIVE],
        Status("Exited", 1, 2),
    ),
    "crashes": (
        True,
        [over(2, 3, "Error", attempt=4), LIVE],
        Status("Exited (3), restarted 4 times", 1, 2, 4),
    ),
    "crashed once": (
        True,
        [over(2, 1, attempt=1)],
        Status("Exited (1), restarted once", 0, 1, 1),
    ),
    "is killed": (
        True,
        [over(2, 137, "OOMKilled", attempt=2)],
        Status("OOMKilled, restarted 2 times", 0, 1, 2),
    ),
    "is paused": (
        True,
        [member(9, "app", BOX, state=ContainerState.PAUSED)],
        Status("Paused", 0, 1),
    ),
    "nobody knows": (
        True,
        [member(9, "app", BOX, state=ContainerState.UNKNOWN)],
        Status("Unknown", 0, 1),
    ),
    "all done": (True, [over(2, 0)], Status("Completed", 0, 1)),
    "completed": (False, [over(2, 0, "Completed")], Status("Completed", 0, 1)),
    "failed": (False, [over(2, 0), over(3, 2, "Error")], Status("Error", 0, 1)),
    "ended by the kernel": (
        False,
        [over(2, 137, "OOMKilled"), over(3, 143, "Error")],
        Status("OOMKilled", 0, 2),
    ),
    "ended, nobody asked how": (False, [over(2, None)], Status("NotReady", 0, 1)),
    "ended empty": (False, [], Status("NotReady")),
    "ended beside a container": (False, [LIVE], Status("NotReady", 1, 1)),
}


@pytest.mark.parametrize("case", RUNTIME)
def test_a_runtimes_states_are_put_into_words(case: str) -> None:
    """Without the API the sandbox and the containers say how the pod is doing."""
    ready, containers, expected = RUNTIME[case]
    assert runtime_status(BOX if ready else GONE, containers) == expected


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({}, "Running"),
        ({"state": EXITED}, "Exited"),
        ({"state": EXITED, "exit_code": 137}, "Exited (137)"),
        ({"state": ContainerState.DEAD, "exit_code": 1}, "Dead (1)"),
        ({"state": ContainerState.CREATED}, "Created"),
    ],
)
def test_a_container_without_a_pod_is_told_as_docker_tells_it(
    facts: dict[str, object], word: str
) -> None:
    """Its state, and how it ended."""
    assert container_status(container(1, "box", **facts)).word == word


some = st.builds(
    over,
    st.integers(1, 9),
    st.sampled_from([None, 0, 1, 137]),
    st.sampled_from(["", "Error", "Completed", "x\x1b"]),
    state=st.sampled_from(list(ContainerState)),
    created=st.floats(0, 9),
)


@given(st.lists(some, max_size=4), st.sampled_from([BOX, GONE, None]))
def test_there_is_always_a_word(containers: list[Container], box: object) -> None:
    """Whatever states come together, counts fit and something is said."""
    status = runtime_status(box, containers)  # type: ignore[arg-type]
    assert status.word
    assert status.expected <= len(containers)
    assert status.ready <= len(containers)
