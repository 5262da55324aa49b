"""Interface -> what it is, where its shape misleads."""

from __future__ import annotations

from collections.abc import Iterable

from ocnetview.facts import PAIRED_KINDS, Link
from ocnetview.match.drafts import plain_addresses
from ocnetview.model import Pod

_FALLBACK = frozenset(
    {"tunl0", "gre0", "gretap0", "erspan0", "sit0", "ip6tnl0", "ip6gre0", "ip_vti0"}
    | {"ip6_vti0"}
)
"""Links that the kernel itself makes in each namespace with their module loaded."""


def is_fallback(link: Link) -> bool:
    """Claim that the kernel made the link, and nobody asked for it."""
    return link.name in _FALLBACK and not link.up


def is_vm(links: Iterable[Link]) -> bool:
    """Claim that a virtual machine has the pod's network: KubeVirt's or Kata's."""
    return any(
        one.name.startswith("k6t-") or one.name.endswith("_kata") for one in links
    )


def withholds(pod: Pod) -> bool:
    """Claim that the runtime keeps addresses outside the kernel, as gVisor does."""
    handler = pod.sandbox.handler if pod.sandbox else ""
    return handler.startswith("runsc") or "gvisor" in handler


def note(link: Link, links: tuple[Link, ...], pod: Pod) -> str:
    """Return what a link is, where that is not what it looks like; else nothing."""
    if is_fallback(link):
        return "the kernel's own, made with its module"
    if link.name.endswith("_kata"):
        return "tap of the virtual machine, mirrored to the pod's veth (Kata)"
    bridges = {one.ifindex for one in links if one.name.startswith("k6t-")}
    if bridges:
        return _kubevirt(link, links, bridges)
    return _plain(link, pod)


def _kubevirt(link: Link, links: tuple[Link, ...], bridges: set[int]) -> str:
    """Return what a link is in the pod of a KubeVirt machine.

    Where the machine has the pod's own address, its veth is renamed eth0-nic and
    a dummy takes its place; else the pod keeps it and the bridge has one of its own.
    """
    if link.ifindex in bridges:
        return "bridge to the virtual machine (KubeVirt)"
    if link.kind == "tun" and link.name.startswith("tap"):
        return "tap of the virtual machine (KubeVirt)"
    if link.master in bridges:
        own = link.name.removesuffix("-nic")
        return f"the pod's {own}, given to the virtual machine (KubeVirt)"
    real = f"{link.name}-nic"
    if any(one.name == real for one in links):
        return f"stands for {real}, which the virtual machine has (KubeVirt)"
    return ""


def _plain(link: Link, pod: Pod) -> str:
    """Return what is to be known of a link that is in no virtual machine's way."""
    if link.kind in PAIRED_KINDS:
        hidden = withholds(pod) and not plain_addresses(link)
        told = "gVisor keeps its addresses and routes outside the kernel"
        return told if hidden else ""
    if link.kind == "tun" and not pod.uid:
        return "tap that a program serves, as slirp4netns and pasta do"
    if not link.kind and link.parent_dev:
        return f"a device of its own: {link.parent_dev}"
    return ""
