"""The columns of pods, and of what else has a network namespace."""

from __future__ import annotations

from ipaddress import ip_address

from ocnetview.columns.column import Column, rate_columns, shown
from ocnetview.model import Pod, PodKind
from ocnetview.units import age, printable


def _inside(pod: Pod) -> str:
    """Return the name of the interface that stands for the pod."""
    return pod.main.name if pod.main else ""


def _veth(pod: Pod) -> str:
    """Return the host's end of that interface."""
    return pod.main.outer.name if pod.main and pod.main.outer else ""


def _veth_text(pod: Pod) -> str:
    return "host network" if pod.host_network else shown(_veth(pod))


def _port(pod: Pod) -> str:
    return pod.main.port if pod.main else ""


def _ready(pod: Pod) -> str:
    return f"{pod.running}/{len(pod.containers)}"


def _pod_title(pod: Pod) -> str:
    mark = "" if pod.kind is PodKind.POD else " (container)"
    return printable(pod.title) + mark


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
        rank=2,
    ),
    Column("veth", "VETH", 15, lambda p: _veth(p) or None, _veth_text),
    Column(
        "port",
        "PORT",
        22,
        lambda p: _port(p) or None,
        lambda p: shown(_port(p)),
        rank=4,
    ),
    Column("running", "READY", 5, lambda p: p.running, _ready, right=True, rank=1),
    Column("age", "AGE", 5, lambda p: p.age, lambda p: age(p.age), right=True, rank=1),
    *rate_columns(rank=3),
)
