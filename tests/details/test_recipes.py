"""Shell lines: how they are quoted, which ones fit a row, where they are run."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace

import pytest
from builders import (
    container,
    kube_pod,
    link,
    member,
    netns,
    process,
    sandbox,
    source,
    veth,
    wired,
)
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.details.recipes import Recipe, recipes, script
from ocnetview.details.recipes.desk import Desk
from ocnetview.details.recipes.recipe import quoted
from ocnetview.facts import (
    NamespaceLinks,
    OvsInterface,
    Place,
    PlaceKind,
    SourceState,
)
from ocnetview.model import (
    Bridge,
    BridgeKind,
    NodeModel,
    Pod,
    PodKind,
    Port,
    PortRole,
    TreeProcess,
)
from ocnetview.units import printable

OUTER, INNER = veth(1, 12, "veth1")
BOX = container(1, "web")
PORT = Port(
    "br0",
    BridgeKind.OVS,
    "veth1",
    "system",
    3,
    role=PortRole.POD,
    link=OUTER,
    pod="p1",
    ovs=OvsInterface("veth1", ofport=3, external_ids={"sandbox": "ab"}),
)
POD = Pod(
    "p1",
    PodKind.CONTAINER,
    "web",
    containers=(BOX,),
    netns=netns(1),
    interfaces=(wired(INNER, OUTER, "br0/veth1"),),
    addresses=("10.128.0.1",),
    sources=("docker",),
)
NODE = NodeModel(
    bridges=(Bridge("br0", BridgeKind.OVS, (PORT,), protocols=("OpenFlow13",)),),
    pods=(POD,),
    links=(OUTER, link(2, "ens3", addresses=("192.0.2.1/24",))),
    host=netns(0),
    sources=(source("docker"), source("ovsdb")),
)


def lines(found: Sequence[Recipe]) -> list[str]:
    """Return the commands alone."""
    return [one.command for one in found]


def tools(found: Sequence[Recipe]) -> set[str]:
    """Return the tools that are needed."""
    return {one.tool for one in found}


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_a_word_comes_back_from_the_shell(word: str) -> None:
    """Whatever is in it, bash reads the very word, from one line without controls."""
    text = quoted(word)
    assert printable(text) == text
    done = subprocess.run(
        ["bash", "-c", f"printf %s {text}"], capture_output=True, check=True
    )
    assert done.stdout == word.encode()


def test_bytes_that_are_no_utf8_come_back_too() -> None:
    """A name of the kernel's is bytes, and these are what the shell gives."""
    word = b"v\xff\xfe'".decode("utf-8", "surrogateescape")
    done = subprocess.run(
        ["bash", "-c", f"printf %s {quoted(word)}"], capture_output=True, check=True
    )
    assert done.stdout == b"v\xff\xfe'"


def test_a_script_has_a_comment_above_each_line() -> None:
    """Title and what it shows, then the line, then a free one."""
    one = Recipe("who", "id", "a number", "id")
    assert script((one, one)) == "# who: a number\nid\n\n# who: a number\nid\n"


def test_a_pod_on_open_vswitch() -> None:
    """Runtime, inside, iflink, veth, port, flows, packets: in the order of the way."""
    found = lines(recipes(NODE, pod=POD))
    id_ = BOX.id
    inspect = "docker inspect --format '{{.State.Pid}} {{.NetworkSettings.SandboxKey}}'"
    wanted = [
        f"{inspect} {id_}",
        "pstree -p 5001",
        "nsenter -n -t 5001 -- ip -d address show",
        "nsenter -n -t 5001 -- ss -tuanp",
        "conntrack -L -f ipv4 -s 10.128.0.1",
        "nsenter -n -t 5001 -- ip -o link show dev eth0",
        "cat /proc/5001/root/sys/class/net/eth0/iflink",
        "ip -o link show | grep '^12: '",
        "ip -d -s link show dev veth1",
        "ovs-ofctl -O OpenFlow13 dump-ports br0 3",
        "ovs-ofctl -O OpenFlow13 dump-flows br0 in_port=3",
        "ovs-appctl fdb/show br0 | grep -iF 0a:58:0a:80:00:01",
        "timeout 10 tcpdump -p -nn -l -c 20 -i veth1",
        "nsenter -n -t 5001 -- timeout 10 tcpdump -p -nn -l -c 20 -i eth0",
    ]
    assert [one for one in found if one in wanted] == wanted


