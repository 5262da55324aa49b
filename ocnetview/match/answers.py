"""What answers to a scrap, and the way from there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ocnetview.errors import AmbiguousError
from ocnetview.facts import Container, Link, Netns, Sandbox
from ocnetview.frozen import dataclass
from ocnetview.match.paths import spell_path
from ocnetview.model import Interface, NodeModel, Pod, Port, TreeProcess
from ocnetview.units import printable

_SHOWN = 8
"""As many candidates fit a line or two."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that answers to a scrap, and all that belongs to it."""

    what: str
    """What the scrap is of it: pid, ifname, ifindex, address, mac, container id, ..."""
    pod: Pod | None = None
    container: Container | None = None
    process: TreeProcess | None = None
    link: Link | None = None
    """A link of the host."""
    interface: Interface | None = None
    """An interface inside the pod."""
    port: Port | None = None
    of: str = ""
    """The link or namespace that the scrap belongs to, where it is of one."""
    netns: Netns | None = None
    """The namespace that the scrap is."""

    def path(self, model: NodeModel) -> tuple[str, ...]:
        """Return the way from here to the other nodes, or the link standing alone."""
        hops = spell_path(
            model,
            pod=self.pod,
            port=self.port,
            process=self.process,
            container=self.container,
            interface=self.interface,
        )
        if hops:
            return hops
        if self.link:
            return (f"{printable(self.link.name)} ({self.link.ifindex}) of the node",)
        return (printable(self.of),) if self.netns else ()


def owners(model: NodeModel) -> dict[str, tuple[Pod, Sandbox | Container]]:
    """Return every sandbox and container with its pod by its id, dead ones too."""
    return {
        part.id: (pod, part)
        for pod in model.pods
        for part in (*pod.attempts, *pod.earlier, *pod.members)
    }


def as_container(part: Sandbox | Container | None) -> Container | None:
    """Return a container, or what Docker says of a sandbox that is one there."""
    return part.container if isinstance(part, Sandbox) else part


def of_link(what: str, model: NodeModel, link: Link) -> list[Answer]:
    """Return the answers that a link of the host is: one for each pod behind it.

    Several containers may share the namespace at its other end.
    """
    ports = model.ports_by_key.values()
    port = next((p for p in ports if p.link == link), None)
    behind = [
        Answer(what, pod, link=link, interface=interface, port=port, of=link.name)
        for pod in model.pods
        for interface in pod.interfaces
        if interface.host == link
    ]
    return behind or [Answer(what, link=link, port=port, of=link.name)]


def of_interface(what: str, model: NodeModel, pod: Pod, interface: Interface) -> Answer:
    """Return the answer that an interface inside a pod is."""
    return Answer(
        what,
        pod,
        link=interface.host,
        interface=interface,
        port=model.ports_by_key.get(interface.port),
        of=interface.name,
    )


def inside(model: NodeModel) -> Iterator[tuple[Pod, Interface, Link]]:
    """Yield every interface that can be looked into, with its pod."""
    for pod in model.pods:
        for interface in pod.interfaces:
            if interface.link:
                yield pod, interface, interface.link


def title(model: NodeModel, pod: Pod) -> str:
    """Return a pod's title, and what it runs in, for one title may be in several."""
    engine = model.pods_by_key.get(pod.engine)
    where = f" in {engine.title if engine else pod.engine[:13]}" if pod.engine else ""
    return pod.title + where


def ambiguous(scrap: str, titles: Sequence[str]) -> AmbiguousError:
    """Return the error that names what could be meant."""
    shown = ", ".join(map(printable, titles[:_SHOWN]))
    more = f" and {len(titles) - _SHOWN} more" if len(titles) > _SHOWN else ""
    return AmbiguousError(
        f"{quoted(scrap)} could be any of {len(titles)}: {shown}{more}"
    )


def quoted(scrap: str) -> str:
    """Return the scrap between quotes, safe to print, its start if it is long."""
    text = printable(scrap)
    return f"'{text[:80]}…'" if len(text) > 80 else f"'{text}'"  # noqa: PLR2004 - a line's worth
