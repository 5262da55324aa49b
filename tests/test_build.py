"""From samples to the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import (
    HOST,
    container,
    docker,
    kubelet_name,
    link,
    link_facts,
    netns,
    ovs,
    process,
    veth,
)

from ocnetview.build import build_model
from ocnetview.facts import (
    Counters,
    Facts,
    Link,
    LinkFacts,
    NamespaceLinks,
    OvsInterface,
    ProcessFacts,
    Sample,
)
from ocnetview.match.paths import spell_path
from ocnetview.model import NodeModel, Port, PortRole


def sample(*facts: Facts, at: float = 1000.0) -> Sample:
    """Return a sample of these facts, each from a source of its own."""
    return Sample(at, {f"source{n}": one for n, one in enumerate(facts)})


def node(
    *interfaces: OvsInterface, links: tuple[Link, ...] = (), **counters: Counters
) -> Sample:
    """Return a node with one pod on br0, and whatever else is asked for."""
    outer, inner = veth(7, 12, "vethA")
    facts = link_facts(
        [outer, *links], [inner], {12: counters["now"]} if counters else None, 10.0
    )
    uid = "uid-7"
    pod = docker(
        container(7, kubelet_name("POD", "web", "shop", uid)),
        container(
            8, kubelet_name("nginx", "web", "shop", uid), netns=netns(7), pid=5008
        ),
    )
    port = OvsInterface("vethA", ofport=3, ifindex=12)
    return sample(facts, ovs(port, *interfaces), pod)


def two_seconds_later(now: Sample) -> Sample:
    """Return the sample with its counters read two seconds later."""
    facts = now.facts["source0"]
    assert isinstance(facts, LinkFacts)
    later = replace(facts, at=facts.at + 2)
    return replace(now, facts={**now.facts, "source0": later})


def port_of(model: NodeModel, name: str) -> Port:
    """Return br0's port of this name."""
    return model.ports_by_key[f"br0/{name}"]


def test_pod_veth_and_port_are_joined() -> None:
    """The pod names its veth and port, the port names its pod."""
    model = build_model(node())
    (pod,) = model.pods
    assert pod.main is not None
    assert pod.main.host is not None
    assert pod.main.evidence is not None
    assert (pod.main.host.name, pod.main.port) == ("vethA", "br0/vethA")
    assert pod.addresses == ("10.128.0.7",)
    port = port_of(model, "vethA")
    assert (port.pod, port.role, port.purpose) == (pod.key, PortRole.POD, "shop/web")
    for value in ("ifindex 12", str(HOST), "ifindex 2", str(netns(7))):
        assert value in pod.main.evidence.detail


