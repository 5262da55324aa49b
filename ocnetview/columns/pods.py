"""The columns of pods, and of what else has a network namespace."""

from __future__ import annotations

from ipaddress import ip_address

from ocnetview.columns.column import NOTHING, Column, rate_columns, shown
from ocnetview.columns.measures import Measure
from ocnetview.model import Evidence, EvidenceKind, Pod, PodKind, Relation
from ocnetview.units import age, printable


def _inside(pod: Pod) -> str:
    """Return the name of the interface that stands for the pod."""
    main = pod.main
    return main.name if main else ""


def _veth(pod: Pod) -> str:
    """Return the host's end of that interface."""
    main = pod.main
    outer = main.outer if main else None
    return outer.name if outer else ""


def _veth_text(pod: Pod) -> str:
    """Return the host's end, else what stands for it: the parent, or where it is."""
    if pod.host_network:
        return "host network"
    other = pod.main.counterpart if pod.main else None
    if other is None or _veth(pod):
        proof = pod.main.proof if pod.main else None
        return f"?{shown(_veth(pod))}" if _doubtful(proof) else shown(_veth(pod))
    if other.relation is Relation.PARENT:
        return f"on {printable(other.link.name)}" if other.link else shown(other.text)
    if other.link:
        return f"{printable(other.link.name)} {shown(other.text or str(other.where))}"
    return shown(other.text or str(other.where))


def _doubtful(proof: Evidence | None) -> bool:
    """Claim that the kernel says nothing of a match."""
    kernel = (EvidenceKind.KERNEL, EvidenceKind.KERNEL_ONE)
    return proof is not None and proof.kind not in kernel


def _port(pod: Pod) -> str:
    main = pod.main
    return main.port if main else ""


def _age(pod: Pod) -> str:
    return age(pod.age) if pod.age else NOTHING


def _ready(pod: Pod) -> str:
    """Return how many containers are ready, and of how many."""
    return NOTHING if pod.kind is PodKind.NETNS else f"{pod.ready}/{pod.expected}"


def _pod_title(pod: Pod) -> str:
    """Return the title; what runs in another container stands below that."""
    mark = "" if pod.kind is PodKind.POD else f" ({pod.kind})"
    return ("└ " if pod.engine else "") + printable(pod.title) + mark


_PROOFS = {
    EvidenceKind.KERNEL: "kernel",
    EvidenceKind.KERNEL_ONE: "one end",
    EvidenceKind.OVS: "OVS",
    EvidenceKind.CNI: "CNI",
    EvidenceKind.NAME: "name",
    EvidenceKind.ADDRESS: "address",
}
"""The kinds of evidence in a word."""


def _proof(pod: Pod) -> str:
    """Return how the veth is known, and whether something says otherwise."""
    main = pod.main
    proof = main.proof if main else None
    word = _PROOFS[proof.kind] if proof else ""
    return f"{word} ≠".lstrip() if pod.disputed else word


def _from(pod: Pod) -> str:
    return "+".join(pod.sources)


def _addresses(pod: Pod) -> str:
    """Return the first address, and how many more there are."""
    first, *more = pod.addresses or ("",)
    return shown(first) + (f" +{len(more)}" if more else "")


def _address_order(pod: Pod) -> str:
    """Return a text that sorts addresses as numbers, IPv4 first; others last."""
    try:
        address = ip_address(pod.addresses[0])
    except ValueError:
        return pod.addresses[0]
    return f"{address.version}{int(address):039d}"


POD_COLUMNS: tuple[Column[Pod], ...] = (
    Column(
        "title",
        "POD",
        28,
        lambda p: p.title,
        _pod_title,
        grows=True,
        wants=46,
        named=True,
    ),
    Column(
        "addresses",
        "ADDRESS",
        15,
        lambda p: p.addresses,
        _addresses,
        order=_address_order,
    ),
    Column(
        "inside",
        "INSIDE",
        6,
        lambda p: _inside(p) or None,
        lambda p: shown(_inside(p)),
        rank=4,
    ),
    Column("veth", "VETH", 16, lambda p: _veth(p) or None, _veth_text),
    Column(
        "proof",
        "PROOF",
        8,
        lambda p: _proof(p) or None,
        lambda p: shown(_proof(p)),
        rank=4,
    ),
    Column(
        "port",
        "PORT",
        22,
        lambda p: _port(p) or None,
        lambda p: shown(_port(p)),
        rank=4,
    ),
    Column(
        "status",
        "STATUS",
        10,
        lambda p: p.status or None,
        lambda p: shown(p.status),
        rank=1,
        wants=17,
    ),
    Column("running", "READY", 5, lambda p: p.running, _ready, right=True, rank=1),
    Column(
        "age",
        "AGE",
        5,
        lambda p: p.age,
        _age,
        right=True,
        measure=Measure.AGE,
        rank=1,
    ),
    Column(
        "sources",
        "FROM",
        8,
        lambda p: p.sources,
        lambda p: shown(_from(p)),
        rank=5,
        wants=16,
    ),
    *rate_columns(rank=3),
)
