"""Targets that are named, and the packets that are traced to them, both ways."""

from __future__ import annotations

from dataclasses import replace

import pytest
from match.test_trace_flow import ovn
from tui import nodes
from tui.tracing import TellingCluster, TellingSwitch, traceable

from ocnetview.collectors.base import Stop
from ocnetview.errors import NotFoundError, ProbeAbsentError, ProbeError
from ocnetview.facts.cluster import Endpoint
from ocnetview.match.trace_flow import Protocol, Way
from ocnetview.match.trace_verdict import Fate
from ocnetview.match.trace_ways import Traced
from ocnetview.probes.trace_targets import MOST, Aim, Aiming, split_target
from ocnetview.probes.tracing import Tracer

NODE = traceable(nodes.node())
CART = NODE.pods_by_key["uid-4"]


def aimed(target: str, protocol: Protocol = Protocol.TCP) -> Aim:
    """Return what is traced from the cart's pod."""
    return Aiming(NODE, TellingCluster(), Stop()).aim(CART, target, protocol)


def traced(
    target: str,
    switch: TellingSwitch | None = None,
    cluster: TellingCluster | None = None,
) -> tuple[list[Traced], Tracer]:
    """Return all ways of a packet from the cart's pod, and what asked."""
    cluster = cluster or TellingCluster()
    tracer = Tracer(switch or TellingSwitch(), cluster, NODE, Stop())
    aim = Aiming(NODE, cluster, Stop()).aim(CART, target, Protocol.TCP)
    return [one for route in aim.routes for one in tracer.trace(route)], tracer


@pytest.mark.parametrize(
    ("text", "name", "port"),
    [
        ("shop/web", "shop/web", None),
        ("shop/web:80", "shop/web", 80),
        ("10.1.2.3:80", "10.1.2.3", 80),
        ("fd00::1", "fd00::1", None),
        ("[fd00::1]", "fd00::1", None),
        ("[fd00::1]:80", "fd00::1", 80),
        ("net:[123]", "net:[123]", None),
    ],
)
def test_a_target_and_its_port(text: str, name: str, port: int | None) -> None:
    """Names, addresses and ports are told apart."""
    assert split_target(text) == (name, port)


@pytest.mark.parametrize("text", ["", ":80", "web:0", "web:70000"])
def test_what_is_no_target(text: str) -> None:
    """Nothing before the port, or a port that there is not, is refused."""
    with pytest.raises(NotFoundError):
        split_target(text)


def test_both_ways_between_pods() -> None:
    """The packet is asked about first, then its answer from the target's port."""
    switch = TellingSwitch()
    (there, back), _ = traced("shop/web-84d5f-j4r7x:8080", switch)
    assert (there.way, back.way) == (Way.THERE, Way.BACK)
    assert [flow[:10] for _, flow, _ in switch.asked] == ["in_port=7,", "in_port=10"]
    assert there.verdict
    assert back.verdict
    assert there.verdict.fate is back.verdict.fate is Fate.DELIVERED
    assert "shop/cart" in back.says


def test_the_answer_of_another_node_comes_by_the_tunnel() -> None:
    """Peer and key are those that the packet left with; the node has its name."""
    switch = TellingSwitch()
    (there, back), tracer = traced("10.130.0.9:80", switch)
    assert "node worker-2 (192.0.2.18)" in there.says
    assert "in_port=1,tcp,tun_src=192.0.2.18,tun_id=0x2a," in switch.asked[1][1]
    assert back.verdict
    assert back.verdict.fate is Fate.DELIVERED
    assert tracer.nameless == ""


def test_without_the_api_nodes_have_no_names() -> None:
    """The trace is told all the same, and why there are no names."""
    cluster = TellingCluster()
    cluster.failure = ProbeError("cluster", "list its nodes", "no credential")
    (there, _), tracer = traced("10.130.0.9", cluster=cluster)
    assert "sent to 192.0.2.18" in there.says
    assert "no credential" in tracer.nameless
    assert cluster.asked == ["10.130.0.9", "nodes"]


def test_nodes_are_asked_for_only_where_one_is_met() -> None:
    """A packet that stays here asks nothing of the cluster."""
    cluster = TellingCluster()
    traced("shop/web-84d5f-j4r7x", cluster=cluster)
    assert cluster.asked == []


def test_an_answer_that_ovn_alone_can_tell() -> None:
    """OVN's tunnels carry logical ports: the answer is to be traced on its own node."""
    model = ovn(NODE)
    cluster, stop = TellingCluster(), Stop()
    pod = model.pods_by_key["uid-4"]
    aim = Aiming(model, cluster, stop).aim(pod, "10.130.0.9", Protocol.TCP)
    there, back = Tracer(TellingSwitch(), cluster, model, stop).trace(aim.routes[0])
    assert there.verdict
    assert there.verdict.fate is Fate.TUNNEL
    assert back.absent
    assert "trace it on that node" in back.failed


def test_what_leaves_comes_back_by_the_node() -> None:
    """The answer from outside enters by tun0, as iptables hand it over."""
    switch = TellingSwitch()
    traced("198.51.100.7:443", switch)
    assert switch.asked[1][1].startswith("in_port=2,tcp,dl_src=fa:4e:a6:71:84:8e")
    assert "nw_src=198.51.100.7,nw_dst=10.128.2.14" in switch.asked[1][1]