def test_a_pin_is_the_door_before_a_process() -> None:
    """A pinned namespace is entered by its path, whatever becomes of the process."""
    space = NamespaceLinks(netns(1), pins=("/run/netns/a b",))
    found = lines(recipes(replace(NODE, namespaces=(space,)), pod=POD))
    assert "nsenter '--net=/run/netns/a b' -- ip route show" in found


def test_a_port_of_a_linux_bridge_has_nothing_of_ovs() -> None:
    """What does not fit the node is not printed."""
    port = replace(PORT, bridge="cni0", datapath=BridgeKind.LINUX, ofport=None)
    pod = replace(POD, interfaces=(wired(INNER, OUTER, "cni0/veth1"),))
    node = NodeModel(
        bridges=(Bridge("cni0", BridgeKind.LINUX, (port,)),),
        pods=(pod,),
        host=netns(0),
        sources=(source("docker"),),
    )
    for found in (recipes(node, pod=pod), recipes(node, port=port), recipes(node)):
        assert found
        assert not {tool for tool in tools(found) if tool.startswith("ovs")}
    assert "bridge fdb show dev veth1" in lines(recipes(node, pod=pod))


def test_a_debug_pods_lines_go_to_the_nodes_root() -> None:
    """Every line changes root first; paths are the node's; its network is entered."""
    place = Place(PlaceKind.CONTAINER, "/host", netns="/proc/1/ns/net")
    space = NamespaceLinks(netns(1), pins=("/host/run/netns/x",))
    where = source("ovsdb", where="unix:/host/run/openvswitch/db.sock")
    node = replace(NODE, place=place, namespaces=(space,), sources=(where,))
    found = lines(recipes(node, pod=POD))
    assert "chroot /host nsenter --net=/run/netns/x -- ip route show" in found
    own = "nsenter --net=/proc/1/ns/net -- chroot /host"
    assert f"{own} ip -d -s link show dev veth1" in found
    assert all("chroot /host " in one for one in found)
    assert not any("--db" in one or "OVS_RUNDIR" in one for one in found)


@pytest.mark.parametrize(
    ("where", "db", "rundir"),
    [
        ("unix:/run/openvswitch/db.sock", "", ""),
        ("unix:/a b/db.sock", " '--db=unix:/a b/db.sock'", "OVS_RUNDIR='/a b' "),
        ("tcp:192.0.2.1:6640", " --db=tcp:192.0.2.1:6640", ""),
    ],
)
def test_another_ovsdb_is_named(where: str, db: str, rundir: str) -> None:
    """A database elsewhere stands in the lines, and the switch's sockets beside it."""
    desk = Desk.of(replace(NODE, sources=(source("ovsdb", where=where),)))
    assert desk.vsctl("show") == f"ovs-vsctl --timeout=30{db} show"
    shown = desk.switch("ovs-appctl", "fdb/show", "br0")
    assert shown == f"{rundir}ovs-appctl fdb/show br0"


def test_a_socket_of_our_own_needs_no_other_root() -> None:
    """What a container was given among its own files is not at the node's root."""
    place = Place(PlaceKind.CONTAINER, "/host")
    where = "unix:/proc/self/root/sock/db.sock"
    node = replace(NODE, place=place, sources=(source("ovsdb", where=where),))
    shown = Desk.of(node).vsctl("show")
    assert shown == "ovs-vsctl --timeout=30 --db=unix:/sock/db.sock show"


CRIO = replace(source("cri"), name="cri-o", where="unix:///run/crio/crio.sock")
SANDBOX = sandbox(1, "web-0", "u1")
CRI_POD = Pod(
    "u1",
    PodKind.POD,
    "web-0",
    "shop",
    containers=(member(2, "app", SANDBOX),),
    sandbox=SANDBOX,
    netns=netns(1),
    sources=("cri-o",),
)


def test_a_pod_of_the_cri_is_asked_of_crictl() -> None:
    """By its endpoint: sandbox, containers, and the pid of each."""
    node = NodeModel(pods=(CRI_POD,), sources=(CRIO,))
    crictl = "crictl --runtime-endpoint=unix:///run/crio/crio.sock"
    template = "inspect --output go-template --template '{{.info.pid}}'"
    assert lines(recipes(node, pod=CRI_POD))[:3] == [
        f"{crictl} inspectp {SANDBOX.id}",
        f"{crictl} ps --all --no-trunc --pod {SANDBOX.id}",
        f"{crictl} {template} {CRI_POD.containers[0].id}",
    ]


