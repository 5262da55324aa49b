"""What was read inside a pod, as sections."""

from __future__ import annotations

from typing import get_args

import pytest
from builders import link

from ocnetview.details.inside import inside_detail
from ocnetview.details.section import as_text
from ocnetview.facts import Counters, OperState
from ocnetview.facts.inside import (
    ConntrackFacts,
    DnsFacts,
    Flow,
    HostEntry,
    InsideFacts,
    InsideLink,
    InterfacesFacts,
    Neighbour,
    NeighboursFacts,
    NextHop,
    Owner,
    Route,
    RoutesFacts,
    Rule,
    Side,
    Socket,
    SocketsFacts,
)
from ocnetview.facts.inside_containers import (
    ContainerDetail,
    ContainersFacts,
    EnvironmentFacts,
    Limit,
    Limits,
    LimitsFacts,
    Mount,
    Variable,
)
from ocnetview.model import NodeModel, Pod, PodKind

EVIL = "e\x1b[31m[b]\n"
PEER = Pod("k", PodKind.POD, "db-0", "shop", addresses=("10.128.0.9",))
MODEL = NodeModel(pods=(PEER,), at=1000.0)


def text_of(facts: InsideFacts, *, reveal: bool = False) -> str:
    """Return what is shown of an answer."""
    return as_text(inside_detail(MODEL, facts, reveal=reveal))


def lines_of(facts: InsideFacts) -> list[str]:
    """Return what is shown line by line, blanks made one."""
    return [" ".join(line.split()) for line in text_of(facts).splitlines()]


def test_interfaces_come_with_what_they_moved() -> None:
    """State, MTU, MAC and addresses, then counters; what is amiss is marked."""
    up = link(2, "eth0", 7, kind="veth", operstate=OperState.UP, mtu=1450)
    up = up._replace(addresses=("10.128.0.7/23", "fd00::7/64"), mac="0a:58:0a:80:00:07")
    down = link(3, "net1", 7)._replace(up=True, operstate=OperState.LOWERLAYERDOWN)
    counters = Counters(9, 8, 7000, 6000, 1, 0, 5, 0)
    facts = InterfacesFacts(
        "rtnetlink", 1.0, (InsideLink(up, counters), InsideLink(down))
    )
    shown, counted = inside_detail(MODEL, facts)
    assert (
        "eth0 2 veth up 1450 0a:58:0a:80:00:07 10.128.0.7/23, fd00::7/64"
        in lines_of(facts)
    )
    assert "eth0 7.0k 9 1 5 6.0k 8 0 0" in lines_of(facts)
    assert shown.table
    assert counted.table
    assert (shown.table.bad, counted.table.bad) == (frozenset({1}), frozenset({0}))


def test_routes_stand_by_table_and_rules_where_there_are_any() -> None:
    """The main table first, a row for each way, dead ones marked."""
    ways = (NextHop("10.0.0.1", "eth0", 2), NextHop("10.0.0.2", "eth1", 1, ("dead",)))
    routes = (
        Route(4, "100", "blackhole", "10.9.0.0/16", protocol="static"),
        Route(4, "main", "unicast", "default", ways, "10.0.0.7", 50, "dhcp"),
        Route(4, "local", "local", "10.0.0.7", (NextHop("", "eth0"),)),
    )
    usual = (Rule(4, 0, "lookup local"), Rule(4, 32766, "lookup main"))
    facts = RoutesFacts("rtnetlink", 1.0, routes, usual)
    titles = [section.title for section in inside_detail(MODEL, facts)]
    assert titles == [f"routes, table {name}" for name in ("main", "100", "local")]
    assert "default 10.0.0.1 eth0 10.0.0.7 50 dhcp weight 2" in lines_of(facts)
    assert "10.0.0.2 eth1 dead" in lines_of(facts)
    table = inside_detail(MODEL, facts)[0].table
    assert table
    assert table.bad == {1}
    ruled = RoutesFacts(
        "rtnetlink", 1.0, routes, (*usual, Rule(4, 9, "lookup 100", ("from 10.0.0.7",)))
    )
    assert lines_of(ruled)[-1] == "9 IPv4 from 10.0.0.7 lookup 100"
    assert "0 IPv4 all lookup local" in lines_of(ruled)


def test_who_does_not_answer_is_marked() -> None:
    """A neighbour that failed is what the operator looks for."""
    found = (
        Neighbour("10.0.0.1", "eth0", "02:00:00:00:00:01", "reachable"),
        Neighbour("10.0.0.9", "eth0", "", "failed"),
    )
    (section,) = inside_detail(MODEL, NeighboursFacts("rtnetlink", 1.0, found))
    assert section.table
    assert section.table.bad == {1}


