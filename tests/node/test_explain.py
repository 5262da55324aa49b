"""Every line that `ocnetview explain` prints, run by a shell on the lab's node."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pytest
from node.recipes import (
    CANARY,
    NAMES,
    NEIGHBOUR,
    POD,
    Done,
    Hostile,
    Row,
    argv,
    by_name,
    field,
    hostile_pods,
    inner,
    record_missing,
    recorded,
    run,
    talking,
)
from node.wiring import Node

from ocnetview.details.flows import FlowsView
from ocnetview.details.recipes.flows import flows_recipes
from ocnetview.details.recipes.trace import command_of
from ocnetview.facts.openflow import FlowsFacts
from ocnetview.match.openflow import Wired
from ocnetview.match.trace_ends import End
from ocnetview.match.trace_flow import Question, Way
from ocnetview.match.trace_ways import Route, Traced
from ocnetview.model import Bridge, BridgeKind, NodeModel

BRIDGES = tuple(NAMES)
BRIDGE_NAMES = ("-x", "--help", "tcp:192.0.2.1:6653", "unix:x", "a@b", "a b'\"$(>c)")
"""Of bridges: options, addresses to call, and what acts on shells."""
MISSING: set[str] = set()
"""Tools that this machine lacks: of their lines only the arguments were looked at."""


@pytest.fixture(scope="module")
def pods(node: Node) -> Iterator[Mapping[str, Hostile]]:
    """Give the two pods of hostile names."""
    with hostile_pods(node) as made:
        yield made


@pytest.fixture(scope="module")
def truths(node: Node, pods: Mapping[str, Hostile]) -> Mapping[str, Truth]:
    """Give what the screen shows of each of the two pods, by its bridge."""
    ports = {row["name"]: row for row in node.ask("ports")["ports"]}
    rows = [row for row in node.ask("pods")["pods"] if row["sandbox"]]
    by_id = {row["sandbox"]["id"]: row for row in rows}
    return {bridge: Truth(by_id[one.id], ports) for bridge, one in pods.items()}


@pytest.fixture(scope="module")
def told(node: Node, pods: Mapping[str, Hostile]) -> Mapping[str, list[Row]]:
    """Give the recipes for each of the two pods, by its bridge."""
    found = {b: node.ask("explain", one.id)["recipes"] for b, one in pods.items()}
    tools = {row["tool"] for some in found.values() for row in some}
    MISSING.update(record_missing(node.lab, tools))
    return found


class Truth:
    """What the screen says of a pod, against what a line gives."""

    def __init__(self, row: Row, ports: Mapping[str, Row]) -> None:
        self.row = row
        self.ports = ports
        self.legs = row["interfaces"]

    def leg(self, name: str) -> Row:
        """Return the interface of this name inside."""
        return by_name(self.legs, name)

    def outer(self, name: str) -> Row:
        """Return the interface whose end on the node has this name."""
        (leg,) = [leg for leg in self.legs if leg["host"]["name"] == name]
        return dict(leg)

    def check(self, words: list[str], done: Done) -> None:
        """Compare what a line gave; one that no check is known for fails."""
        inside = words[3:] if words[0] == "nsenter" else words
        (check,) = [c for begins, c in CHECKS.items() if _begins(inside, begins)]
        check(self, inside, done.stdout)


def _begins(words: list[str], begins: str) -> bool:
    """Claim that a command begins so; `*` is any word."""
    wanted = begins.split()
    pairs = zip(words, wanted, strict=False)
    return len(words) >= len(wanted) and all(w in ("*", word) for word, w in pairs)


def docker_ps(truth: Truth, _: list[str], said: str) -> None:
    """The list has the sandbox alone."""
    assert [line.split()[0] for line in said.splitlines()[1:]] == [
        truth.row["sandbox"]["id"]
    ]


def docker_inspect(truth: Truth, words: list[str], said: str) -> None:
    """The main process is the one that is shown."""
    assert words[-1] == truth.row["sandbox"]["id"]
    assert said.split(maxsplit=1)[0] == str(truth.row["sandbox"]["pid"])


def processes(_: Truth, words: list[str], said: str) -> None:
    """The tree begins at the main process that is shown, and has its child."""
    assert said.startswith(f"sh({words[-1]})---sleep(")


def addresses(truth: Truth, _: list[str], said: str) -> None:
    """Each interface has the index, MAC and addresses that are shown."""
    for leg in truth.legs:
        assert f"\n{leg['ifindex']}: {leg['name']}@if{leg['peer_index']}:" in said
        assert f"link/ether {leg['mac']}" in said
        for one in leg["addresses"]:
            assert re.search(rf"inet6? {re.escape(one)} ", said)


def routes(truth: Truth, _: list[str], said: str) -> None:
    """There is one by each interface."""
    assert all(f" dev {leg['name']} " in said for leg in truth.legs)


def neighbours(truth: Truth, _: list[str], said: str) -> None:
    """The one that was set is known by each interface."""
    for leg in truth.legs:
        assert f"{NEIGHBOUR[0]} dev {leg['name']} lladdr {NEIGHBOUR[1]} " in said


def tracked(truth: Truth, words: list[str], said: str) -> None:
    """It is asked for the pod's address, and tells of no other's flows."""
    assert words[-1] in truth.row["addresses"]
    assert all(f" src={words[-1]} " in line for line in said.splitlines())


def peer_number(truth: Truth, words: list[str], said: str) -> None:
    """The number behind the name is the ifindex of the veth that is shown."""
    leg = truth.leg(words[-1])
    begin = f"{leg['ifindex']}: {leg['name']}@if{leg['host']['ifindex']}: "
    assert said.startswith(begin)


def iflink(truth: Truth, words: list[str], said: str) -> None:
    """The number in iflink is the ifindex of the veth that is shown."""
    name = words[1].split("/")[-2]
    assert int(said) == truth.leg(name)["host"]["ifindex"]


def numbered(truth: Truth, _: list[str], said: str) -> None:
    """The one link with that number is the veth that is shown."""
    (line,) = said.splitlines()
    number, rest = line.split(": ", 1)
    (leg,) = [g for g in truth.legs if str(g["host"]["ifindex"]) == number]
    assert rest.startswith(f"{leg['host']['name']}@if{leg['ifindex']}: ")


def device(truth: Truth, words: list[str], said: str) -> None:
    """The veth has the index, MAC and MTU that are shown."""
    host = truth.outer(words[-1])["host"]
    assert said.startswith(f"{host['ifindex']}: {host['name']}@if")
    assert f"link/ether {host['mac']} " in said
    assert f" mtu {host['mtu']} " in said


def interface_row(truth: Truth, words: list[str], said: str) -> None:
    """OVSDB has the ofport and the external_ids that are shown."""
    port = truth.ports[_named(words[-1])]
    assert field(said, "ofport") == str(port["ofport"])
    for value in port["ovs"]["external_ids"].values():
        assert value in field(said, "external_ids")


def port_row(truth: Truth, words: list[str], said: str) -> None:
    """OVSDB has this port, without a tag as it is shown."""
    assert truth.ports[_named(words[-1])]["tag"] is None
    assert field(said, "tag") == "[]"


def _named(condition: str) -> str:
    """Return the name in a condition of ovs-vsctl's."""
    return str(json.loads(condition.removeprefix("name=")))


