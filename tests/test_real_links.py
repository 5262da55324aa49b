"""Links and ports that real clusters printed, and the pods that they are found to be.

`test_real_data.py` says which file is of what.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from builders import HOST, netns
from cluster import Cluster
from printed import read_links, read_list, read_show, rows_of
from real_replies import real

from ocnetview.collectors.docker_reply import read_containers
from ocnetview.facts import ContainerFacts, OvsInterface
from ocnetview.match.claims_ovs import address_of_mac, read_row
from ocnetview.match.who import find
from ocnetview.model import EvidenceKind, Interface, PortRole, Whereabouts

KERNEL, ONE = EvidenceKind.KERNEL, EvidenceKind.KERNEL_ONE
OVS, NAME, ADDRESS = EvidenceKind.OVS, EvidenceKind.NAME, EvidenceKind.ADDRESS
UNREAD = "not looked into"
SDN = {"br0": "openvswitch", "tun0": "openvswitch", "vxlan_sys_4789": "vxlan"}
"""What `ip -d` would have printed for the devices of OpenShift SDN."""


def kinds(interface: Interface) -> list[EvidenceKind]:
    """Return how an interface's match is known, the strongest first."""
    assert not interface.disputed
    return [piece.kind for piece in interface.evidence]


@pytest.mark.parametrize(("number", "pods"), [("01", 36), ("13", 2), ("15", 3)])
def test_ovn_kubernetes_ports_are_of_the_pods_they_are_named_after(
    number: str, pods: int
) -> None:
    """01, 13, 15: a port is called as its sandbox begins, be it digits or letters."""
    switch = read_show(real(number).partition("ovs-vsctl show")[2])
    node = Cluster(more=[switch])
    types = {row.name: row.type for row in rows_of(switch)}
    for place, (name, kind) in enumerate(types.items(), 1):
        if re.fullmatch("[0-9a-f]{15}", name):
            node.lone(0, place, name, kind="veth", peer_index=2)
            node.pod(place, name, sid=name + "0" * 49, netns=None)
        elif kind in {"", "system", "internal"}:
            node.lone(0, place, name, kind="openvswitch" if kind == "internal" else "")
    model = node.model()
    for pod in model.pods:
        (one,) = pod.interfaces
        assert one.host
        assert (one.host.name, one.port) == (pod.name, f"br-int/{pod.name}")
        assert (one.name, kinds(one)) == ("eth0", [NAME])
    roles = Counter(port.role for port in model.ports_by_key.values())
    assert roles == Counter(
        {
            PortRole.POD: pods,
            PortRole.TUNNEL: [*types.values()].count("geneve"),
            PortRole.UPLINK: 1,
            PortRole.PATCH: 2,
            PortRole.LOCAL: 2,
            PortRole.OTHER: 1,  # ovn-k8s-mp0, without its address
        }
    )


def test_a_pod_traced_by_hand_comes_out_alike() -> None:
    """13: the pin that `ip` printed beside eth0 is not where its peer is."""
    text = real("13")
    pin = "/var/run/netns/67f12702-ca28-499f-b79f-e317ce158fe2"
    inside, outside = text.split("ip link show | grep 4615")
    node = Cluster(more=[read_show(text.partition("ovs-vsctl show")[2])], pins={1: pin})
    printed = {"b4c80c54-362d-405e-8c54-a170a7de8386": HOST}
    node.links += read_links(inside, netns(1), printed)
    node.links += read_links(outside, HOST)
    node.pod(1, "nettools-dual-pod", sid="7be093806debefd".ljust(64, "0"))
    one = node.interface("nettools-dual-pod", "eth0")
    assert one.host
    assert (one.host.ifindex, one.host.name) == (4615, "7be093806debefd")
    assert (one.port, kinds(one)) == ("br-int/7be093806debefd", [ONE, NAME])
    (answer,) = find(node.model(), "10.128.2.43")
    assert answer.pod
    assert answer.pod.name == "nettools-dual-pod"


def test_a_logical_ports_name_leads_to_its_pod() -> None:
    """14: of all pods that OVN knows, one is on this node, behind eth0@if7."""
    inside, _, outside = real("14").partition("# ip r show")
    found = re.findall(r'port (\S+)\n +addresses: \["(\S+) (\S+)"\]', outside)
    assert len(found) == 7
    node = Cluster(links=[*read_links(inside, netns(1), {"0": HOST})])
    for place, (port, mac, address) in enumerate(found, 3):
        node.row(
            f"veth{place}",
            place,
            iface__id=port,
            attached_mac=mac,
            ip_addresses=address,
        )
        node.lone(0, place, f"veth{place}", kind="veth", peer_index=3)
    box = node.pod(1, "nginx-deployment-9456bbbf9-x6pc6", namespace="default")
    one = node.interface(box.name, "eth0")
    assert one.host
    assert (one.host.name, one.port) == ("veth7", "br0/veth7")
    assert kinds(one) == [ONE, OVS, ADDRESS]