def test_a_resolver_is_shown_with_fixed_names() -> None:
    """Each server in a line; that there is none is amiss."""
    facts = DnsFacts(
        *("files", 1.0, "web", ("172.30.0.10",), ("a", "b"), ("ndots:5",)),
        (HostEntry("127.0.0.1", ("localhost", "lo")),),
    )
    assert {
        "nameserver 172.30.0.10",
        "search a b",
        "options ndots:5",
        "127.0.0.1 localhost lo",
    } <= set(lines_of(facts))
    (bare,) = inside_detail(MODEL, DnsFacts("files", 1.0))
    assert bare.lines[-1].bad


def test_sockets_listen_or_are_connected() -> None:
    """Ends as ss writes them, each process once; a full queue is marked."""
    owners = (Owner(7, "nginx", 3), Owner(7, "nginx", 4), Owner(8, "nginx", 3))
    listener = Socket("tcp", 4, "LISTEN", "0.0.0.0", 80, "0.0.0.0", 0, 9, 8)  # noqa: S104
    six = Socket("udp", 6, "UNCONN", "::", 53, "::", 0, device="eth0")
    established = Socket("tcp", 6, "ESTAB", "fd00::7", 80, "fd00::9", 4000, 1, 2)
    sockets = (listener._replace(owners=owners), six, established)
    facts = SocketsFacts("sock_diag", 1.0, sockets, ("why",))
    listening, connected = inside_detail(MODEL, facts)
    assert "tcp LISTEN 9 8 *:80 nginx (7), nginx (8)" in lines_of(facts)
    assert "udp6 UNCONN 0 0 [::]:53%eth0" in lines_of(facts)
    assert "tcp6 ESTAB 1 2 [fd00::7]:80 [fd00::9]:4000" in lines_of(facts)
    assert listening.table
    assert (listening.table.bad, listening.lines[-1].bad) == (frozenset({0}), True)
    assert connected.table


def test_flows_say_what_nat_made_of_them_and_who_it_is() -> None:
    """The answering end only where it is another; a pod by its name."""
    asked = Side("10.128.0.7", "10.96.0.10", 4000, 443, 4, 316)
    answered = Side("10.128.0.9", "10.128.0.7", 8443, 4000, 3, 2140)
    natted = Flow("tcp", asked, answered, "ESTABLISHED", ("ASSURED", "DNAT"), 431999)
    ping = Side("10.128.0.7", "10.128.0.1")
    silent = Flow("icmp", ping, Side(*ping[1::-1]), "", ("UNREPLIED",), 30)
    facts = ConntrackFacts("ctnetlink", 1.0, (natted, silent), 90, 100)
    (section,) = inside_detail(MODEL, facts)
    assert (
        "tcp ESTABLISHED 10.128.0.7:4000 10.96.0.10:443 10.128.0.9:8443"
        " ? -> shop/db-0 4/3 316/2.1k 4d ASSURED, DNAT" in lines_of(facts)
    )
    assert "icmp 10.128.0.7 10.128.0.1 30s UNREPLIED" in lines_of(facts)
    assert section.table
    assert section.table.bad == {1}
    assert section.lines[-1].text == "90 of 100 flows"
    assert section.lines[-1].bad


HELD_BACK = "held back in 3 of 10 periods for 1.5 s"
LIMITS = Limits(
    *("web", "/kubepods/pod1/c1", 2),
    cpu=Limit(0.5, "/kubepods/pod1"),
    cpu_seconds=12.34,
    throttled=3,
    periods=10,
    throttled_seconds=1.5,
    memory=Limit(64 << 20, "/kubepods/pod1/c1"),
    memory_used=62 << 20,
    oom_kills=2,
    pids_used=5,
)


def test_limits_say_what_is_used_and_where_they_are_set() -> None:
    """What is held back, nearly full, or was killed is marked."""
    (section,) = inside_detail(MODEL, LimitsFacts("control groups v2", 1.0, (LIMITS,)))
    assert [(line.label, line.text, line.bad) for line in section.lines[1:]] == [
        ("cgroup", "/kubepods/pod1/c1", False),
        (
            "cpu",
            f"0.5 CPUs (set by /kubepods/pod1), took 12.3 s, {HELD_BACK}",
            True,
        ),
        ("memory", "62M of 64M", True),
        ("out of memory", "a process was killed 2 times", True),
        ("pids", "5, no limit", False),
    ]


