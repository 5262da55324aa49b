"""`ocnetview inside` against `ip` and `ss`, run in the same namespaces."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from node.boxes import HOSTILE
from node.lab import NOBODY, until
from node.places import PLACES as CONTAINERS
from node.places import ask
from node.wiring import Node

ASKING = str(Path(__file__).with_name("asking.py"))
TALKER = str(Path(__file__).with_name("talker.py"))
FURNISHED = "furnished"
"""A container with routes, neighbours and sockets to be read."""
HOSTED = "hosted"
"""One in the node's own network."""
ADDRESS = "10.129.0.16"
FURNISH = """
ip link set eth0 addrgenmode none
echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6
ip link set lo up
ip address add 10.129.0.16/24 dev eth0
ip -6 address add fd00:10::16/64 dev eth0 nodad
ip link set eth0 up
ip route add default via 10.129.0.1
ip route add 172.30.0.0/16 nexthop via 10.129.0.1 weight 2 nexthop via 10.129.0.2
ip route add blackhole 192.0.2.0/24 metric 77
ip route add 203.0.113.5 via inet6 fe80::1 dev eth0
ip route add 10.9.0.0/16 via 10.77.0.1 dev eth0 onlink table 100 metric 50
ip -6 route add prohibit fd00:bad::/32
ip -6 route add default via fd00:10::1 metric 512
ip rule add from 10.129.0.16 lookup 100 priority 1000
ip -6 rule add fwmark 0x1/0xff lookup 100 priority 900
ip neigh add 10.129.0.9 lladdr 02:00:00:00:00:09 dev eth0 nud permanent
ip -6 neigh add fd00:10::9 lladdr 02:00:00:00:00:99 dev eth0 nud permanent router
"""
PLACES = (FURNISHED, "bridged", "hostile", HOSTED)
"""A container with more than most, on either bridge, with odd names, on the host."""


def inside(node: Node, name: str, what: str) -> dict[str, Any]:
    """Return what ocnetview reads there."""
    return dict(node.ask("inside", name, what)["inside"][what])


def within(node: Node, name: str, *command: str) -> str:
    """Return what a command says in the network namespace of a container."""
    return node.lab.do(
        "nsenter", f"--target={pid_of(node, name)}", "--net", "--", *command
    )


def ip(node: Node, name: str, *arguments: str) -> list[dict[str, Any]]:
    """Return what `ip -json` says there."""
    said = within(node, name, "ip", "-json", *arguments)
    return list(json.loads(said or "[]", strict=False))


def pid_of(node: Node, name: str) -> int:
    """Return a container's main process."""
    form = "--format={{.State.Pid}}"
    return int(node.lab.do("docker", "inspect", form, name))


@contextmanager
def running(node: Node, name: str, *flags: str, network: str = "none") -> Iterator[int]:
    """Run a container for this block; give its main process."""
    run = ("docker", "run", "--detach", f"--network={network}", f"--name={name}")
    node.lab.do(*run, *flags, "lab-busybox", "sleep", "7000")
    try:
        yield pid_of(node, name)
    finally:
        node.lab.run("docker", "rm", "--force", name)


@pytest.fixture(scope="module")
def furnished(node: Node) -> Iterator[Node]:
    """Give the node with a container that has something of everything."""
    lab = node.lab
    with running(node, FURNISHED) as pid, running(node, HOSTED, network="host"):
        lab.sh(
            f"ip link add vethinside type veth peer name eth0 netns {pid};"
            " ip link set vethinside addrgenmode none up master lbr0"
        )
        lab.sh(f"nsenter --target={pid} --net sh -euc '{FURNISH}'")
        yield node
        # A connection that nobody has any more would keep the namespace for a minute.
        within(node, FURNISHED, "ss", "--kill", "--all", "--tcp")
    until(partial(lacks, node, "vethinside"), "the container's namespace ends")


def lacks(node: Node, link: str) -> bool:
    """Claim that the host has no such link."""
    return not node.lab.run("test", "!", "-e", f"/sys/class/net/{link}").returncode


@pytest.fixture(scope="module")
def talker(furnished: Node) -> Iterator[int]:
    """Give the process in that container which has sockets of every kind."""
    pid = str(pid_of(furnished, FURNISHED))
    enter = ("nsenter", f"--target={pid}", "--net", "--")
    with furnished.lab.start(*enter, sys.executable, TALKER, pid) as program:
        assert program.stdout
        yield int(program.stdout.readline())
        program.communicate()


