"""CNI result -> the link on the node that it names, and Multus' representors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ocnetview.facts import PAIRED_KINDS, CniFacts, CniInterface, Netns, Sandbox
from ocnetview.frozen import dataclass
from ocnetview.match.claims import Claim, Identities, is_live
from ocnetview.match.kernel import Kernel
from ocnetview.match.networks import Network
from ocnetview.model import EvidenceKind, Pod

_DEFAULT = "eth0"
"""What every runtime of the CRI asks CNI to call the first interface."""
_INSIDE = frozenset({_DEFAULT, "lo"})
"""Never a link on the node: old containerd results give no namespace for them."""


@dataclass(frozen=True, slots=True)
class Result:
    """One CNI result of a live sandbox, from wherever it was kept."""

    pod: Pod
    where: str
    """Who kept it, in words."""
    source: str
    interfaces: tuple[CniInterface, ...]
    ifname: str = ""

    @property
    def outside(self) -> list[str]:
        """Return the names that it may mean as links on the node, in order."""
        inside = {*_INSIDE, self.ifname}
        outer = {one.name for one in self.interfaces if not one.netns_path}
        return sorted(outer - inside)


def results(
    pods: Iterable[Pod], cache: Iterable[CniFacts], known: Identities
) -> tuple[Result, ...]:
    """Return what runtimes and the cache on disk kept of the live sandboxes."""
    return (*_kept(pods), *_cached(cache, known))


def claims(
    found: Iterable[Result], kernel: Kernel, homes: Mapping[str, Netns | None]
) -> Iterator[Claim]:
    """Yield the links that CNI results name as the node's side.

    `homes` has the namespace where each pod's peers are, by the pod's key.
    """
    named = [(result, result.outside) for result in found]
    counted = Counter(name for _, outside in named for name in outside)
    for result, outside in named:
        home = homes.get(result.pod.key)
        names = _candidates(outside, kernel, home, counted)
        if not names:
            continue
        inner = [i for i in result.interfaces if i.netns_path and i.name != "lo"]
        one = inner[0] if len(inner) == 1 else None
        listed = result.ifname or (one.name if one else "")
        ifname = listed or ("" if inner else _DEFAULT)
        mac = one.mac.lower() if one else ""
        alone = len(names) == 1
        for name in names:
            yield Claim(
                EvidenceKind.CNI,
                result.source,
                name,
                f"{result.where} lists {name} on the node"
                + (f" and {listed} in the pod" if listed else ""),
                result.pod.key,
                ifname=ifname if alone else "",
                mac=mac if alone else "",
            )


def inside(found: Iterable[Result]) -> Mapping[str, tuple[str, ...]]:
    """Return the names that CNI gave the interfaces in each pod, by the pod's key."""
    names: dict[str, list[str]] = defaultdict(list)
    for result in found:
        inner = [i.name for i in result.interfaces if i.netns_path]
        names[result.pod.key] += [result.ifname] if result.ifname else inner
    return {
        key: tuple(dict.fromkeys(name for name in some if name not in ("", "lo")))
        for key, some in names.items()
    }


def _kept(pods: Iterable[Pod]) -> Iterator[Result]:
    """Yield the results that runtimes kept, of the live sandboxes."""
    for pod in pods:
        sandbox = pod.sandbox
        if sandbox is not None and sandbox.cni and is_live(pod):
            where = f"the CNI result that {sandbox.runtime} keeps"
            yield Result(pod, where, "cri", sandbox.cni)


def _cached(cache: Iterable[CniFacts], known: Identities) -> Iterator[Result]:
    """Yield the results of the cache on disk, of the live sandboxes."""
    for facts in cache:
        for one in facts.results:
            pod = known.ids.get(one.container_id)
            if pod and is_live(pod) and _is_of(pod, one.container_id):
                where = f"the CNI result {one.path}"
                yield Result(pod, where, "cni", one.interfaces, one.ifname)


def _is_of(pod: Pod, container_id: str) -> bool:
    """Claim that a result is of the live attempt, or of a container without one."""
    sandbox: Sandbox | None = pod.sandbox
    return sandbox is None or sandbox.id == container_id


def _candidates(
    names: list[str], kernel: Kernel, home: Netns | None, counted: Counter[str]
) -> list[str]:
    """Return which of them are a pod's own: paired links, as the kernel says.

    A result lists the bridge, too. A name that the kernel does not know is taken
    only where it is the only one left that no other sandbox has, for a bridge is
    shared and a veth is not.
    """
    links = {name: kernel.named.get((home, name)) for name in names}
    paired = [n for n, link in links.items() if link and link.kind in PAIRED_KINDS]
    if paired:
        return paired
    left = [n for n, link in links.items() if link is None and counted[n] == 1]
    return left if len(left) == 1 else []


def representors(pod: Pod, networks: Iterable[Network]) -> Iterator[Claim]:
    """Yield the representors that Multus names for the pod's SR-IOV functions."""
    for network in networks:
        if network.representor:
            yield Claim(
                EvidenceKind.CNI,
                "multus",
                network.representor,
                f"{network.source} gives {network.representor} as the representor of"
                f" {network.pci or 'a function'} for {network.name or 'a network'}",
                pod.key,
                ifname=network.ifname,
                mac=network.mac,
                addresses=network.addresses,
                network=network.name,
                representor=True,
            )
