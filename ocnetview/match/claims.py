"""What sources other than the kernel say of which link belongs to which pod."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ocnetview.facts import ContainerState, Sandbox
from ocnetview.frozen import dataclass
from ocnetview.model import EvidenceKind, Pod, PodKind

STRENGTH = {kind: place for place, kind in enumerate(EvidenceKind)}
"""The smaller, the stronger."""
# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_EXITED, _POD = ContainerState.EXITED, PodKind.POD
_ENDED = frozenset({"Completed", "Succeeded", "Failed", "Error", "Evicted"})


@dataclass(frozen=True, slots=True)
class Claim:
    """That an interface of a pod has this link outside, as somebody says."""

    kind: EvidenceKind
    source: str
    says: str
    """The link's name where the pod's peers are: on the node, or in its engine."""
    detail: str
    pod: str
    """The pod's key."""
    ifname: str = ""
    """Which interface of the pod it is, by whatever of these the source says."""
    ifindex: int | None = None
    mac: str = ""
    addresses: tuple[str, ...] = ()
    network: str = ""
    port: str = ""
    """The key of the OVS port; empty where the source is not OVS."""
    representor: bool = False
    """Claims that the link stands for an SR-IOV function."""

    @property
    def hinted(self) -> bool:
        """Claim that it says of which interface it speaks."""
        return bool(self.ifname or self.mac or self.network or self.ifindex)


@dataclass(frozen=True, slots=True)
class Identities:
    """Pods by each thing that a source may call them."""

    ids: Mapping[str, Pod]
    """By the ids of sandboxes, of earlier attempts too, and of containers."""
    uids: Mapping[str, Pod]
    names: Mapping[tuple[str, str], tuple[Pod, ...]]
    """By namespace and name: one made anew may be listed beside the old one."""

    def named(self, namespace: str, name: str) -> Pod | None:
        """Return the only live pod of this name, else the only one."""
        found = self.names.get((namespace, name), ())
        living = [pod for pod in found if is_live(pod)] or list(found)
        return living[0] if len(living) == 1 else None


def is_live(pod: Pod) -> bool:
    """Claim that a pod may have a network: a ready sandbox, or what runs.

    Of a pod that only the API tells of, it must not have ended.
    """
    if pod.sandbox is not None:
        return pod.sandbox.ready
    if pod.containers:
        return any(c.state is not _EXITED for c in pod.containers)
    return pod.status not in _ENDED


def sandboxes(pod: Pod) -> tuple[Sandbox, ...]:
    """Return the live sandbox and the earlier ones."""
    return (*((pod.sandbox,) if pod.sandbox else ()), *pod.attempts)


def identify(pods: Iterable[Pod]) -> Identities:
    """Return the pods by everything that they may be called.

    A static pod has another uid in the API than in its runtime. Of two with one
    container or uid the first is taken, in the rows' order.
    """
    ids: dict[str, Pod] = {}
    uids: dict[str, Pod] = {}
    names: dict[tuple[str, str], tuple[Pod, ...]] = defaultdict(tuple)
    for pod in pods:
        for sandbox in sandboxes(pod):
            ids.setdefault(sandbox.id, pod)
            uids.setdefault(sandbox.uid, pod)
        for container in pod.containers:
            ids.setdefault(container.id, pod)
        uids.setdefault(pod.uid, pod)
        if pod.api is not None:
            uids.setdefault(pod.api.uid, pod)
        if pod.kind is _POD and not pod.engine:
            names[pod.namespace, pod.name] += (pod,)
    uids.pop("", None)
    return Identities(ids, uids, names)


def by_pod(claims: Iterable[Claim]) -> Mapping[str, tuple[Claim, ...]]:
    """Return the claims of each pod by its key, the strongest first."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.pod].append(claim)
    return {
        key: tuple(sorted(some, key=lambda c: (STRENGTH[c.kind], c.says, c.detail)))
        for key, some in found.items()
    }