def test_a_primary_udns_interfaces_are_two_pairs() -> None:
    """21: each of the pod's two has its own peer, and the node's address is none."""
    node = Cluster(links=[*read_links(real("21"), netns(1), {"0": HOST})])
    box = node.pod(1, "hello-openshift")
    for index, name in ((66, box.id[:15]), (67, f"{box.id[:13]}_3")):
        inner = index - 64
        node.lone(0, index, name, kind="veth", peer_index=inner, peer_netns=netns(1))
    pod = node.joined("hello-openshift")
    assert [(i.name, i.host and i.host.ifindex) for i in pod.interfaces] == [
        ("eth0", 66),
        ("ovn-udn1", 67),
    ]
    assert [kinds(i) for i in pod.interfaces] == [[KERNEL, NAME]] * 2
    assert pod.addresses == ("10.131.0.46", "172.16.20.4")


@pytest.mark.parametrize("place", [1, 2])
def test_an_origin_nodes_veth_leads_into_its_namespace(place: int) -> None:
    """22: before external_ids, the kernel alone leads from br0's port to the pod."""
    text = real("22").split("### openshift-node-")[place]
    node = Cluster(more=[read_show(text)], unread={1: UNREAD})
    node.links += read_links(text, HOST, {"0": netns(1)}, SDN)
    node.pod(1)
    model = node.model()
    (one,) = node.joined("pod1").interfaces
    assert one.host
    assert one.host.name in {"veth5d5b06ef", "veth7b4d46e7"}
    assert (one.port, kinds(one)) == (f"br0/{one.host.name}", [ONE])
    ports = model.ports_by_key
    tunnel, gateway = ports["br0/vxlan0"], ports["br0/tun0"]
    assert (tunnel.role, gateway.role) == (PortRole.TUNNEL, PortRole.GATEWAY)
    assert (tunnel.link and tunnel.link.name) == "vxlan_sys_4789"
    assert gateway.purpose == f"gateway of this node, 10.{127 + place}.0.1/23"


def test_a_kernel_that_names_no_peer_leads_to_no_link() -> None:
    """25: each eth0 had index 3 there, and so had some link on the node."""
    text = real("25")
    name = re.search(r"k8s_POD\S+", text)
    assert name
    entry = {"Id": "1", "Names": [f"/{name[0]}"], "State": "running"}
    (container,) = read_containers([entry], "docker")
    facts = ContainerFacts("docker", (replace(container, netns=netns(1)),))
    node = Cluster(
        more=[facts], links=[*read_links(text, netns(1), {}, {"eth0": "veth"})]
    )
    node.lone(0, 3, "veth3", kind="veth")
    pod = node.joined("docker-registry-3-djex9")
    (one,) = pod.interfaces
    assert (pod.title, one.host) == ("default/docker-registry-3-djex9", None)
    assert pod.sandbox
    assert pod.sandbox.container == facts.containers[0]
    assert one.counterpart
    assert one.counterpart.where is Whereabouts.UNKNOWN
    assert "the kernel names no peer" in pod.reason


def test_a_port_without_its_device_is_stale() -> None:
    """26: OVS' own words stay with it."""
    node = Cluster(more=[read_show(real("26").partition("# other")[0])], links=[])
    (port,) = node.model().ports_by_key.values()
    assert (port.role, port.state) == (PortRole.STALE, "no device")
    assert port.error == "could not open network device foo (No such device)"


def test_openshift_sdns_rows_name_sandboxes() -> None:
    """36: each veth is the pod's whose whole id and address its row has."""
    node = Cluster(rows=[*rows_of(read_list(real("36")))])
    for place, row in enumerate(node.rows, 1):
        sandbox, address = row.external_ids["sandbox"], row.external_ids["ip"]
        node.pod(place, row.name, sid=sandbox, netns=None, addresses=(address,))
        node.lone(0, place, row.name, kind="veth", peer_index=3)
    assert [row.ofport for row in node.rows] == [4, 3]
    for pod in node.model().pods:
        (one,) = pod.interfaces
        assert one.host
        assert (one.host.name, one.port) == (pod.name, f"br0/{pod.name}")
        assert kinds(one) == [OVS]


