"""A node for tests, put together piece by piece, then joined."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from builders import (
    HOST,
    cri,
    kube,
    kube_pod,
    link,
    member,
    netns,
    ovs,
    sample,
    sandbox,
    veth,
)

from ocnetview.build import build_model
from ocnetview.facts import (
    CniFacts,
    CniResult,
    Container,
    Facts,
    KubePod,
    Link,
    LinkFacts,
    NamespaceLinks,
    OvsInterface,
    Sandbox,
)
from ocnetview.model import Interface, NodeModel, Pod


@dataclass
class Cluster:
    """Pods, links and rows of one node; namespace 0 is the node's own."""

    links: list[Link] = field(default_factory=list)
    """Of every namespace."""
    unread: dict[int, str] = field(default_factory=dict)
    """Namespaces that cannot be looked into, and why."""
    pins: dict[int, str] = field(default_factory=dict)
    boxes: list[Sandbox | Container] = field(default_factory=list)
    rows: list[OvsInterface] = field(default_factory=list)
    api: list[KubePod] = field(default_factory=list)
    results: list[CniResult] = field(default_factory=list)
    silent: bool = False
    """Claims that the kernel was not heard."""
    more: list[Facts] = field(default_factory=list)

    def pod(
        self, number: int, name: str = "", sid: str = "", **facts: object
    ) -> Sandbox:
        """Add shop/NAME with one container, in namespace `number`."""
        name = name or f"pod{number}"
        box = sandbox(number, name, f"uid-{number}", **facts)
        box = replace(box, id=sid or box.id)
        app = member(1000 + number, "app", box)
        self.boxes += [box, app]
        return box

    def pair(
        self, number: int, ifindex: int, name: str, inside: str = "eth0", inner: int = 2
    ) -> tuple[Link, Link]:
        """Add a veth pair between the node and namespace `number`."""
        pair = veth(number, ifindex, name, inner, inside)
        self.links += pair
        return pair

    def lone(self, number: int, ifindex: int, name: str, **facts: object) -> Link:
        """Add one link in namespace `number`."""
        made = link(ifindex, name, number, **facts)
        self.links.append(made)
        return made

    def row(self, name: str, ofport: int = 5, /, **external_ids: str) -> None:
        """Add a port of br0; `_` in a key stands for itself, `__` for `-`."""
        ids = {key.replace("__", "-"): value for key, value in external_ids.items()}
        self.rows.append(OvsInterface(name, ofport=ofport, external_ids=ids))

    def annotate(self, number: int, name: str, **annotations: str) -> None:
        """Add the API's pod shop/NAME with `status` as Multus' annotation."""
        keys = {
            "status": "k8s.v1.cni.cncf.io/network-status",
            "networks": "k8s.ovn.org/pod-networks",
        }
        told = {keys.get(key, key): value for key, value in annotations.items()}
        self.api.append(kube_pod(name, f"uid-{number}", annotations=told))

    def facts(self) -> LinkFacts:
        """Return what the kernel says."""
        numbers = {one.netns.ino - HOST.ino for one in self.links} | {*self.unread}
        numbers |= {*self.pins}
        inside = [
            NamespaceLinks(
                netns(number),
                number,
                (self.pins[number],) if number in self.pins else (),
                links=None
                if number in self.unread
                else tuple(one for one in self.links if one.netns == netns(number)),
                reason=self.unread.get(number, ""),
            )
            for number in sorted(numbers - {0})
        ]
        host = tuple(one for one in self.links if one.netns == HOST)
        return LinkFacts(HOST, host, tuple(inside))

    def model(self) -> NodeModel:
        """Return the node, joined."""
        facts: list[Facts] = [cri(*self.boxes), ovs(*self.rows), *self.more]
        if not self.silent:
            facts.append(self.facts())
        if self.api:
            facts.append(kube(*self.api))
        if self.results:
            facts.append(CniFacts(tuple(self.results)))
        return build_model(sample(*facts))

    def joined(self, name: str) -> Pod:
        """Return the pod of this name."""
        (pod,) = [pod for pod in self.model().pods if pod.name == name]
        return pod

    def interface(self, pod: str, name: str) -> Interface:
        """Return a pod's interface of this name."""
        (found,) = [one for one in self.joined(pod).interfaces if one.name == name]
        return found

    def change(self, one: Link, **facts: object) -> Link:
        """Put another link in a link's place."""
        changed = one._replace(**facts)  # type: ignore[arg-type]
        self.links[self.links.index(one)] = changed
        return changed
