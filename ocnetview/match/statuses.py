"""How a pod is doing, in the words of `kubectl get pods`.

With the API these are those of kubectl's printer (kubernetes
pkg/printers/internalversion/printers.go, printPod). Without it the runtime's states
are put into the same words, as far as they tell it:

- `ContainerCreating`: the sandbox is ready, and no container was started yet.
- `Running`: what is not done runs.
- `Exited (3), restarted 4 times`: a container ended and is not back, in a sandbox that
  is ready; `OOMKilled`, ... instead of `Exited` where the runtime gives that reason.
- `Completed`: every container ended with 0.
- `Error`, `OOMKilled`: the sandbox has ended, and a container with a fault before it.
- `NotReady`: the sandbox has ended, and it is not known how its containers did.
- `Paused`, `Restarting`, `Dead`, ...: Docker's states, as Docker names them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocnetview.facts import (
    Container,
    ContainerState,
    KubeContainer,
    KubeContainerKind,
    KubeContainerState,
    KubePod,
    Sandbox,
)
from ocnetview.frozen import dataclass

_FIRST = (KubeContainerKind.INIT, KubeContainerKind.SIDECAR)
_COUNTED = (KubeContainerKind.APP, KubeContainerKind.SIDECAR)
_OVER = ("Succeeded", "Failed")
_ENDED = (ContainerState.EXITED, ContainerState.DEAD)
_RUNNING, _EXITED = ContainerState.RUNNING, ContainerState.EXITED
_INITIALIZING = "PodInitializing"
_COMPLETED = "Completed"
_ENDINGS = ("", "Error", _COMPLETED)
"""Reasons that say no more than the exit code."""


@dataclass(frozen=True, slots=True)
class Status:
    """How a pod is doing."""

    word: str
    ready: int = 0
    expected: int = 0
    """Without init containers."""
    restarts: int = 0


def api_status(pod: KubePod) -> Status:
    """Return how the API says that a pod is doing, as kubectl would print it."""
    counted = [c for c in pod.containers if c.kind in _COUNTED]
    begun = any(_told(c) for c in pod.containers)
    initializing = _initializing(pod) if begun else ""
    # Some app container was made: the condition Initialized has been true.
    started = any(c.id for c in counted if c.kind is KubeContainerKind.APP)
    word = initializing or pod.reason or pod.phase or "Unknown"
    restarts = counted
    if initializing and not started:
        restarts = [c for c in pod.containers if c.kind in _FIRST]
    elif begun:
        word = _app_word(word, pod)
    if pod.deleting and pod.reason == "NodeLost":
        word = "Unknown"
    elif pod.deleting and pod.phase not in _OVER:
        word = "Terminating"
    return Status(
        word,
        sum(c.ready and c.state is KubeContainerState.RUNNING for c in counted),
        len(counted),
        sum(c.restarts for c in restarts),
    )


def _told(container: KubeContainer) -> bool:
    """Claim that the pod's status tells of a container, not only its spec."""
    waits = container.state is KubeContainerState.WAITING
    return bool(container.id or container.reason) or not waits


def _initializing(pod: KubePod) -> str:
    """Return the first init container's word that is not through; empty for none."""
    first = [c for c in pod.containers if c.kind in _FIRST]
    for number, container in enumerate(first):
        done = container.state is KubeContainerState.TERMINATED
        if done and container.exit_code == 0:
            continue
        running = container.state is KubeContainerState.RUNNING
        if running and container.kind is KubeContainerKind.SIDECAR:
            continue
        if done:
            return f"Init:{container.reason or f'ExitCode:{container.exit_code}'}"
        if not running and container.reason not in ("", _INITIALIZING):
            return f"Init:{container.reason}"
        return f"Init:{number}/{len(first)}"
    return ""


def _app_word(word: str, pod: KubePod) -> str:
    """Return the word of the first app container that has one to say, else `word`."""
    apps = [c for c in pod.containers if c.kind is KubeContainerKind.APP]
    for container in reversed(apps):
        if container.state is KubeContainerState.TERMINATED:
            word = container.reason or f"ExitCode:{container.exit_code}"
        elif container.state is KubeContainerState.WAITING and container.reason:
            word = container.reason
    runs = any(c.ready and c.state is KubeContainerState.RUNNING for c in apps)
    if word == _COMPLETED and runs:
        # The condition Ready is false as long as one of them is not ready.
        return "Running" if all(c.ready for c in apps) else "NotReady"
    return word


def runtime_status(sandbox: Sandbox | None, containers: Sequence[Container]) -> Status:
    """Return how a pod is doing, as far as its runtime knows.

    No runtime says which containers are init containers: one that ended well while
    others are not done is taken for one, and not counted.
    """
    left = [c for c in containers if not _done(c, containers)]
    if sandbox and not sandbox.ready:
        word = _ended(left, containers)
    elif containers:
        word = _alive(left)
    else:
        word = "ContainerCreating" if sandbox else "Unknown"
    running = sum([c.state is _RUNNING for c in containers])
    restarts = sum([c.attempt for c in containers])
    return Status(word, running, len(left or containers), restarts)


def container_status(container: Container) -> Status:
    """Return how a container that is in no pod is doing, in Docker's words."""
    word = container.state.capitalize()
    if container.state in _ENDED and container.exit_code is not None:
        word += f" ({container.exit_code})"
    running = container.state is _RUNNING
    return Status(word, int(running), 1, container.attempt)


def _done(container: Container, among: Sequence[Container]) -> bool:
    """Claim that a container ended well; unasked, when it ended before others began."""
    if container.state is not _EXITED:
        return False
    if container.exit_code is not None:
        return container.exit_code == 0
    if container.reason:
        return container.reason == _COMPLETED
    running = [c.created for c in among if c.state is _RUNNING]
    return bool(running) and container.created < min(running)


def _ended(left: Sequence[Container], containers: Sequence[Container]) -> str:
    """Return the word of a pod whose sandbox has ended."""
    if containers and not left:
        return _COMPLETED
    failed = [c for c in left if c.state in _ENDED and (c.exit_code or c.reason)]
    reasons = sorted(c.reason for c in failed if c.reason not in _ENDINGS)
    if reasons:
        return reasons[0]
    return "Error" if failed else "NotReady"


def _alive(left: Sequence[Container]) -> str:
    """Return the word of a pod whose sandbox is ready, or that has none."""
    if not left:
        return _COMPLETED
    states = {c.state for c in left}
    if states == {_RUNNING}:
        return "Running"
    failed = [c for c in left if c.state in _ENDED]
    if failed:
        return _failure(max(failed, key=lambda c: (c.created, c.id)))
    for state in ContainerState:
        if state in states - {ContainerState.CREATED, ContainerState.RUNNING}:
            return state.capitalize()
    return "Running" if _RUNNING in states else "ContainerCreating"


def _failure(container: Container) -> str:
    """Return how a container ended, and how often it had been started again."""
    word = container.reason
    if word in _ENDINGS:
        code = container.exit_code
        word = "Exited" if code is None else f"Exited ({code})"
    if container.attempt:
        times = "once" if container.attempt == 1 else f"{container.attempt} times"
        word += f", restarted {times}"
    return word
