"""What can be taken along of a row: its names and numbers, itself, the commands."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

from ocnetview.details.json_pods import container_json, pod_json
from ocnetview.details.json_rows import port_json, process_json
from ocnetview.details.recipes import Recipe, recipes, script
from ocnetview.facts import Container
from ocnetview.frozen import dataclass
from ocnetview.match.names import container_name
from ocnetview.model import NodeModel, Pod, Port, TreeProcess
from ocnetview.units import printable


@dataclass(frozen=True, slots=True)
class Copy:
    """A text to take along."""

    what: str
    """What it is; safe to print."""
    text: str
    """As it is copied; untrusted text."""


def copies(
    model: NodeModel,
    *,
    pod: Pod | None = None,
    container: Container | None = None,
    port: Port | None = None,
    process: TreeProcess | None = None,
) -> tuple[Copy, ...]:
    """Return what can be copied of a row, or of the node without one.

    First what is short, then the row as the reports' JSON has it, then the commands,
    all of them and one by one.
    """
    found: list[Copy] = []
    row = None
    if process:
        found += _of_process(process)
        row = process_json(process)
    elif port:
        found += _of_port(port)
        row = port_json(port)
    if container:
        found += _of_container(container)
        row = row or container_json(container)
    if pod:
        found += _of_pod(pod)
        row = row or pod_json(pod)
    known: dict[str, Copy] = {}
    for copy in found:
        if copy.text:
            known.setdefault(copy.what, copy)
    short = [*known.values()]
    if row is not None:
        short.append(Copy("the row as JSON", json.dumps(row)))
    made = recipes(model, pod=pod, container=container, port=port, process=process)
    return (*short, *_of_recipes(made))


def _of_recipes(made: tuple[Recipe, ...]) -> Iterator[Copy]:
    """Yield all commands as one script, then each."""
    if made:
        yield Copy(f"all {len(made)} commands", script(made))
    for one in made:
        yield Copy(f"$ {one.title}", one.command)


def _of_process(row: TreeProcess) -> Iterator[Copy]:
    """Yield what is copied of a process."""
    yield Copy("PID", str(row.process.pid))
    yield Copy("command line", shlex.join(row.process.command))
    yield Copy("container's id", row.process.container_id)


def _of_port(port: Port) -> Iterator[Copy]:
    """Yield what is copied of a port."""
    yield Copy("port", port.name)
    yield Copy("ofport", "" if port.ofport is None else str(port.ofport))
    yield Copy("MAC of the port", port.link.mac if port.link else "")
    yield Copy("ifindex of the port", str(port.link.ifindex) if port.link else "")


def _of_container(container: Container) -> Iterator[Copy]:
    """Yield what is copied of a container."""
    name = printable(container_name(container))
    yield Copy(f"id of {name}", container.id)
    yield Copy(f"main PID of {name}", str(container.pid or ""))


def _of_pod(pod: Pod) -> Iterator[Copy]:
    """Yield what is copied of a pod."""
    yield Copy(str(pod.kind), pod.title)
    yield Copy("address", pod.addresses[0] if pod.addresses else "")
    if len(pod.addresses) > 1:
        yield Copy("all addresses", " ".join(pod.addresses))
    for interface in pod.interfaces:
        name = printable(interface.name)
        yield Copy(f"MAC of {name}", interface.link.mac if interface.link else "")
        yield Copy(f"veth of {name}", interface.host.name if interface.host else "")
    yield Copy("uid", pod.uid)
    yield Copy("sandbox's id", pod.sandbox.id if pod.sandbox else "")
    for one in pod.containers:
        yield from _of_container(one)
    yield Copy("network namespace", str(pod.netns or ""))
