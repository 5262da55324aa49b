"""Interface -> what it is, where its shape misleads."""

from __future__ import annotations

import pytest
from cluster import Cluster


def notes(node: Cluster) -> dict[str, str]:
    """Return the pod's notes by interface."""
    return {one.name: one.note for one in node.joined("pod1").interfaces}


def test_kubevirts_bridge_binding_keeps_the_veth_for_main() -> None:
    """eth0-nic is the pod's veth, the dummy eth0 only stands in for it."""
    node = Cluster()
    node.pod(1, addresses=("10.128.0.1",))
    node.lone(1, 5, "k6t-eth0", kind="bridge", addresses=("169.254.75.10/32",))
    outer, inner = node.pair(1, 544, "vethA", "eth0-nic", 4)
    node.change(inner, master=5, addresses=())
    node.lone(1, 6, "tap0", kind="tun", master=5)
    node.lone(1, 7, "eth0", kind="dummy")
    node.annotate(
        1,
        "pod1",
        status='[{"name":"sdn","interface":"eth0","ips":["10.128.0.1"],"default":true}]',
    )
    pod = node.joined("pod1")
    assert pod.main is not None
    assert (pod.main.name, pod.main.host, pod.main.network) == (
        "eth0-nic",
        outer,
        "sdn",
    )
    assert pod.addresses == ("10.128.0.1",)
    assert not pod.disputed
    found = notes(node)
    assert "given to the virtual machine" in found["eth0-nic"]
    assert "stands for eth0-nic" in found["eth0"]
    assert "tap" in found["tap0"]
    assert "bridge" in found["k6t-eth0"]


def test_kubevirts_masquerade_does_not_give_every_pod_one_address() -> None:
    """10.0.2.1 is on the bridge of every such machine, and no pod's own."""
    node = Cluster()
    node.pod(1)
    node.pair(1, 12, "vethA")
    node.lone(1, 5, "k6t-eth0", kind="bridge", addresses=("10.0.2.1/24",))
    node.lone(1, 6, "tap0", kind="tun", master=5)
    pod = node.joined("pod1")
    assert pod.addresses == ("10.128.0.1",)
    assert pod.main is not None
    assert (pod.main.name, pod.main.note) == ("eth0", "")


def test_katas_tap_is_told_and_eth0_is_main() -> None:
    """The machine's tap stands beside the veth that its traffic takes."""
    node = Cluster()
    node.pod(1, handler="kata")
    node.pair(1, 12, "vethA", inner=3)
    node.lone(1, 2, "tap0_kata", kind="tun")
    pod = node.joined("pod1")
    assert pod.main is not None
    assert pod.main.name == "eth0"
    assert "Kata" in notes(node)["tap0_kata"]


def test_gvisors_eth0_has_no_address_in_the_kernel() -> None:
    """The runtime's address stands, and why the kernel has none."""
    node = Cluster()
    node.pod(1, handler="runsc", addresses=("10.128.0.1",))
    _, inner = node.pair(1, 12, "vethA")
    node.change(inner, addresses=())
    pod = node.joined("pod1")
    assert (pod.addresses, pod.disputes) == (("10.128.0.1",), ())
    assert "gVisor" in notes(node)["eth0"]


@pytest.mark.parametrize("name", ["tunl0", "sit0", "gre0", "ip6tnl0"])
def test_the_kernels_fallback_tunnels_are_no_answer(name: str) -> None:
    """What the kernel puts into each namespace is told so, and counts for nothing."""
    node = Cluster()
    node.pod(1)
    made = node.lone(1, 2, name, kind="ipip")
    node.change(made, up=False)
    assert "kernel" in notes(node)[name]
    assert node.joined("pod1").reason == "no interface but lo"
