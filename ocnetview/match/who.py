"""Any scrap of a name or number -> what on the node answers to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from ocnetview.errors import AmbiguousError, NotFoundError
from ocnetview.facts import Container, Link
from ocnetview.match.names import container_name
from ocnetview.match.paths import spell_path
from ocnetview.model import Interface, NodeModel, Pod, Port, TreeProcess
from ocnetview.units import printable

_HEX = frozenset("0123456789abcdef")
_MAC_DIGITS = 12
_NUMBER_DIGITS = 10
"""Both are 31-bit numbers in the kernel."""


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
    """The name of the link that the scrap belongs to, where it is of a link."""

    def path(self, model: NodeModel) -> tuple[str, ...]:
        """Return the way from here to the other nodes, or the link standing alone."""
        hops = spell_path(
            model,
            pod=self.pod,
            port=self.port,
            process=self.process,
            container=self.container,
        )
        if not hops and self.link:
            return (f"{printable(self.link.name)} ({self.link.ifindex}) of the node",)
        return hops


def number_in(scrap: str) -> int | None:
    """Return the number that a scrap is, if a pid or an ifindex can be that large."""
    if scrap.isascii() and scrap.isdigit() and len(scrap) <= _NUMBER_DIGITS:
        return int(scrap)
    return None


def find(model: NodeModel, scrap: str) -> tuple[Answer, ...]:
    """Return what answers to a PID, ifname, ifindex, address, MAC, id or name.

    A number may be a PID and an ifindex at once: both are answered. The prefix of
    a container's id counts only where nothing answers exactly.

    Raises:
        NotFoundError: nothing on the node answers to it.
        AmbiguousError: several pods or containers do, of which one must be meant.
    """
    exact = [
        *_by_number(model, scrap),
        *_by_ifname(model, scrap),
        *_by_address(model, scrap),
        *_by_mac(model, scrap),
        *_by_name(model, scrap),
    ]
    answers = exact or _by_id(model, scrap)
    if not answers:
        raise NotFoundError(
            f"nothing on this node answers to {_quoted(scrap)} (looked for a PID,"
            " ifname, ifindex, IP address, MAC, container id, container or pod name)"
            + _meant(model, scrap)
        )
    return tuple(answers)


def find_pod(model: NodeModel, scrap: str) -> tuple[Pod, Container | None]:
    """Return the pod, or the container in it, that a name or id stands for.

    Raises:
        NotFoundError: no pod or container answers to it.
        AmbiguousError: several do.
    """
    answers = _by_name(model, scrap) or _by_id(model, scrap)
    for answer in answers:
        if answer.pod:
            return answer.pod, answer.container
    raise NotFoundError(
        f"no pod or container answers to {_quoted(scrap)}" + _meant(model, scrap)
    )


def _by_number(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield the process with this pid and the host's link with this index."""
    number = number_in(scrap)
    if number is None:
        return
    for row in model.processes:
        if row.process.pid == number:
            container = _containers(model).get(row.process.container_id)
            pod = model.pods_by_key.get(row.pod)
            yield Answer("pid", pod, container and container[1], row)
    for link in model.links:
        if link.ifindex == number:
            yield from _of_link("ifindex", model, link)