def test_a_drop_on_the_way_to_elsewhere_has_no_answer() -> None:
    """What never gets there is not answered: that is no fault of its own."""
    switch = TellingSwitch()
    aim = aimed("198.51.100.7")
    lost = replace(aim.routes[0].target, addresses=("10.128.2.13",), port=None)
    tracer = Tracer(switch, TellingCluster(), NODE, Stop())
    there, back = tracer.trace(replace(aim.routes[0], target=lost))
    assert there.verdict
    assert there.verdict.fate is Fate.DROPPED
    assert back.absent
    assert "does not get that far" in back.failed


def test_a_switch_that_fails_is_no_absence() -> None:
    """Who could not be asked is told as that, in both directions."""
    switch = TellingSwitch()
    switch.failure = ProbeError("br0", "trace a packet", "permission denied")
    ways, _ = traced("shop/web-84d5f-j4r7x", switch)
    assert [(one.absent, "denied" in one.failed) for one in ways] == [(False, True)] * 2


def test_a_service_is_its_address_and_its_endpoints() -> None:
    """First the cluster IP, then each endpoint that is ready, on its own port."""
    aim = aimed("shop/web:80")
    titles = [route.target.title for route in aim.routes]
    assert titles == ["service shop/web", "shop/web-84d5f-j4r7x", "shop/web-x"]
    assert [route.wanted.port for route in aim.routes] == [80, 8080, 8080]
    assert aim.notes == ()


def test_a_service_from_the_own_namespace() -> None:
    """A bare name that is no pod's is a service beside the pod; its first port."""
    assert aimed("web", Protocol.UDP).routes[0].wanted.port == 53


def test_what_is_behind_a_service_enters_by_the_node() -> None:
    """On OpenShift SDN iptables choose the endpoint, and hand the packet to tun0."""
    switch = TellingSwitch()
    ways, _ = traced("shop/web", switch)
    flows = [flow for _, flow, _ in switch.asked]
    assert flows[1].startswith("in_port=2,")
    assert "nw_src=10.128.2.14,nw_dst=10.128.2.17" in flows[1]
    assert flows[2].startswith("in_port=10,")
    assert "dl_dst=0a:58:0a:80:02:0e" in flows[2]
    assert "one of the endpoints" in ways[1].failed


def test_a_cluster_ip_is_its_service() -> None:
    """The address of a service leads to the service, as its name does."""
    assert aimed("172.30.7.7:80").routes == aimed("shop/web:80").routes


def test_whose_an_address_is_need_not_be_known() -> None:
    """Where the API does not tell, the address is traced as it is, with the reason."""
    cluster = TellingCluster()
    cluster.failure = ProbeError("address", "tell", "no credential")
    aim = Aiming(NODE, cluster, Stop()).aim(CART, "172.30.7.7", Protocol.TCP)
    assert [route.target.title for route in aim.routes] == ["172.30.7.7"]
    assert "no credential" in aim.notes[0]


def test_addresses_of_the_internet_are_no_services() -> None:
    """Of them, and of those of this node, the API is not asked."""
    cluster = TellingCluster()
    for target in ("8.8.8.8", "10.128.2.17", "10.128.2.1"):
        Aiming(NODE, cluster, Stop()).aim(CART, target, Protocol.TCP)
    assert cluster.asked == []


def test_endpoints_are_bounded() -> None:
    """Of many endpoints the first ones are traced, and that is said."""
    facts = TellingCluster().service("shop", "web", Stop())
    crowd = tuple(Endpoint(f"10.130.0.{n}", 80, 80) for n in range(1, 20))
    cluster = TellingCluster()
    cluster.told = replace(facts, endpoints=crowd)
    aim = Aiming(NODE, cluster, Stop()).aim(CART, "shop/web", Protocol.TCP)
    assert len(aim.routes) == 1 + MOST
    assert "19 ready endpoints" in aim.notes[0]


def test_a_port_that_the_service_has_not() -> None:
    """The error lists those that it has."""
    with pytest.raises(ProbeError, match="its ports: tcp/80, udp/53"):
        aimed("shop/web:81")


def test_nobody_answers_to_it() -> None:
    """Neither a pod nor a service: both are said."""
    with pytest.raises(NotFoundError, match=r"no pod or container.*shop/nobody"):
        aimed("shop/nobody")


def test_a_pod_that_cannot_be_traced() -> None:
    """A pod on a Linux bridge says so, as source and as target."""
    mirror = next(pod for pod in NODE.pods if pod.name == "registry-mirror")
    aiming = Aiming(NODE, TellingCluster(), Stop())
    with pytest.raises(ProbeAbsentError, match="docker0"):
        aiming.aim(mirror, "10.1.2.3", Protocol.TCP)
    with pytest.raises(ProbeAbsentError, match="docker0"):
        aimed("registry-mirror")


def test_the_node_itself() -> None:
    """`node` is the node, as a target and, without a pod, as the source."""
    assert aimed("node").routes[0].target.host
    aiming = Aiming(NODE, TellingCluster(), Stop())
    assert aiming.aim(None, "10.128.2.17", Protocol.TCP).routes[0].source.host