@pytest.mark.parametrize(
    ("interface", "links", "role", "purpose"),
    [
        (
            OvsInterface("vxlan0", "vxlan", 1, options={"remote_ip": "flow"}),
            (),
            PortRole.TUNNEL,
            "tunnel to the other nodes",
        ),
        (
            OvsInterface("ovn-1a-0", "geneve", 1, options={"remote_ip": "10.0.0.9"}),
            (),
            PortRole.TUNNEL,
            "tunnel to node 10.0.0.9",
        ),
        (
            OvsInterface("tun0", "internal", 2),
            (link(5, "tun0", addresses=("10.128.0.1/23",)),),
            PortRole.GATEWAY,
            "gateway of this node, 10.128.0.1/23",
        ),
        (
            OvsInterface("ens3", "", 4),
            (link(2, "ens3"),),
            PortRole.UPLINK,
            "uplink to the network outside",
        ),
        (
            OvsInterface("patch-a", "patch", 4, options={"peer": "patch-b"}),
            (),
            PortRole.PATCH,
            "patch to patch-b",
        ),
        (
            OvsInterface("br0", "internal", 65534),
            (link(3, "br0"),),
            PortRole.LOCAL,
            "the bridge itself",
        ),
        (
            OvsInterface("br0", "internal", 65534),
            (link(3, "br0", addresses=("10.0.0.5/24",)),),
            PortRole.GATEWAY,
            "the node's own address 10.0.0.5/24",
        ),
        (
            OvsInterface("vethgone", "", -1, external_ids={"sandbox": f"{7:064x}"}),
            (),
            PortRole.STALE,
            "device is gone; was of shop/web",
        ),
        (
            OvsInterface("vethgone", "", -1, external_ids={"sandbox": "ab" * 32}),
            (),
            PortRole.STALE,
            "device is gone; was of sandbox ababababababa",
        ),
        (
            OvsInterface("vethB", "", 6),
            (link(20, "vethB", kind="veth", peer_index=2, nsid=9),),
            PortRole.OTHER,
            "other end in an unknown namespace",
        ),
        (
            OvsInterface("vethB", "", 6),
            (
                link(20, "vethB", kind="veth", peer_index=21, peer_netns=HOST),
                link(21, "gw0", kind="veth", peer_index=20, peer_netns=HOST),
            ),
            PortRole.OTHER,
            "pair with gw0",
        ),
    ],
)
def test_each_port_says_what_it_is_for(
    interface: OvsInterface, links: tuple[Link, ...], role: PortRole, purpose: str
) -> None:
    """Tunnel, gateway, uplink, patch, local and stale ports are told apart."""
    port = port_of(build_model(node(interface, links=links)), interface.name)
    assert (port.role, port.purpose) == (role, purpose)


def test_a_stale_port_is_a_problem() -> None:
    """What has no device is found by the check, and nothing healthy is."""
    model = build_model(node(OvsInterface("gone", "", -1)))
    assert [(p.check, p.subject) for p in model.problems] == [
        ("stale-port", "br0/gone")
    ]


def test_a_veth_pinned_by_nobody_names_the_pin() -> None:
    """The other end in a namespace without a container is told with its pin."""
    outer, inner = veth(9, 20, "vethB")
    whole = node(OvsInterface("vethB", "", 6), links=(outer,))
    facts = whole.facts["source0"]
    assert isinstance(facts, LinkFacts)
    spare = NamespaceLinks(netns(9), 9, ("/run/netns/left",), links=(inner,))
    facts = replace(facts, namespaces=(*facts.namespaces, spare))
    whole = replace(whole, facts={**whole.facts, "source0": facts})
    port = port_of(build_model(whole), "vethB")
    assert port.purpose == f"{netns(9)} /run/netns/left, no container"


def test_host_network_is_told_by_the_namespace_not_by_a_word() -> None:
    """A container in the host's namespace has no veth, whatever Docker calls it."""
    facts = link_facts([link(1, "lo"), link(2, "ens3")])
    boxes = docker(container(1, netns=HOST, network_mode="container:abc"))
    (pod,) = build_model(sample(facts, boxes)).pods
    assert (pod.host_network, pod.interfaces) == (True, ())


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"pid": None, "netns": None}, "not running"),
        ({"netns": None}, "/proc/5007/ns/net cannot be read (needs CAP_SYS_PTRACE)"),
        ({"netns": netns(99)}, f"{netns(99)} was not found"),
    ],
)
def test_a_pod_without_interfaces_says_why(facts: dict[str, Any], reason: str) -> None:
    """Not running, not allowed and not found are three different things."""
    links = link_facts([link(1, "lo")])
    (pod,) = build_model(sample(links, docker(container(7, **facts)))).pods
    assert pod.reason == reason


def test_what_cannot_be_looked_into_keeps_the_runtimes_addresses() -> None:
    """Without the kernel's word the runtime's addresses stand, and the reason."""
    unread = NamespaceLinks(netns(7), 7, reason="cannot be read")
    facts = replace(link_facts([]), namespaces=(unread,))
    boxes = docker(container(7, addresses=("172.17.0.2",)))
    (pod,) = build_model(sample(facts, boxes)).pods
    assert (pod.addresses, pod.reason) == (("172.17.0.2",), "cannot be read")