def counters(truth: Truth, words: list[str], said: str) -> None:
    """The counters are of one port, the one that is shown."""
    name = words[-1]
    assert name in {str(port["ofport"]) for port in truth.ports.values()}
    assert said.count("rx pkts=") == 1


def flows(truth: Truth, words: list[str], said: str) -> None:
    """The bridge answers to the match on the port's number."""
    numbers = {f"in_port={port['ofport']}" for port in truth.ports.values()}
    assert words[-1] in numbers
    assert said.startswith("OFPST_FLOW reply (OF1.3)")


def learned(truth: Truth, _: list[str], said: str) -> None:
    """The bridge learned the MAC at the port that is shown."""
    for line in said.splitlines():
        number, _vlan, mac, _age = line.split()
        (leg,) = [leg for leg in truth.legs if leg["mac"] == mac]
        assert number == str(truth.ports[leg["host"]["name"]]["ofport"])
    assert said


def traced(_: Truth, words: list[str], said: str) -> None:
    """The bridge says what it would do with the packet."""
    assert said.startswith("Flow: tcp,in_port=")
    assert words[-1].split(",")[0].removeprefix("in_port=") in said
    assert "\nDatapath actions: " in said


def linux_port(truth: Truth, words: list[str], said: str) -> None:
    """The bridge's port is the veth that is shown."""
    host = truth.outer(words[-1])["host"]
    assert said.startswith(f"{host['ifindex']}: {host['name']}@")
    assert " master lbr0 " in said