def test_podman_of_a_user_is_asked_at_its_socket() -> None:
    """A socket that the tool does not look at by itself is named."""
    where = "unix:///run/user/1000/podman/podman.sock"
    podman = replace(source("docker"), name="podman:1000", where=where)
    pod = replace(POD, sources=("podman:1000",))
    found = lines(recipes(NodeModel(pods=(pod,), sources=(podman,)), pod=pod))
    assert found[0].startswith(f"podman --url={where} inspect ")


def test_a_pod_of_kind_is_asked_through_its_node() -> None:
    """The runtime's tool is run in the container that the runtime is in."""
    inner = replace(CRI_POD, engine="p1", sources=("nested",))
    node = replace(NODE, pods=(POD, inner))
    found = lines(recipes(node, pod=inner))
    assert found[0] == f"docker exec {BOX.id} crictl inspectp {SANDBOX.id}"


def test_the_api_is_asked_where_it_was_heard() -> None:
    """kubectl, and on OpenShift oc; nothing where it does not know the pod."""
    api = kube_pod("web-0", "u1")
    pod = replace(CRI_POD, api=api)
    asked = "get pod --namespace=shop --output=wide -- web-0"
    assert lines(recipes(NodeModel(pods=(pod,)), pod=pod))[0] == f"kubectl {asked}"
    sdn = Pod("u2", PodKind.POD, "sdn", "openshift-sdn")
    node = NodeModel(pods=(pod, sdn))
    assert lines(recipes(node, pod=pod))[0] == f"oc {asked}"
    assert "kubectl" not in tools(recipes(node, pod=CRI_POD))


def test_a_process_brings_its_container_and_pod() -> None:
    """Parents, cgroup, namespace, then what shows the pod, each line once."""
    row = TreeProcess(process(4170), pod="p1")
    found = lines(recipes(NODE, process=row))
    assert found[:3] == [
        "pstree -p -s 4170",
        "cat /proc/4170/cgroup",
        "readlink /proc/4170/ns/net",
    ]
    assert "ip -d -s link show dev veth1" in found
    assert len(found) == len(set(found))


def test_a_pod_of_the_nodes_network_has_the_nodes_lines() -> None:
    """Its door is open: no nsenter, no veth, but the node's own link."""
    pod = replace(POD, host_network=True, netns=netns(0), interfaces=())
    found = lines(recipes(replace(NODE, pods=(pod,)), pod=pod))
    assert "ip route show" in found
    assert "ip -d -s link show dev ens3" in found
    assert not any(one.startswith("nsenter") for one in found)
    titles = [one.title for one in recipes(replace(NODE, pods=(pod,)), pod=pod)]
    assert "routes of the node's own network" in titles


def test_a_pod_that_ended_has_no_inside() -> None:
    """Nothing leads into a namespace that is gone."""
    gone = replace(POD, containers=(replace(BOX, pid=None),), netns=None, interfaces=())
    found = lines(recipes(replace(NODE, pods=(gone,)), pod=gone))
    assert not any("nsenter" in one or "pstree" in one for one in found)


def tunnelled(type_: str, **options: str) -> NodeModel:
    """Return the node with a tunnel on br0."""
    row = OvsInterface("tun", type_, options=options)
    port = Port("br0", BridgeKind.OVS, "tun", type_, 1, role=PortRole.TUNNEL, ovs=row)
    bridge = Bridge("br0", BridgeKind.OVS, (PORT, port))
    device = link(9, "genev_sys_6081", kind="geneve")
    return replace(NODE, bridges=(bridge,), links=(*NODE.links, device))


@pytest.mark.parametrize(
    ("node", "number"),
    [
        (tunnelled("vxlan"), 4789),
        (tunnelled("geneve"), 6081),
        (tunnelled("vxlan", dst_port="4790"), 4790),
        (tunnelled("vxlan", dst_port="80; id"), 4789),
    ],
)
def test_tunnels_are_captured_inside_and_below(node: NodeModel, number: int) -> None:
    """The pod's packets at the tunnel's device, all of them at the node's link."""
    dump = "timeout 10 tcpdump -p -nn -l -c 20 -i"
    found = lines(recipes(node, pod=POD))
    assert f"{dump} genev_sys_6081 host 10.128.0.1" in found
    assert f"{dump} ens3 udp port {number}" in found


@pytest.mark.parametrize("name", ["any", "usbmon0", "nflog:5"])
def test_a_link_that_tcpdump_takes_for_something_else_is_not_captured(
    name: str,
) -> None:
    """No line captures on `any` or the like, which would be other packets."""
    outer = OUTER._replace(name=name)
    inside = wired(INNER._replace(name=name), outer, "br0/veth1")
    port, pod = replace(PORT, link=outer), replace(POD, interfaces=(inside,))
    assert "tcpdump" in tools(recipes(NODE, pod=POD))
    assert "tcpdump" not in tools(recipes(NODE, pod=pod))
    assert "tcpdump" not in tools(recipes(NODE, port=replace(port, pod="")))


