"""A prober that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import select

from ocnetview.collectors.base import Stop
from ocnetview.errors import ProbeError
from ocnetview.facts.asked import Inside
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
from ocnetview.facts.kernel import Counters, Link, Netns, OperState
from ocnetview.probes.base import Capturer, Cluster, Prober, Switch, Target
from ocnetview.probes.recorded import (
    RecordedCapturer,
    RecordedCluster,
    RecordedProber,
    RecordedSwitch,
)

AT = 1_795_000_000.0
"""When everything was read, in seconds since the epoch."""
NETNS = Netns(4, 4026532004)
FROM = f"rtnetlink in {NETNS}"
LIMITS = Limits(
    "cart",
    "/kubepods/pod4/cart",
    2,
    cpu=Limit(0.5, "/kubepods/pod4/cart"),
    cpu_seconds=812.0,
    throttled=12,
    periods=4000,
    memory=Limit(256 * 2**20, "/kubepods/pod4"),
    memory_used=91 * 2**20,
    pids=Limit(1024, "/kubepods"),
    pids_used=5,
)


def _link(ifindex: int, name: str, *addresses: str, kind: str = "") -> InsideLink:
    """Return an interface inside that moved something."""
    link = Link(
        NETNS,
        ifindex,
        name,
        kind,
        mtu=1450 if kind else 65536,
        up=True,
        operstate=OperState.UP,
        mac="0a:58:0a:80:02:0e" if kind else "",
        addresses=addresses,
    )
    return InsideLink(link, Counters(8100, 7400, 9_200_000, 1_300_000, 0, 0, 3, 0))


def _routes() -> RoutesFacts:
    """Return the routes that a pod of OpenShift has."""
    hop = NextHop("", "eth0")
    mine = Route(4, "main", "unicast", "10.128.2.0/23", (hop,), "10.128.2.14", 0)
    cluster = Route(4, "main", "unicast", "10.128.0.0/14", (hop,))
    out = Route(4, "main", "unicast", "default", (NextHop("10.128.2.1", "eth0"),))
    return RoutesFacts(FROM, AT, (out, cluster, mine))


def _sockets() -> SocketsFacts:
    """Return a listener with a long queue, and a connection."""
    owner = (Owner(4170, "cart", 7),)
    listener = Socket("tcp", 4, "LISTEN", "0.0.0.0", 8080, "0.0.0.0", 0, 129, 128)  # noqa: S104 - what a socket says
    linked = Socket("tcp", 4, "ESTAB", "10.128.2.14", 8080, "10.128.2.17", 40112)
    sockets = (listener._replace(owners=owner), linked._replace(owners=owner))
    return SocketsFacts("sock_diag", AT, sockets)


def _flows() -> ConntrackFacts:
    """Return a flow through a service's address."""
    original = Side("10.128.2.14", "172.30.0.10", 41000, 53)
    reply = Side("10.128.2.11", "10.128.2.14", 5353, 41000)
    flow = Flow("udp", original, reply, status=("ASSURED", "DNAT"), timeout=28)
    return ConntrackFacts("nf_conntrack of the node", AT, (flow,), 712, 262144)


def _containers() -> ContainersFacts:
    """Return a container as its runtime tells of it."""
    one = ContainerDetail(
        "5a" * 32,
        "cart",
        "docker inspect",
        "running",
        "quay.io/demo/cart",
        2,
        ("/usr/bin/cart", "--config", "/etc/conf"),
        user="1000680000",
        pid=4170,
        started=AT - 7200,
        limits=LIMITS,
        mounts=(Mount("/etc/conf", "configmap/cart", "bind", writable=False),),
    )
    return ContainersFacts("docker inspect", AT, (one,))


def _environment() -> EnvironmentFacts:
    """Return a plain variable and one that looks like a secret."""
    plain = Variable("cart", "LISTEN", ":8080")
    secret = Variable("cart", "DB_PASSWORD", "hunter2", secret=True)
    return EnvironmentFacts("docker inspect", AT, (plain, secret))


def answers() -> dict[Inside, InsideFacts]:
    """Return an answer to everything that can be asked."""
    pair = _link(3, "eth0", "10.128.2.14/23", kind="veth")
    neighbours = (
        Neighbour("10.128.2.1", "eth0", "0a:58:0a:80:02:01", "reachable"),
        Neighbour("10.128.2.99", "eth0", "", "failed"),
    )
    hosts = (HostEntry("10.128.2.14", ("cart-5c9d8-7hk2p",)),)
    return {
        Inside.INTERFACES: InterfacesFacts(
            FROM, AT, (_link(1, "lo", "127.0.0.1/8"), pair)
        ),
        Inside.ROUTES: _routes(),
        Inside.NEIGHBOURS: NeighboursFacts(FROM, AT, neighbours),
        Inside.DNS: DnsFacts(
            "/proc/4170/root/etc/resolv.conf",
            AT,
            "cart",
            ("172.30.0.10",),
            ("shop.svc.cluster.local", "svc.cluster.local"),
            ("ndots:5",),
            hosts,
        ),
        Inside.SOCKETS: _sockets(),
        Inside.CONNTRACK: _flows(),
        Inside.CONTAINERS: _containers(),
        Inside.LIMITS: LimitsFacts("/sys/fs/cgroup", AT, (LIMITS,)),
        Inside.ENVIRONMENT: _environment(),
    }


class TellingProber:
    """Answers at once, with an error what it has no answer to, or never."""

    def __init__(self) -> None:
        self.answers = answers()
        self.asked: list[Inside] = []
        self.targets: list[Target] = []
        self.hangs = False
        """Claims that it answers only when it is told to stop."""
        self.stopped = 0
        """How often it was."""

    def ask(self, what: Inside, target: Target, stop: Stop) -> InsideFacts:
        """Return the answer, and remember who asked.

        Raises:
            ProbeError: there is none, or it was told to stop.
        """
        self.asked.append(what)
        self.targets.append(target)
        if self.hangs:
            select.select([stop], [], [])
            self.stopped += 1
            raise ProbeError(target.title, f"read {what}", "told to stop")
        if what not in self.answers:
            hint = "needs CAP_SYS_ADMIN"
            raise ProbeError(target.title, f"read {what}", "permission denied", hint)
        return self.answers[what]


class TellingTools:
    """The tools of a node, which answer as they are told."""

    def __init__(
        self,
        prober: Prober | None = None,
        capturer: Capturer | None = None,
        switch: Switch | None = None,
        cluster: Cluster | None = None,
    ) -> None:
        self._prober = prober or RecordedProber()
        self._capturer = capturer or RecordedCapturer()
        self._switch = switch or RecordedSwitch()
        self._cluster = cluster or RecordedCluster()

    def prober(self) -> Prober:
        """Return what was given."""
        return self._prober

    def capturer(self) -> Capturer:
        """Return what was given."""
        return self._capturer

    def switch(self) -> Switch:
        """Return what was given."""
        return self._switch

    def cluster(self) -> Cluster:
        """Return what was given."""
        return self._cluster