def linux_fdb(truth: Truth, words: list[str], said: str) -> None:
    """The pod's MAC was learned behind the veth that is shown."""
    assert f"{truth.outer(words[-1])['mac']} " in said


def packets(_: Truth, words: list[str], said: str) -> None:
    """Twenty packets were seen, and then it ended by itself."""
    assert words[-1]
    assert len(re.findall(r"^\d\d:\d\d:\d\d", said, re.MULTILINE)) == 20


def sockets(_: Truth, __: list[str], said: str) -> None:
    """There are none, below the titles."""
    assert [line.split()[0] for line in said.splitlines()] == ["Netid"]


CHECKS: dict[str, Callable[[Truth, list[str], str], None]] = {
    "docker ps": docker_ps,
    "docker inspect": docker_inspect,
    "pstree -p": processes,
    "ip -d address": addresses,
    "ip route": routes,
    "ip neighbour": neighbours,
    "ss -tuanp": sockets,
    "conntrack -L -f ipv4 -s": tracked,
    "ip -o link show dev": peer_number,
    "cat": iflink,
    "ip -d -s link show dev": device,
    "ovs-vsctl * * find Interface": interface_row,
    "ovs-vsctl * * find Port": port_row,
    "ovs-ofctl -O OpenFlow13 dump-ports": counters,
    "ovs-ofctl -O OpenFlow13 dump-flows": flows,
    "ovs-appctl fdb/show": learned,
    "ovs-appctl ofproto/trace": traced,
    "bridge -d link show": linux_port,
    "bridge fdb show": linux_fdb,
    "timeout 10 tcpdump -p": packets,
}
"""How the answer of each kind of line is compared with what the screen shows."""


@pytest.mark.parametrize("bridge", BRIDGES)
def test_every_line_gives_what_the_screen_says(
    node: Node,
    pods: Mapping[str, Hostile],
    truths: Mapping[str, Truth],
    told: Mapping[str, list[Row]],
    bridge: str,
) -> None:
    """Each is run by bash, ends by itself, succeeds, and agrees with the rows."""
    truth = truths[bridge]
    seen: list[str] = []
    with talking(node, pods[bridge]):
        for recipe in told[bridge]:
            command = recipe["command"]
            words = argv(node.lab, command)
            done = run(node.lab, command)
            assert done.returncode == 0, (command, done.stderr)
            if recipe["tool"] in MISSING:
                assert recorded(node.lab) == words
            elif " | grep '^" in command:
                numbered(truth, words, done.stdout)
            else:
                truth.check(words, done)
            seen += words
    for number, name in enumerate(NAMES[bridge]):
        assert name in seen
        assert inner(number) in seen


def test_no_name_is_ever_run(
    node: Node, told: Mapping[str, list[Row]], pods: Mapping[str, Hostile]
) -> None:
    """What is pasted whole, comments and all, leaves nothing behind in its folder."""
    for one in pods.values():
        whole = node.lab.do("ocnetview", "explain", one.id)
        lines = [line for line in whole.splitlines() if line]
        commands = [line for line in lines if not line.startswith("#")]
        assert commands == [row["command"] for row in told[one.bridge]]
        with talking(node, one):
            done = run(node.lab, whole)
        assert done.returncode == 0, done.stderr
    assert node.lab.sh(f"ls -A {CANARY}") == ""