def test_ovn_kubernetes_row_names_all_of_the_pod() -> None:
    """27: sandbox, uid, name, interface, MAC and address fit one another."""
    (row,) = rows_of(read_list(real("27")))
    said = read_row(row)
    assert said.uid == "69611cd1-cfcd-414f-afea-5669dc947fb1"
    assert (said.namespace, said.name, said.ifname) == (
        "default",
        "workflow-test",
        "eth0",
    )
    assert said.addresses == (address_of_mac(said.mac),)
    node = Cluster(rows=[row])
    node.pod(1, said.name, sid=said.sandbox, namespace=said.namespace, netns=None)
    node.lone(0, 12, row.name, kind="veth", peer_index=2)
    one = node.interface(said.name, "eth0")
    assert one.host
    assert (one.host.name, one.port, kinds(one)) == (
        row.name,
        f"br0/{row.name}",
        [OVS, NAME],
    )


def test_names_of_other_networks_hold_the_pods_name_last() -> None:
    """34: the network stands before, its dashes and slash as dots."""
    titles = ("default/nginx1-l3", "mlecki/ext-gw-ocp-gpu-worker1")
    ports = {port.name: port for port in rows_of(read_list(real("34")))}
    for place, (name, title) in enumerate(zip(sorted(ports), titles, strict=True), 1):
        ids = {**ports[name].external_ids, "iface-id": name}
        namespace, _, pod = title.partition("/")
        node = Cluster(rows=[OvsInterface("vethA", ofport=9, external_ids=ids)])
        node.pod(place, pod, namespace=namespace, netns=None)
        node.lone(0, 9, "vethA", kind="veth", peer_index=3)
        (one,) = node.joined(pod).interfaces
        assert one.network == ids["k8s.ovn.org/nad"]
        assert (one.host and one.host.name, kinds(one)) == ("vethA", [OVS])


def test_one_of_many_that_say_at_if2_is_the_pods() -> None:
    """32: five eth0 of index 2, and s4-eth2@if2 leads to the one behind its id."""
    first, second = real("32").split("# openshift")
    (outer,) = read_links(first, HOST, {"4": netns(4)})
    node = Cluster(links=[outer])
    for number in (1, 2, 3, 5):
        node.pair(number, 30 + number, f"s{number}-eth2")
    inner = {"kind": "veth", "peer_index": 19, "peer_netns": HOST}
    node.lone(4, 2, "eth0", **inner)
    node.links += read_links(second, netns(6), {"0": HOST})
    node.lone(0, 172, "veth172", kind="veth", peer_index=2, nsid=6, peer_netns=netns(6))
    found = {}
    for number in range(1, 7):
        node.pod(number)
        one = node.interface(f"pod{number}", "eth0")
        assert kinds(one) == [KERNEL]
        found[number] = one.host and one.host.name
    assert found == {
        **{number: f"s{number}-eth2" for number in range(1, 6)},
        4: outer.name,
        6: "veth172",
    }


def test_a_kubevirt_pods_veth_is_the_renamed_one() -> None:
    """42: eth0 is a dummy, and what was eth0 has the peer."""
    kinds_there = {"k6t-eth0": "bridge", "tap0": "tun", "eth0": "dummy"}
    node = Cluster(links=[*read_links(real("42"), netns(1), {"0": HOST}, kinds_there)])
    node.lone(0, 544, "vethA", kind="veth", peer_index=4, nsid=1, peer_netns=netns(1))
    node.lone(0, 7, "veth7", kind="veth", peer_index=7, nsid=2, peer_netns=netns(2))
    node.pod(1, annotations={})
    pod = node.joined("pod1")
    assert pod.main
    assert pod.main.host
    assert (pod.main.name, pod.main.host.name) == ("eth0-nic", "vethA")
    assert [i.name for i in pod.interfaces if i.host] == ["eth0-nic"]
    notes = {i.name: i.note for i in pod.interfaces}
    assert set(notes) == {"eth0-nic", "tunl0", "k6t-eth0", "tap0", "eth0"}
    assert all(notes.values())


def test_an_address_of_the_node_is_the_nodes() -> None:
    """16: br-ex has OVN's own 169.254.169.2 beside the node's address."""
    node = Cluster(links=[*read_links(real("16"), HOST, {}, {"br-ex": "openvswitch"})])
    for address in ("192.168.122.14", "169.254.169.2"):
        (answer,) = find(node.model(), address)
        assert answer.link
        assert (answer.link.name, answer.pod) == ("br-ex", None)
