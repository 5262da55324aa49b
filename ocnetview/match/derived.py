"""Pod -> the names that CNIs derive for its links on the node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ocnetview.facts import Link, Netns, Sandbox
from ocnetview.frozen import dataclass
from ocnetview.match.claims import Claim, is_live
from ocnetview.model import EvidenceKind, Pod, PodKind

SOURCE = "name"
# Python 3.11 takes as long to find a member of an enumeration as to call a function.
_POD = PodKind.POD
_NAME = 15
"""IFNAMSIZ less the closing zero: the longest name of a link."""
_DIGEST = 11
"""So many digits of a digest are in the names of Calico and the AWS VPC CNI."""
_PREFIX = 4
_KUBE_OVN = 12
_ANTREA, _SHORT_DIGEST = 8, 6
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one namespace's links, as derived ones are looked up."""

    all: frozenset[str]
    by_digest: Mapping[str, str]
    """Names that end in a digest, by the digest."""
    numbered: Mapping[str, tuple[str, ...]]
    """Names with a `_`, by the first four characters: a sandbox id's begin."""
    short: frozenset[str]
    """Names that end in as short a digest as Antrea's."""


def index(links: Iterable[Link]) -> Mapping[Netns, Names]:
    """Return the links' names by namespace, keyed for `claims`."""
    everything: dict[Netns, list[str]] = defaultdict(list)
    for link in links:
        everything[link.netns].append(link.name)
    return {where: _names(names) for where, names in everything.items()}


def _names(names: list[str]) -> Names:
    numbered: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for name in names:
        if "_" in name:
            numbered[name[:_PREFIX]] += (name,)
    digests = {
        name[-_DIGEST:]: name
        for name in sorted(names)
        if len(name) > _DIGEST and _HEX.issuperset(name[-_DIGEST:])
    }
    short = {
        name
        for name in names
        if len(end := name.rpartition("-")[2]) == _SHORT_DIGEST and _HEX.issuperset(end)
    }
    return Names(frozenset(names), digests, numbered, frozenset(short))


def claims(pod: Pod, names: Names) -> Iterator[Claim]:
    """Yield the links that are there and are called as a CNI would call the pod's."""
    if pod.kind is not _POD or not is_live(pod):
        return
    if names.by_digest:
        found = names.by_digest.get(_digest(f"{pod.namespace}.{pod.name}"), "")
        if _is_prefix(found[:-_DIGEST]):
            detail = f"{found} ends in sha1({pod.namespace}.{pod.name})"
            yield _claim(pod, found, f"{detail}, as Calico and AWS")
    if pod.sandbox is not None and pod.sandbox.id:
        yield from _of_sandbox(pod, pod.sandbox, names)


def _is_prefix(text: str) -> bool:
    """Claim that a name's begin may be a CNI's: cali, eni, or what it was set to."""
    return text.isascii() and text.isalpha() and len(text) <= _PREFIX


def _of_sandbox(pod: Pod, sandbox: Sandbox, names: Names) -> Iterator[Claim]:
    """Yield the links that are called after the sandbox's id."""
    short = sandbox.id[:_NAME]
    if short in names.all:
        detail = f"{short} is how sandbox {sandbox.id} begins, as OVN-Kubernetes names"
        yield _claim(pod, short, detail, "eth0")
    for name in names.numbered.get(sandbox.id[:_PREFIX], ()):
        yield from _numbered(pod, sandbox, name)
    for name in names.numbered.get(sandbox.id[:_KUBE_OVN][:_PREFIX], ()):
        yield from _kube_ovn(pod, sandbox, name)
    if not names.short:
        return
    begin = pod.name[:_ANTREA].lstrip("-")
    antrea = f"{begin}-{_digest(sandbox.id)[:_SHORT_DIGEST]}"
    if antrea in names.short:
        detail = (
            f"{antrea} is the pod's name and sha1 of sandbox {sandbox.id}, as Antrea"
        )
        yield _claim(pod, antrea, detail, "eth0")


def _numbered(pod: Pod, sandbox: Sandbox, name: str) -> Iterator[Claim]:
    """Yield OVN-Kubernetes' name for another network: id, _, the index inside."""
    begin, _, number = name.rpartition("_")
    fits = len(name) == _NAME and sandbox.id.startswith(begin)
    if fits and number.isascii() and number.isdigit():
        detail = (
            f"{name} is how sandbox {sandbox.id} begins and ifindex {number} inside,"
            " as OVN-Kubernetes names"
        )
        yield _claim(pod, name, detail, ifindex=int(number))


def _kube_ovn(pod: Pod, sandbox: Sandbox, name: str) -> Iterator[Claim]:
    """Yield kube-ovn's name: the id's begin, the interface inside, and _h."""
    begin, _, last = name.rpartition("_")
    begin, _, ifname = begin.partition("_")
    whole = len(begin) == _KUBE_OVN - len(ifname)
    if last == "h" and whole and sandbox.id.startswith(begin):
        detail = f"{name} is how sandbox {sandbox.id} begins and _h, as kube-ovn names"
        yield _claim(pod, name, detail, ifname or "eth0")


def _claim(
    pod: Pod, name: str, detail: str, ifname: str = "", ifindex: int | None = None
) -> Claim:
    return Claim(
        EvidenceKind.NAME, SOURCE, name, detail, pod.key, ifname=ifname, ifindex=ifindex
    )


@lru_cache(maxsize=4096)
def _digest(text: str) -> str:
    """Return the begin of a text's sha1, as the CNIs take it."""
    import hashlib  # noqa: PLC0415 - cost: it loads OpenSSL

    whole = hashlib.sha1(text.encode("utf-8", "replace"), usedforsecurity=False)
    return whole.hexdigest()[:_DIGEST]
