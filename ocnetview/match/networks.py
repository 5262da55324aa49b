"""What a pod's annotations say of its networks: Multus' status, OVN-Kubernetes' own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from ocnetview.frozen import dataclass
from ocnetview.model import Pod
from ocnetview.untyped import list_of, object_of, text_of

STATUS = "k8s.v1.cni.cncf.io/network-status"
LEGACY_STATUS = "k8s.v1.cni.cncf.io/networks-status"
POD_NETWORKS = "k8s.ovn.org/pod-networks"
_DECODER = json.JSONDecoder()
_BYTES = frozenset(map(str, range(256)))
"""What stands between the dots of an IPv4 address in its usual form."""


@dataclass(frozen=True, slots=True)
class Network:
    """A pod's attachment to a network; each part may be missing but the source."""

    source: str
    """The annotation's key."""
    name: str = ""
    """namespace/name of a NetworkAttachmentDefinition, or a CNI network's name."""
    ifname: str = ""
    mac: str = ""
    """Lower case with colons."""
    addresses: tuple[str, ...] = ()
    """Without prefix length, as `plain_address` writes them."""
    default: bool = False
    """Claims that the pod's default route is there."""
    pci: str = ""
    """The PCI address of an SR-IOV function (device-info)."""
    representor: str = ""
    """The name of the link on the node that stands for that function."""


@lru_cache(maxsize=16384)
def plain_address(text: str) -> str:
    """Return an IP address without its mask, in its one usual form; "" for none."""
    bare = text.strip().partition("/")[0]
    if bare.count(".") == 3 and _BYTES.issuperset(bare.split(".")):  # noqa: PLR2004 - as IPv4 has
        return bare
    try:
        return str(ip_address(bare))
    except ValueError:
        return ""


def networks(annotations: Mapping[str, str]) -> tuple[Network, ...]:
    """Return the networks that annotations name, in the order of Multus' status.

    Multus calls all of OVN-Kubernetes' own networks alike; what OVN-Kubernetes
    says of the same MAC or address has the name of the definition.
    """
    status = annotations.get(STATUS) or annotations.get(LEGACY_STATUS) or ""
    own = annotations.get(POD_NETWORKS) or ""
    return _networks(status, own) if status or own else ()


def networks_of(pod: Pod) -> tuple[Network, ...]:
    """Return the networks that the API's annotations, or the sandbox's, name."""
    for one in (pod.api, pod.sandbox):
        found = networks(one.annotations) if one is not None else ()
        if found:
            return found
    return ()


@lru_cache(maxsize=4096)
def _networks(status: str, own: str) -> tuple[Network, ...]:
    """Return the same from the annotations' texts, which hardly ever change."""
    named = tuple(_multus(status))
    details = tuple(_ovn(own))
    better = tuple(_renamed(network, details) for network in named)
    told = {network.name for network in better}
    missing = (d for d in details if d.name not in told and not _same(d, named))
    return (*better, *missing)


def _renamed(network: Network, details: tuple[Network, ...]) -> Network:
    """Return the network by the name that OVN-Kubernetes has for it."""
    if "/" in network.name:
        return network
    found = [d for d in details if "/" in d.name and _same(d, (network,))]
    return replace(network, name=found[0].name) if len(found) == 1 else network


def _same(one: Network, others: tuple[Network, ...]) -> bool:
    """Claim that one of the others has its MAC, or else an address of its own."""
    return any(
        (one.mac and one.mac == other.mac)
        or not set(one.addresses).isdisjoint(other.addresses)
        for other in others
    )


def _multus(text: str) -> Iterator[Network]:
    """Yield the entries of network-status, as far as the text goes.

    It is a list that may be cut off anywhere (shown, pasted, or too long for an
    annotation), so that each entry is read on its own.
    """
    position = text.find("[") + 1 if "[" in text else text.find("{")
    while position >= 0:
        start = text.find("{", position)
        if start < 0:
            return
        try:
            entry, position = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        if isinstance(entry, dict):
            yield _status(entry)


def _status(entry: dict[str, Any]) -> Network:
    """Return one entry of network-status (k8snetworkplumbingwg NetworkStatus)."""
    device = object_of(object_of(entry.get("device-info")).get("pci"))
    return Network(
        STATUS,
        name=text_of(entry.get("name")),
        ifname=text_of(entry.get("interface")),
        mac=text_of(entry.get("mac")).lower(),
        addresses=_addresses(entry.get("ips")),
        default=entry.get("default") is True,
        pci=text_of(device.get("pci-address")),
        representor=text_of(device.get("representor-device")),
    )


def _ovn(text: str) -> Iterator[Network]:
    """Yield the entries of OVN-Kubernetes' annotation, which names no interface."""
    try:
        entries = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return
    for name, entry in object_of(entries).items():
        values = object_of(entry)
        yield Network(
            POD_NETWORKS,
            name=name,
            mac=text_of(values.get("mac_address")).lower(),
            addresses=_addresses(values.get("ip_addresses"))
            or _addresses([values.get("ip_address")]),
            default=values.get("role") == "primary",
        )


def _addresses(value: object) -> tuple[str, ...]:
    """Return the addresses among a list's texts."""
    found = (plain_address(text_of(one)) for one in list_of(value))
    return tuple(filter(None, found))