def test_a_pods_name_does_not_end_its_comment(
    node: Node, pods: Mapping[str, Hostile]
) -> None:
    """A line's end in a pod's name stands as an escape behind the comment's sign."""
    first = node.lab.do("ocnetview", "explain", pods["br0"].id).splitlines()[0]
    assert first == f"## pod evil;>c/{POD['br0']}".replace("\n", "\\n")


@pytest.fixture
def odd_bridges(node: Node) -> Iterator[None]:
    """Give a bridge of each hostile name, with a port."""
    words = ["ovs-vsctl", "--timeout=20"]
    uuids = []
    for number, name in enumerate(BRIDGE_NAMES):
        port = f"odd{number}"
        words += ["--", f"--id=@i{number}", "create", "Interface", f"name={port}"]
        words += ["type=internal", "--", f"--id=@p{number}", "create", "Port"]
        words += [f"name={port}", f"interfaces=@i{number}"]
        words += ["--", f"--id=@b{number}", "create", "Bridge"]
        words += [f"name={json.dumps(name)}", "datapath_type=netdev"]
        words += ["protocols=OpenFlow13", f"ports=@p{number}"]
        words += ["--", "add", "Open_vSwitch", ".", "bridges", f"@b{number}"]
    try:
        uuids = node.lab.do(*words).split()[2::3]
        yield
    finally:
        for uuid in uuids:
            gone = ("remove", "Open_vSwitch", ".", "bridges", uuid)
            node.lab.do("ovs-vsctl", "--timeout=20", *gone)


@pytest.mark.usefixtures("odd_bridges")
def test_a_bridges_name_is_a_bridge_to_every_tool(node: Node) -> None:
    """None is an option, an address to call, or a command: its own switch answers."""
    node.lab.sh(f"mkdir -p {CANARY}")
    ports = {row["name"]: row for row in node.ask("ports")["ports"]}
    commands = [
        row["command"]
        for row in node.ask("explain")["recipes"]
        if row["tool"] in ("ovs-ofctl", "ovs-appctl")
    ]
    for number, name in enumerate(BRIDGE_NAMES):
        port = ports[f"odd{number}"]
        assert port["bridge"] == name
        told = node.ask("explain", f"odd{number}")["recipes"]
        lines = [row["command"] for row in told if row["tool"] == "ovs-ofctl"]
        said = "".join(_answered(node, line) for line in lines)
        assert said.count("rx pkts=") == 1
        assert "OFPST_FLOW reply (OF1.3)" in said
        lines = [line for line in commands if name in argv(node.lab, line)[-1]]
        described, learned = map(partial(_answered, node), lines)
        assert f" {port['ofport']}(odd{number}): " in described
        assert learned.split()[:2] == ["port", "VLAN"]
        flows, trace = _screen_lines(name, port["ofport"])
        assert _answered(node, flows).startswith("OFPST_FLOW reply (OF1.3)")
        if not name.startswith("-"):  # the daemon takes that for an option
            assert f'bridge("{name}")' in _answered(node, trace)
    assert node.lab.sh(f"ls -A {CANARY}") == ""


def _screen_lines(bridge: str, ofport: int) -> tuple[str, str]:
    """Return what the screens of flows and traces print for a port."""
    kind, match = BridgeKind.OVS, f"in_port={ofport}"
    model = NodeModel(bridges=(Bridge(bridge, kind, protocols=("OpenFlow13",)),))
    view = FlowsView(Wired(bridge, "a", ofport), FlowsFacts("a", 0, bridge))
    route = Route(End("a"), End("b"))
    asked = Question(Way.THERE, "a", bridge, match)
    flows = flows_recipes(model, [view])[0].command
    return flows, command_of(model, Traced(route, Way.THERE, asked))


def _answered(node: Node, line: str) -> str:
    """Return what a line gives, which succeeds."""
    done = run(node.lab, line)
    assert done.returncode == 0, (line, done.stderr)
    return done.stdout


def test_lines_that_were_not_run_are_named() -> None:
    """Of tools that are not here only the arguments were compared: this says which."""
    if MISSING:
        pytest.skip(f"only the arguments of: {', '.join(sorted(MISSING))}")
