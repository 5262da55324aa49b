"""What a pod's annotations say of its networks."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ocnetview.match.networks import (
    LEGACY_STATUS,
    POD_NETWORKS,
    STATUS,
    Network,
    networks,
    plain_address,
)

ETH0 = {
    "name": "openshift-sdn",
    "interface": "eth0",
    "ips": ["10.128.0.9"],
    "default": True,
    "dns": {},
}
NET1 = {
    "name": "shop/vf",
    "interface": "net1",
    "ips": ["10.56.0.1"],
    "mac": "0A:58:0A:38:00:01",
    "device-info": {
        "type": "pci",
        "pci": {"pci-address": "0000:3b:10.5", "representor-device": "enp59s0f0_5"},
    },
}


@pytest.mark.parametrize("key", [STATUS, LEGACY_STATUS])
@pytest.mark.parametrize("indent", [None, 4])
def test_each_entry_is_read(key: str, indent: int | None) -> None:
    """Both keys, compact and pretty-printed, give the same networks."""
    found = networks({key: json.dumps([ETH0, NET1], indent=indent)})
    assert found == (
        Network(
            STATUS,
            "openshift-sdn",
            "eth0",
            addresses=("10.128.0.9",),
            default=True,
        ),
        Network(
            STATUS,
            "shop/vf",
            "net1",
            "0a:58:0a:38:00:01",
            ("10.56.0.1",),
            pci="0000:3b:10.5",
            representor="enp59s0f0_5",
        ),
    )


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_status_that_is_cut_off_gives_what_is_whole(cut: int) -> None:
    """Without its end, a list still tells of the entries before."""
    text = json.dumps([ETH0, NET1])[:-cut]
    names = [network.name for network in networks({STATUS: text})]
    assert names == (["openshift-sdn", "shop/vf"] if cut == 1 else ["openshift-sdn"])


def test_ovn_kubernetes_has_the_better_names() -> None:
    """Where Multus calls two networks alike, the definition's name is told."""
    status = [
        {"name": "ovn-kubernetes", "interface": "eth0", "mac": "0a:58:0a:f4:00:06"},
        {
            "name": "ovn-kubernetes",
            "interface": "ovn-udn1",
            "ips": ["203.0.113.5"],
            "default": True,
        },
    ]
    own = {
        "default": {
            "mac_address": "0a:58:0a:f4:00:06",
            "role": "infrastructure-locked",
        },
        "green/blue": {"ip_addresses": ["203.0.113.5/24"], "role": "primary"},
        "green/late": {"ip_address": "198.51.100.7/24", "role": "secondary"},
    }
    found = networks({STATUS: json.dumps(status), POD_NETWORKS: json.dumps(own)})
    assert [(n.name, n.ifname, n.default) for n in found] == [
        ("ovn-kubernetes", "eth0", False),
        ("green/blue", "ovn-udn1", True),
        ("green/late", "", False),
    ]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("10.0.0.5/24", "10.0.0.5"),
        ("FD02:0:0:4::0041", "fd02:0:0:4::41"),
        ("10.0.0", ""),
        ("", ""),
    ],
)
def test_addresses_are_compared_in_one_form(text: str, plain: str) -> None:
    """With a mask, in capitals, not compressed: one address is one text."""
    assert plain_address(text) == plain


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["name", "interface", "ips", "mac", "device-info", "pci"])
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.text() | anything.map(json.dumps), st.text() | anything.map(json.dumps))
@example("[" * 100_000, "{" * 100_000)
@example('{"a":' * 100_000, '{"a":' * 100_000)
def test_hostile_annotations_never_raise(status: str, own: str) -> None:
    """Whatever a pod's owner writes there, networks of the right types come out."""
    for network in networks({STATUS: status, POD_NETWORKS: own}):
        assert isinstance(network.name, str)
        assert isinstance(network.mac, str)
        assert all(map(plain_address, network.addresses))