def test_rates_come_from_two_readings() -> None:
    """A veth's rates are its own; its pod's are seen from the other side."""
    before = node(now=Counters(0, 0, 1000, 500, 0, 0, 0, 0))
    now = node(now=Counters(10, 20, 3000, 4500, 0, 0, 0, 0))
    now = two_seconds_later(now)
    model = build_model(now, before)
    rate = port_of(model, "vethA").rate
    assert rate is not None
    assert (rate.rx_bytes, rate.tx_bytes, rate.rx_packets) == (1000, 2000, 5)
    (pod,) = model.pods
    assert pod.rate is not None
    assert (pod.rate.rx_bytes, pod.rate.tx_bytes) == (2000, 1000)


def test_counters_that_went_back_are_no_rate() -> None:
    """A device made anew under the same index starts from nothing."""
    before = node(now=Counters(9, 9, 9000, 9000, 0, 0, 0, 0))
    now = node(now=Counters(1, 1, 10, 10, 0, 0, 0, 0))
    now = two_seconds_later(now)
    assert port_of(build_model(now, before), "vethA").rate is None


def test_cpu_comes_from_two_readings_of_the_same_process() -> None:
    """Percent of one core; a pid that is another process now has none yet."""
    old = ProcessFacts(
        (process(1, cpu_ticks=100), process(2, cpu_ticks=5)), 10.0, 50.0, 100
    )
    new = ProcessFacts(
        (process(1, cpu_ticks=150), process(2, start=99, cpu_ticks=9)), 12.0, 52.0, 100
    )
    model = build_model(sample(new), sample(old))
    assert {row.process.pid: row.cpu for row in model.processes} == {1: 25.0, 2: None}


def test_a_quiet_node_builds_equal_models() -> None:
    """Two samples that differ only in when they were taken compare equal."""
    facts = node().facts
    assert build_model(Sample(1000.0, facts)) == build_model(Sample(1000.4, facts))


def test_nothing_heard_is_an_empty_model() -> None:
    """Before any source answers there is nothing, and no error."""
    assert build_model(Sample()) == NodeModel()


def test_a_joined_namespace_belongs_to_its_owner() -> None:
    """Of two containers in one namespace the port names the one that owns it."""
    outer, inner = veth(7, 12, "vethA")
    owner = container(7, "zeta")
    guest = container(8, "alpha", netns=netns(7), network_mode=f"container:{owner.id}")
    facts = link_facts([outer], [inner])
    whole = sample(facts, ovs(OvsInterface("vethA", ofport=3)), docker(guest, owner))
    model = build_model(whole)
    assert port_of(model, "vethA").purpose == "zeta"
    assert [pod.main and pod.main.port for pod in model.pods] == ["br0/vethA"] * 2


def test_the_whole_path_is_spelled() -> None:
    """Process -> container -> pod -> eth0@netns -> veth -> port -> ways out."""
    interfaces = (
        OvsInterface("vxlan0", "vxlan", 1),
        OvsInterface("tun0", "internal", 2),
    )
    tun0 = link(5, "tun0", addresses=("10.128.0.1/23",))
    whole = node(*interfaces, links=(tun0,))
    inside = process(5008, container_id=f"{8:064x}", netns=netns(7))
    facts = {**whole.facts, "procfs": ProcessFacts((inside,), 1.0, 9.0)}
    model = build_model(replace(whole, facts=facts))
    assert spell_path(model, process=model.processes[0]) == (
        "p5008 (5008)",
        "nginx",
        "shop/web",
        f"eth0@{netns(7)}",
        "vethA (12)",
        "ofport 3 on br0",
        "vxlan0 (tunnel) | tun0 (gateway)",
    )
    assert spell_path(model, port=port_of(model, "vxlan0")) == (
        "vxlan0 (ofport 1) on br0",
        "tunnel to the other nodes",
    )
