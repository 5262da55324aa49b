"""Interface -> what it is, where its shape misleads."""

from __future__ import annotations

from collections.abc import Iterable

from ocnetview.facts import PAIRED_KINDS, Link
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
    name, names = link.name, {one.name for one in links}
    bridges = {one.ifindex: one.name for one in links if one.name.startswith("k6t-")}
    if is_fallback(link):
        return "the kernel's own, made with its module"
    if name.startswith("k6t-"):
        return "bridge to the virtual machine (KubeVirt)"
    if name.endswith("_kata"):
        return "tap of the virtual machine, mirrored to the pod's veth (Kata)"
    if link.master in bridges:
        if link.kind in PAIRED_KINDS:
            of = name.removesuffix("-nic")
            return f"the pod's {of}, moved to the virtual machine's bridge (KubeVirt)"
        return "tap of the virtual machine (KubeVirt)"
    if link.kind in ("dummy", "") and f"{name}-nic" in names and bridges:
        return f"stands for {name}-nic, which the virtual machine has (KubeVirt)"
    if link.kind == "tun" and name.startswith("tap") and bridges:
        return "tap of the virtual machine (KubeVirt)"
    if link.kind in PAIRED_KINDS and withholds(pod) and not _global(link):
        return "gVisor keeps its addresses and routes outside the kernel"
    return _plain(link, pod)


def _plain(link: Link, pod: Pod) -> str:
    """Return what is to be known of a link without a peer."""
    if link.kind == "tun" and not pod.uid:
        return "tap that a program serves, as slirp4netns and pasta do"
    if link.kind == "" and link.parent_dev:
        return f"a device of its own: {link.parent_dev}"
    return ""


def _global(link: Link) -> bool:
    """Claim that it has an address beyond the link-local ones."""
    return any(not address.startswith("fe80:") for address in link.addresses)