@pytest.mark.parametrize("name", PLACES)
def test_interfaces_are_those_of_ip(furnished: Node, name: str) -> None:
    """Names, states, MTU, MAC and addresses, lo among them."""
    ours = {
        one["link"]["ifindex"]: (
            one["link"]["name"],
            one["link"]["mtu"],
            one["link"]["mac"],
            one["link"]["operstate"],
            set(one["link"]["addresses"]),
        )
        for one in inside(furnished, name, "interfaces")["links"]
    }
    theirs = {
        row["ifindex"]: (
            row["ifname"],
            row["mtu"],
            row.get("address", ""),
            row["operstate"].lower(),
            {f"{a['local']}/{a['prefixlen']}" for a in row["addr_info"]},
        )
        for row in ip(furnished, name, "address")
    }
    assert ours == theirs


@pytest.mark.usefixtures("talker")
def test_counters_lie_between_two_readings_of_ip(furnished: Node) -> None:
    """What was received and sent, and what failed of it."""

    def read() -> dict[str, dict[str, int]]:
        rows = ip(furnished, FURNISHED, "-statistics", "link")
        return {
            row["ifname"]: {
                f"{way}_{word}": row["stats64"][way][word]
                for way in ("rx", "tx")
                for word in ("bytes", "packets", "errors", "dropped")
            }
            for row in rows
        }

    before = read()
    ours = inside(furnished, FURNISHED, "interfaces")["links"]
    after = read()
    assert {one["link"]["name"] for one in ours} == set(before)
    for one in ours:
        name = one["link"]["name"]
        for word, low in before[name].items():
            assert low <= one["counters"][word] <= after[name][word]
    (lo,) = (one for one in ours if one["link"]["name"] == "lo")
    assert lo["counters"]["rx_packets"] > 0


@pytest.mark.parametrize("name", PLACES)
def test_routes_are_those_of_ip(furnished: Node, name: str) -> None:
    """Of every table and both families, with several ways, and leading nowhere."""
    rows = ip(furnished, name, "-details", "route", "show", "table", "all")
    theirs = [
        (
            *(row["table"], row["type"], row["dst"], row["protocol"], row["scope"]),
            *(row.get("prefsrc", ""), row.get("metric", 0)),
            tuple(ways(row)),
        )
        for row in rows
    ]
    ours = [
        (
            *(row["table"], row["kind"], row["destination"], row["protocol"]),
            *(row["scope"], row["source"], row["metric"]),
            tuple((h["gateway"], h["device"], h["weight"]) for h in row["hops"]),
        )
        for row in inside(furnished, name, "routes")["routes"]
    ]
    assert sorted(ours) == sorted(theirs)


