"""Recipes that ask a pod's runtime, and the API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocnetview.details.recipes.desk import Desk
from ocnetview.details.recipes.recipe import Recipe
from ocnetview.facts import Container, Source, SourceKind, SourceState
from ocnetview.frozen import dataclass
from ocnetview.match.names import container_name
from ocnetview.model import NodeModel, Pod, PodKind
from ocnetview.units import printable

_ENGINES = 3
"""Containers in containers that a tool is run through."""
_USUAL = {
    "docker": "unix:///run/docker.sock",
    "podman": "unix:///run/podman/podman.sock",
}
"""Where the tools look by themselves."""
_ADDRESS = {"docker": "--host", "podman": "--url", "crictl": "--runtime-endpoint"}
_PID = "{{.State.Pid}} {{.NetworkSettings.SandboxKey}}"
_CRI_PID = "{{.info.pid}}"


@dataclass(frozen=True, slots=True)
class Runtime:
    """How a runtime is asked."""

    desk: Desk
    tool: str
    """docker, podman or crictl."""
    words: tuple[str, ...]
    """The tool with its flags, after what leads to it."""
    address: str = ""
    """Of its socket, as it is found from here."""

    def recipe(self, title: str, shows: str, *words: str) -> Recipe:
        """Return the recipe that asks it so."""
        asked = self.desk.at(self.address, *self.words, *words)
        return Recipe(printable(title), asked, printable(shows), self.tool)


def runtimes_of(model: NodeModel, desk: Desk) -> Iterator[Runtime]:
    """Yield how each runtime of the node that answers is asked."""
    for source in model.sources:
        if source.kind is SourceKind.CONTAINERS and source.state is SourceState.UP:
            yield _runtime(source, desk)


def _runtime(source: Source, desk: Desk) -> Runtime:
    """Return how the runtime behind a source is asked."""
    kind = source.name.partition(":")[0]
    tool = kind if kind in _USUAL else "crictl"
    address = desk.there(source.where)
    usual = address in ("", _USUAL.get(tool))
    flags = () if usual else (f"{_ADDRESS[tool]}={address}",)
    return Runtime(desk, tool, (tool, *flags), source.where)


def runtime_of(
    model: NodeModel, pod: Pod, desk: Desk, engines: int = _ENGINES
) -> Runtime | None:
    """Return how the runtime that knows of a pod is asked; None where none is known."""
    if not pod.members:
        return None
    if pod.engine:
        return _nested(model, pod, desk, engines)
    kinds = (SourceKind.CONTAINERS,)
    known = (s for s in model.sources if s.name in pod.sources and s.kind in kinds)
    source = next(known, None)
    return _runtime(source, desk) if source else None


def _nested(model: NodeModel, pod: Pod, desk: Desk, engines: int) -> Runtime | None:
    """Return how a runtime inside a container is asked: by its own tool in there."""
    engine = model.pods_by_key.get(pod.engine)
    outer = runtime_of(model, engine, desk, engines - 1) if engine and engines else None
    within = [c.id for c in engine.containers if c.pid] if engine else []
    if outer is None or not within:
        return None
    tool = "docker" if pod.members[0].runtime == "docker" else "crictl"
    words = (*outer.words, "exec", within[0], tool)
    return Runtime(desk, tool, words, outer.address)


def of_runtime(
    model: NodeModel, pod: Pod, desk: Desk, containers: Sequence[Container]
) -> Iterator[Recipe]:
    """Yield what asks the runtime of a pod, of these containers in particular."""
    runtime = runtime_of(model, pod, desk)
    if runtime is None:
        return
    if runtime.tool == "crictl":
        yield from _of_cri(runtime, pod, containers)
    else:
        yield from _of_docker(runtime, pod, containers)


def _of_cri(
    runtime: Runtime, pod: Pod, containers: Sequence[Container]
) -> Iterator[Recipe]:
    """Yield what a CRI runtime is asked."""
    if pod.sandbox:
        yield runtime.recipe(
            "the pod's sandbox",
            "state, labels, addresses; info has the path of its network namespace",
            *("inspectp", pod.sandbox.id),
        )
        yield runtime.recipe(
            "the pod's containers",
            "a line each, those that ended too",
            *("ps", "--all", "--no-trunc", "--pod", pod.sandbox.id),
        )
    for one in containers:
        yield runtime.recipe(
            f"main PID of {container_name(one)}",
            _pid(one),
            *("inspect", "--output", "go-template", "--template", _CRI_PID, one.id),
        )


def _of_docker(
    runtime: Runtime, pod: Pod, containers: Sequence[Container]
) -> Iterator[Recipe]:
    """Yield what Docker or Podman is asked."""
    if pod.kind is PodKind.POD and pod.uid:
        label = f"label=io.kubernetes.pod.uid={pod.uid}"
        yield runtime.recipe(
            "the pod's containers",
            "a line each, the sandbox too, those that ended too",
            *("ps", "--all", "--no-trunc", "--filter", label),
        )
    held = [pod.sandbox.container] if pod.sandbox and pod.sandbox.container else []
    for one in (*held, *containers):
        yield runtime.recipe(
            f"main PID of {container_name(one)}",
            _pid(one),
            *("inspect", "--format", _PID, one.id),
        )


def _pid(container: Container) -> str:
    """Return what the answer begins with."""
    return f"PID {container.pid}" if container.pid else "it has none: it does not run"


def of_api(model: NodeModel, pod: Pod, desk: Desk) -> Iterator[Recipe]:
    """Yield what asks the API, where that told of the pod."""
    if pod.api is None:
        return
    tool = api_tool(model)
    where = ("get", "pod", f"--namespace={pod.api.namespace}", "--output=wide")
    asked = desk.run(tool, *where, "--", pod.api.name)
    yield Recipe("the pod as the API has it", asked, "phase, address, node", tool)


def api_tool(model: NodeModel) -> str:
    """Return the API's client that this kind of cluster has on its nodes."""
    openshift = any(pod.namespace.startswith("openshift-") for pod in model.pods)
    return "oc" if openshift else "kubectl"