def _by_ifname(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield the host's link, or the port without a link, of this name."""
    links = [link for link in model.links if link.name == scrap]
    for link in links:
        yield from _of_link("ifname", model, link)
    for port in model.ports_by_key.values():
        if port.name == scrap and not links:
            yield Answer("port", model.pods_by_key.get(port.pod), port=port)


def _of_link(what: str, model: NodeModel, link: Link) -> list[Answer]:
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


def _of_interface(
    what: str, model: NodeModel, pod: Pod, interface: Interface
) -> Answer:
    """Return the answer that an interface inside a pod is."""
    return Answer(
        what,
        pod,
        link=interface.host,
        interface=interface,
        port=model.ports_by_key.get(interface.port),
        of=interface.name,
    )


def _by_address(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield every interface and link with this IP address, however it is written."""
    try:
        wanted = ip_address(scrap.partition("/")[0])
    except ValueError:
        return

    def has(link: Link | None) -> bool:
        return link is not None and any(
            _is_address(text, wanted) for text in link.addresses
        )

    found = [pod for pod in model.pods if any(has(i.link) for i in pod.interfaces)]
    for pod in found:
        interface = next(i for i in pod.interfaces if has(i.link))
        yield _of_interface("address", model, pod, interface)
    for link in model.links:
        if has(link):
            yield from _of_link("address", model, link)
    for pod in model.pods:
        # Of a pod that cannot be looked into, what its runtime says must do.
        if not pod.interfaces and not pod.host_network and str(wanted) in pod.addresses:
            yield Answer("address", pod)


def _is_address(text: str, wanted: IPv4Address | IPv6Address) -> bool:
    """Claim that a text is this address, with or without a prefix length."""
    try:
        return ip_address(text.partition("/")[0]) == wanted
    except ValueError:
        return False


def _by_mac(model: NodeModel, scrap: str) -> Iterator[Answer]:
    """Yield every interface and link with this MAC; duplicates are normal."""
    digits = scrap.lower().replace("-", ":").replace(":", "").replace(".", "")
    if len(digits) != _MAC_DIGITS or not _HEX.issuperset(digits):
        return
    if not {":", "-", "."} & set(scrap):
        return
    wanted = bytes.fromhex(digits).hex(":")
    for pod in model.pods:
        for interface in pod.interfaces:
            if interface.link and interface.link.mac == wanted:
                yield _of_interface("mac", model, pod, interface)
    for link in model.links:
        if link.mac == wanted:
            yield from _of_link("mac", model, link)


def _by_name(model: NodeModel, scrap: str) -> list[Answer]:
    """Return the pods and the containers of this name, one of each at most."""
    if not scrap:
        return []
    pods = [pod for pod in model.pods if scrap in (pod.name, pod.title, pod.uid)]
    inside = [
        (pod, container)
        for pod, container in _containers(model).values()
        if scrap in (container.name, container_name(container)) and pod not in pods
    ]
    if len(pods) + len(inside) > 1:
        titles = [f"pod {p.title}" for p in pods]
        titles += [f"container {c.name} of {p.title}" for p, c in inside]
        raise _ambiguous(scrap, titles)
    return [
        *(Answer("uid" if scrap == pod.uid else "name", pod) for pod in pods),
        *(Answer("name", pod, container) for pod, container in inside),
    ]


def _by_id(model: NodeModel, scrap: str) -> list[Answer]:
    """Return the container whose id begins so."""
    prefix = scrap.lower()
    if not prefix or not _HEX.issuperset(prefix):
        return []
    found = [
        (pod, container)
        for key, (pod, container) in _containers(model).items()
        if key.startswith(prefix)
    ]
    if len(found) > 1:
        raise _ambiguous(scrap, [f"{c.id[:12]} {c.name}" for _, c in found])
    return [Answer("container id", pod, container) for pod, container in found]


def _containers(model: NodeModel) -> dict[str, tuple[Pod, Container]]:
    """Return every container with its pod by its id."""
    found = {c.id: (pod, c) for pod in model.pods for c in pod.containers}
    for pod in model.pods:
        if pod.sandbox and pod.sandbox.container:
            found[pod.sandbox.id] = (pod, pod.sandbox.container)
    return found


def _ambiguous(scrap: str, titles: list[str]) -> AmbiguousError:
    """Return the error that names what could be meant."""
    shown = ", ".join(printable(title) for title in titles[:8])
    more = f" and {len(titles) - 8} more" if len(titles) > 8 else ""  # noqa: PLR2004 - a line's worth
    return AmbiguousError(
        f"{_quoted(scrap)} could be any of {len(titles)}: {shown}{more}"
    )


def _quoted(scrap: str) -> str:
    """Return the scrap between quotes, safe to print, its start if it is long."""
    text = printable(scrap)
    return f"'{text[:80]}…'" if len(text) > 80 else f"'{text}'"  # noqa: PLR2004 - a line's worth


def _meant(model: NodeModel, scrap: str) -> str:
    """Return pods whose title holds the scrap, as a question; empty for none."""
    wanted = scrap.casefold()
    near = [
        pod.title for pod in model.pods if wanted and wanted in pod.title.casefold()
    ]
    shown = ", ".join(printable(title) for title in near[:5])
    more = ", …" if len(near) > 5 else ""  # noqa: PLR2004 - a line's worth
    return f"; did you mean {shown}{more}?" if near else ""