def test_a_bridge_that_no_switch_opens_is_not_asked() -> None:
    """A name with a slash would lead ovs-ofctl to a socket elsewhere."""
    port = replace(PORT, bridge="../x")
    node = replace(NODE, bridges=(Bridge("../x", BridgeKind.OVS, (port,)),))
    assert not any("../x" in one for one in lines(recipes(node)))
    assert "ovs-ofctl" not in tools(recipes(node, port=port))


def test_a_bridge_that_is_called_like_an_option_is_not_traced() -> None:
    """ovs-vswitchd takes `-x` for an option of the trace; the rest can be asked."""
    gate = link(7, "tun0", addresses=("10.128.0.254/23",))
    for name, traced in (("br0", True), ("-x", False)):
        pod_port = replace(PORT, bridge=name)
        kind, role = BridgeKind.OVS, PortRole.GATEWAY
        gateway = Port(name, kind, "tun0", "internal", 2, role=role, link=gate)
        pod = replace(POD, interfaces=(wired(INNER, OUTER, f"{name}/veth1"),))
        bridge = Bridge(name, kind, (gateway, pod_port))
        node = replace(NODE, bridges=(bridge,), pods=(pod,))
        found = lines(recipes(node, pod=pod))
        assert any("ofproto/trace" in one for one in found) is traced
        assert any("fdb/show" in one for one in found)


def test_a_traced_packet_goes_to_somebody_it_can_reach() -> None:
    """The gateway of the bridge before another pod, with its MAC; none, no trace."""
    gate = link(7, "tun0", mac="0a:00:00:00:00:01", addresses=("10.128.0.254/23",))
    gateway = Port(
        "br0", BridgeKind.OVS, "tun0", "internal", 2, role=PortRole.GATEWAY, link=gate
    )
    node = replace(NODE, bridges=(Bridge("br0", BridgeKind.OVS, (PORT, gateway)),))
    (flow,) = [one for one in lines(recipes(node, pod=POD)) if "trace" in one]
    assert flow == (
        "ovs-appctl ofproto/trace br0 in_port=3,tcp,dl_src=0a:58:0a:80:00:01,"
        "dl_dst=0a:00:00:00:00:01,nw_src=10.128.0.1,nw_dst=10.128.0.254,nw_ttl=64,"
        "tcp_src=12345,tcp_dst=80"
    )
    assert not [one for one in lines(recipes(NODE, pod=POD)) if "trace" in one]


def test_a_stale_port_is_asked_of_ovsdb_alone() -> None:
    """No device, no ofport: neither ip, nor tcpdump, nor flows."""
    port = replace(PORT, link=None, ofport=-1, pod="", role=PortRole.STALE)
    node = replace(NODE, bridges=(Bridge("br0", BridgeKind.OVS, (port,)),), pods=())
    assert tools(recipes(node, port=port)) == {"ovs-vsctl"}


def test_the_node_has_lines_for_what_it_has() -> None:
    """Links and namespaces always; bridges and runtimes as far as they are there."""
    down = replace(CRIO, state=SourceState.ABSENT)
    found = lines(recipes(replace(NODE, sources=(*NODE.sources, down))))
    assert found == [
        "ip -d link show",
        "lsns -t net -o NS,PID,NETNSID,NSFS,COMMAND",
        "ovs-vsctl --timeout=30 show",
        "ovs-ofctl -O OpenFlow13 dump-ports-desc br0",
        "ovs-appctl fdb/show br0",
        "docker ps --all --no-trunc",
    ]
    assert tools(recipes(NodeModel())) == {"ip", "lsns"}


@given(st.text(min_size=1, max_size=15))
def test_no_name_makes_a_second_line(name: str) -> None:
    """Titles, hints and commands are single lines that are safe to print."""
    outer, inner = OUTER._replace(name=name), INNER._replace(name=name)
    port = replace(PORT, name=name, link=outer)
    pod = replace(POD, name=name, interfaces=(wired(inner, outer, f"br0/{name}"),))
    node = replace(NODE, bridges=(Bridge("br0", BridgeKind.OVS, (port,)),), pods=(pod,))
    for one in recipes(node, pod=pod, port=port):
        for text in (one.title, one.command, one.shows):
            assert printable(text) == text