def test_the_root_is_no_group_of_its_own() -> None:
    """What is taken there is not taken by the container alone, which is said."""
    facts = LimitsFacts("control groups v1", 1.0, (Limits("web", "/", 1),))
    (section,) = inside_detail(MODEL, facts)
    assert section.lines[1].text == "/, the root: what is taken is of all that runs"


def test_a_container_is_shown_with_its_mounts() -> None:
    """State and end, command as a shell would take it, times as ages."""
    one = ContainerDetail(
        *("id", "web", "docker inspect", "exited", "nginx:1", 3),
        command=("nginx", "-g", "daemon off;"),
        created=700.0,
        finished=880.0,
        exit_code=137,
        reason="OOMKilled",
        privileged=True,
        capabilities=("CAP_CHOWN",),
        mounts=(Mount("/ca", "/etc/ca", "bind", writable=False),),
    )
    shown = lines_of(ContainersFacts("docker inspect", 1.0, (one,)))
    assert {
        "container web",
        "state exited, OOMKilled, exit 137",
        "restarts 3",
        "created 5m ago",
        "finished 2m ago",
        "command nginx -g 'daemon off;'",
        "privileged yes",
        "may use chown",
        "/ca ro bind /etc/ca",
    } <= set(shown)


@pytest.mark.parametrize("reveal", [False, True])
def test_no_secret_is_ever_shown(reveal: bool) -> None:  # noqa: FBT001 - a case
    """Values where asked, of equal length where not, secrets in neither case."""
    variables = (
        Variable("web", "A", "open sesame"),
        Variable("web", "TOKEN", "hunter2", secret=True),
    )
    shown = text_of(EnvironmentFacts("docker inspect", 1.0, variables), reveal=reveal)
    assert ("open sesame" in shown) is reveal
    assert "hunter2" not in shown
    assert "TOKEN" in shown


HOSTILE: tuple[InsideFacts, ...] = (
    InterfacesFacts(EVIL, 1.0, (InsideLink(link(1, EVIL, 7)),)),
    RoutesFacts(EVIL, 1.0, (Route(4, EVIL, EVIL, EVIL, (NextHop(EVIL, EVIL),)),)),
    NeighboursFacts(EVIL, 1.0, (Neighbour(EVIL, EVIL),)),
    DnsFacts(EVIL, 1.0, EVIL, (EVIL,), (EVIL,), (EVIL,), (HostEntry(EVIL, (EVIL,)),)),
    SocketsFacts(
        *(EVIL, 1.0),
        (Socket("tcp", 4, EVIL, EVIL, 1, EVIL, 1, owners=(Owner(1, EVIL, 1),)),),
        (EVIL,),
    ),
    ConntrackFacts(EVIL, 1.0, (Flow(EVIL, Side(EVIL, EVIL), Side(EVIL, EVIL)),)),
    ContainersFacts(
        *(EVIL, 1.0),
        (ContainerDetail(EVIL, EVIL, EVIL, mounts=(Mount(EVIL, EVIL),), trouble=EVIL),),
    ),
    LimitsFacts(EVIL, 1.0, (Limits(EVIL, EVIL, 2, cpu=Limit(1, EVIL)),)),
    EnvironmentFacts(EVIL, 1.0, (Variable(EVIL, EVIL, EVIL),), (EVIL,)),
)


def test_every_answer_is_put_to_the_test() -> None:
    """Each kind of answer has its hostile one below."""
    assert {type(one) for one in HOSTILE} == set(get_args(InsideFacts))


@pytest.mark.parametrize("facts", HOSTILE, ids=lambda one: type(one).__name__)
def test_nothing_raw_reaches_a_terminal(facts: InsideFacts) -> None:
    """Whatever of an answer somebody else wrote."""
    sections = inside_detail(MODEL, facts, reveal=True)
    assert "\x1b" not in as_text(sections)
    for section in sections:
        assert "\n" not in section.title
        assert not any("\n" in line.text for line in section.lines)


EMPTY: tuple[InsideFacts, ...] = tuple(kind("x", 1.0) for kind in get_args(InsideFacts))


@pytest.mark.parametrize("facts", EMPTY, ids=lambda one: type(one).__name__)
def test_an_empty_answer_is_an_answer(facts: InsideFacts) -> None:
    """Where there is nothing, that is said, or no section is there."""
    for section in inside_detail(MODEL, facts):
        assert section.lines or section.table or section.title == "counters"