def ways(row: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Yield gateway, device and weight of each way of a route of ip's."""
    for hop in row.get("nexthops") or [row]:
        via = hop.get("gateway") or hop.get("via", {}).get("host", "")
        if via or "dev" in hop:
            yield via, hop.get("dev", ""), hop.get("weight", 1)


def test_rules_are_those_of_ip(furnished: Node) -> None:
    """Of both families, with what each is for."""
    rules = inside(furnished, FURNISHED, "routes")["rules"]
    ours = {
        (rule["family"], rule["priority"], rule["action"], *rule["match"])
        for rule in rules
    }
    assert ours == {
        (4, 0, "lookup local"),
        (4, 1000, "lookup 100", "from 10.129.0.16"),
        (4, 32766, "lookup main"),
        (4, 32767, "lookup default"),
        (6, 0, "lookup local"),
        (6, 900, "lookup 100", "fwmark 0x1/0xff"),
        (6, 32766, "lookup main"),
    }
    for family in ("-4", "-6"):
        listed = {row["priority"] for row in ip(furnished, FURNISHED, family, "rule")}
        assert listed == {n for f, n, *_ in ours if f == int(family[1])}


@pytest.mark.parametrize("name", PLACES)
def test_neighbours_are_those_of_ip(furnished: Node, name: str) -> None:
    """By address and link, with MAC and flags; states change from look to look."""
    theirs = {
        (row["dst"], row["dev"], row.get("lladdr", ""), "router" in row)
        for row in ip(furnished, name, "neighbour")
    }
    ours = {
        (row["address"], row["device"], row["mac"], "router" in row["flags"])
        for row in inside(furnished, name, "neighbours")["neighbours"]
    }
    assert ours == theirs
    if name == FURNISHED:
        assert ("10.129.0.9", "eth0", "02:00:00:00:00:09", False) in ours
        assert ("fd00:10::9", "eth0", "02:00:00:00:00:99", True) in ours


def test_sockets_are_those_of_ss(furnished: Node, talker: int) -> None:
    """TCP, UDP and raw, with states, queues, ends and the processes of each."""
    flags = ("--all", "--tcp", "--udp", "--raw", "--numeric", "--processes", "-H")
    theirs = map(ss_line, within(furnished, FURNISHED, "ss", *flags).splitlines())
    told = inside(furnished, FURNISHED, "sockets")
    ours = list(map(our_line, told["sockets"]))
    assert sorted(ours) == sorted(theirs)
    assert {line[0] for line in ours} == {"tcp", "udp", "raw"}
    states = {"LISTEN", "ESTAB", "UNCONN", "CLOSE-WAIT", "FIN-WAIT-2"}
    assert {line[1] for line in ours} >= states
    assert sum(line[-1] == talker for line in ours) == 11
    assert told["troubles"] == []


def ss_line(line: str) -> tuple[Any, ...]:
    """Return what a line of ss tells; for it * is both families, and [::] the one."""
    protocol, state, received, sent, local, peer, *rest = line.split()
    local, peer = (end.replace("[::]", "*") for end in (local, peer))
    pids = sorted(set(map(int, re.findall(r"pid=(\d+)", " ".join(rest)))))
    return (protocol, state, int(received), int(sent), local, peer, *pids)


def our_line(one: dict[str, Any]) -> tuple[Any, ...]:
    """Return the same of a socket as we tell it."""
    local, peer = (
        "*" if one[end] == "::" else f"[{one[end]}]" if ":" in one[end] else one[end]
        for end in ("local", "peer")
    )
    local += f"%{one['device']}" if one["device"] else ""
    ends = (f"{local}:{one['local_port']}", f"{peer}:{one['peer_port'] or '*'}")
    queues = (one["recv_queue"], one["send_queue"])
    pids = sorted({owner["pid"] for owner in one["owners"]})
    return (one["protocol"], one["state"], *queues, *ends, *pids)


def serve(node: Node, port: int) -> None:
    """Let a program of the container on the host listen there."""
    serving = ("busybox", "nc", "-ll", "-p", str(port), "-e", "cat")
    node.lab.do("docker", "exec", "--detach", HOSTED, *serving)
    listens = f"ss -Hltn | grep -q :{port}"
    until(lambda: not node.lab.run("sh", "-c", listens).returncode, "it listens")


def test_on_the_host_only_the_pods_own_sockets_are_shown(furnished: Node) -> None:
    """What else listens in the same namespace is none of the pod's."""
    with socket_of_the_node(furnished):
        serve(furnished, 9100)
        (one,) = inside(furnished, HOSTED, "sockets")["sockets"]
    assert (one["state"], one["local_port"]) == ("LISTEN", 9100)
    assert [owner["name"] for owner in one["owners"]] == ["busybox"]


@contextmanager
def socket_of_the_node(node: Node) -> Iterator[None]:
    """Let a program outside of all containers listen for this block."""
    script = (
        "import socket, sys; s = socket.create_server(('', 9101)); print(flush=True)"
    )
    line = (sys.executable, "-c", f"{script}; sys.stdin.read()")
    with node.lab.start(*line) as program:
        assert program.stdout
        program.stdout.readline()
        yield
        program.communicate()


RULES = (
    "INPUT -m conntrack --ctstate INVALID -j ACCEPT",
    "PREROUTING -t nat -d 10.96.0.10 -p tcp --dport 443 -j DNAT --to 10.129.0.1:8443",
)
"""What makes the kernel track flows, and a service's address another's."""


@pytest.fixture
def tracking(furnished: Node) -> Iterator[Node]:
    """Give the node while it tracks flows, with a server behind a service."""
    lab = furnished.lab
    lab.sh("\n".join(f"iptables -A {rule}" for rule in RULES))
    serve(furnished, 8443)
    yield furnished
    lab.sh("\n".join(f"iptables -D {rule}" for rule in RULES))


def test_the_node_is_asked_for_the_pods_flows(tracking: Node) -> None:
    """Those of its address alone, with what NAT made of them."""
    client = "sleep 7002 | busybox nc 10.96.0.10 443"
    tracking.lab.do("docker", "exec", "--detach", FURNISHED, "sh", "-c", client)
    found: list[dict[str, Any]] = []

    def look() -> bool:
        flows = inside(tracking, FURNISHED, "conntrack")["flows"]
        found[:] = [f for f in flows if f["state"] == "ESTABLISHED"]
        return bool(found)

    until(look, "the flow is tracked")
    (flow,) = found
    asked, answered = flow["original"], flow["reply"]
    assert (asked["source"], asked["destination"]) == (ADDRESS, "10.96.0.10")
    assert (asked["destination_port"], answered["source_port"]) == (443, 8443)
    assert (answered["source"], answered["destination"]) == ("10.129.0.1", ADDRESS)
    assert {"ASSURED", "DNAT"} <= set(flow["status"])
    others = inside(tracking, "plain-07", "conntrack")["flows"]
    assert ADDRESS not in json.dumps(others)


def test_dns_is_what_the_containers_files_say(furnished: Node) -> None:
    """Its own resolv.conf and hosts, not the node's."""
    script = "echo 'nameserver 172.30.0.10\nsearch a.b c.d' >/etc/resolv.conf"
    furnished.lab.do("docker", "exec", FURNISHED, "sh", "-c", script)
    told = inside(furnished, FURNISHED, "dns")
    assert told["nameservers"] == ["172.30.0.10"]
    assert told["search"] == ["a.b", "c.d"]
    hosts = {entry["address"]: entry["names"] for entry in told["hosts"]}
    assert "localhost" in hosts["127.0.0.1"]
    assert told["troubles"] == []


def test_traps_in_a_containers_files_hold_nobody_up(furnished: Node) -> None:
    """A FIFO is not waited for, and a link leads nowhere but below its own root."""
    with running(furnished, "trap") as pid:
        etc = f"/proc/{pid}/root/etc"
        furnished.lab.sh(
            f"nsenter --target {pid} --mount /bin/busybox umount /etc/resolv.conf;"
            f" nsenter --target {pid} --mount /bin/busybox umount /etc/hosts;"
            f" rm -f {etc}/resolv.conf {etc}/hosts; mkfifo {etc}/resolv.conf;"
            f" ln -s ../../../../../etc/shadow {etc}/hosts"
        )
        told = inside(furnished, "trap", "dns")
    assert told["hosts"] == told["nameservers"] == []
    assert "resolv.conf cannot be read: it is no plain file" in told["troubles"][0]
    assert "hosts cannot be read: No such file" in told["troubles"][1]


def test_containers_are_those_of_docker(furnished: Node) -> None:
    """Image, command and mounts as `docker inspect` has them, limits as the cgroup."""
    (one,) = inside(furnished, FURNISHED, "containers")["containers"]
    (said,) = json.loads(furnished.lab.do("docker", "inspect", FURNISHED))
    assert one["source"] == "docker inspect"
    assert (one["image"], one["id"]) == (said["Config"]["Image"], said["Id"])
    assert one["command"] == [said["Path"], *said["Args"]]
    assert one["restarts"] == said["RestartCount"] == 0
    assert one["pid"] == said["State"]["Pid"]
    limits = one["limits"]
    assert limits["cgroup"].endswith(said["Id"])
    assert limits["memory_used"] > 0


def test_a_limit_is_found_where_it_is_set(furnished: Node) -> None:
    """Memory, CPUs and pids as the container was told, with the cgroup that says so."""
    limits = ("--memory=64m", "--cpus=0.5", "--pids-limit=77")
    with running(furnished, "limited", *limits):
        (one,) = inside(furnished, "limited", "limits")["limits"]
    assert (one["cpu"]["value"], one["memory"]["value"]) == (0.5, 64 << 20)
    assert (one["pids"]["value"], one["pids_used"]) == (77, 1)
    assert one["memory"]["where"] == one["cgroup"]


def test_no_value_of_the_environment_is_told_unasked(furnished: Node) -> None:
    """Names by default, values where they are asked for, secrets never."""
    given = ("--env=PLAIN=open sesame", "--env=DB_PASSWORD=hunter2-hunter2")
    with running(furnished, "env", *given):
        said = {
            flags: furnished.lab.do("ocnetview", "inside", "env", *flags)
            for flags in ((), ("--environment",), ("--show-values",))
        }
        as_json = furnished.ask("inside", "env", "--show-values")
    assert "PLAIN" not in said[()]
    assert "PLAIN" in said["--environment",]
    assert "open sesame" not in said["--environment",]
    assert "open sesame" in said["--show-values",]
    assert not any("hunter2" in text for text in (*said.values(), str(as_json)))


def test_hostile_names_reach_no_terminal_raw(furnished: Node) -> None:
    """An interface inside with escape sequences in its name."""
    name = f"v{HOSTILE}"
    pair = ("name", name, "type", "veth", "peer", "name", "other")
    within(furnished, "hostile", "ip", "link", "add", *pair)
    try:
        said = furnished.lab.do("ocnetview", "inside", "hostile")
    finally:
        within(furnished, "hostile", "ip", "link", "delete", "other")
    assert "v\\x1b[31m[b]" in said
    assert "\x1b" not in said


def test_a_namespace_ends_with_its_pod_though_it_was_looked_at(
    furnished: Node,
) -> None:
    """The host's end of its veth, which lives as long, is gone while we live."""
    lab = furnished.lab
    with running(furnished, "brief") as pid:
        lab.sh(f"ip link add vethbrief type veth peer name eth0 netns {pid}")
        program = lab.start(sys.executable, ASKING, "brief")
        assert program.stdout
        asked = program.stdout.readline().split()
    assert {"interfaces", "routes", "neighbours", "dns", "sockets"} <= set(asked)
    with program:
        until(partial(lacks, furnished, "vethbrief"), "the veth is gone")
        assert program.poll() is None
        program.communicate()


def with_rights(node: Node, *capabilities: str) -> tuple[int, dict[str, Any], str]:
    """Return exit status, JSON and stderr of a user who has these and no more."""
    group = node.lab.do("stat", "--format=%g", "/run/docker.sock")
    held = ",".join(f"+{name}" for name in capabilities)
    caps = (f"--inh-caps={held}", f"--ambient-caps={held}")
    ids = (f"--reuid={NOBODY}", f"--regid={group}", "--clear-groups")
    line = ("setpriv", *ids, *caps, "--", "ocnetview", "inside", FURNISHED, "--json")
    done = node.lab.run(*line)
    return done.returncode, json.loads(done.stdout), done.stderr


def test_without_the_right_to_enter_it_is_told(furnished: Node, talker: int) -> None:
    """What may not be read is named with the right; sockets come by their tables."""
    rights = ("net_admin", "sys_ptrace", "dac_read_search")
    code, told, said = with_rights(furnished, *rights)
    assert code == 3
    assert "needs CAP_SYS_ADMIN" in told["unseen"]["routes"]
    # Said once, after the names of all that it is the reason for.
    assert re.search(r"routes[^:;]*: its network namespace may not be entered", said)
    by_table = told["inside"]["sockets"]
    assert by_table["source"] == f"/proc/{pid_of(furnished, FURNISHED)}/net"
    mine = [one for one in by_table["sockets"] if one["owners"]]
    assert {8080, 5353} <= {one["local_port"] for one in mine}
    assert talker in {owner["pid"] for one in mine for owner in one["owners"]}


@pytest.mark.usefixtures("talker")
def test_without_a_look_at_descriptors_sockets_are_nobodys(furnished: Node) -> None:
    """They are shown all the same, with what it takes to know whose they are."""
    _, told, _ = with_rights(furnished, "net_admin", "sys_ptrace")
    sockets = told["inside"]["sockets"]
    assert {8080, 5353} <= {one["local_port"] for one in sockets["sockets"]}
    assert not any(one["owners"] for one in sockets["sockets"])
    assert "needs CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH" in sockets["troubles"][0]


@pytest.mark.parametrize("place", CONTAINERS)
@pytest.mark.usefixtures("talker")
def test_from_a_container_the_same_is_read(furnished: Node, place: str) -> None:
    """In a debug pod, a toolbox, or with files only: namespaces, files and flows."""
    there = ask(furnished.lab, CONTAINERS[place], "inside", FURNISHED)
    here = furnished.ask("inside", FURNISHED)
    assert there["unseen"] == here["unseen"]
    ours, theirs = (settled(told["inside"]) for told in (here, there))
    assert theirs == ours
    assert ours["sockets"]
    assert ours["routes"]


def settled(told: dict[str, Any]) -> dict[str, Any]:
    """Return of an answer what does not change from look to look."""
    return {
        "links": [one["link"] for one in told["interfaces"]["links"]],
        "routes": told["routes"]["routes"],
        "neighbours": {one["address"] for one in told["neighbours"]["neighbours"]},
        "dns": (told["dns"]["nameservers"], told["dns"]["hosts"]),
        "sockets": {
            (one["state"], one["local"], one["local_port"], len(one["owners"]))
            for one in told["sockets"]["sockets"]
        },
        "containers": [
            (one["command"], one["limits"]["memory"], one["limits"]["pids"])
            for one in told["containers"]["containers"]
        ],
    }
