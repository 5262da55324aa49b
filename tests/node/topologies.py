"""The matrix of hard topologies: how each is wired, and who belongs to whom then.

Links are written SPACE:NAME, `host` being the lab's own namespace. In `build` the
variable $SPACE is what `ip link ... netns` takes, and `at SPACE COMMAND` runs a
command inside. All of them stand in one lab at the same time, so that the indexes
of one are decoys for the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from shlex import quote


class Held(StrEnum):
    """What keeps a network namespace alive."""

    PROCESS = "a process"
    USERNS = "a process in a user namespace of its own"
    PIN = "a pin in /run/netns"
    DESCRIPTOR = "an open descriptor"
    THREAD = "a thread"
    ORPHAN = "a thread whose main thread ended"
    MOUNT = "a mount in another mount namespace"
    SOCKET = "a socket"


FOUND = {
    Held.DESCRIPTOR: "descriptor 7 of ",
    Held.THREAD: "thread ",
    Held.ORPHAN: "thread ",
    Held.MOUNT: "mount /run/lab/kept in the mount namespace of ",
}
"""How the words begin that say what keeps it, where that takes a search."""
ODD = ("v\x1b[31m[b]", "v'\"$(x)`\\", "vé☃ß", "--help", "-1", "eth0.@if2")
"""Names that act on terminals, markup, shells, printf, and options' parsers."""
PROCESS = Held.PROCESS


@dataclass(frozen=True, slots=True)
class Topology:
    """A wiring, and what is true of it."""

    title: str
    spaces: Mapping[str, Held]
    build: str = ""
    pairs: Mapping[str, str] = field(default_factory=dict)
    """The two ends of each veth."""
    lower: Mapping[str, str] = field(default_factory=dict)
    """A link, and what it sits on."""
    nameless: Mapping[str, str] = field(default_factory=dict)
    """A veth with its peer where only an id leads, and a link that is not the peer."""
    alone: tuple[str, ...] = ()
    """Links that belong to no other."""
    altnames: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    vlans: Mapping[str, int] = field(default_factory=dict)
    needs: str = ""
    """The link kind that the kernel must have."""


def veth(
    outer: str, index: int, space: str, name: str = "eth0", inside: int = 2
) -> str:
    """Return the line that makes a pair, its indexes fixed at both ends."""
    return (
        f"ip link add name {quote(outer)} index {index} type veth"
        f" peer name {quote(name)} index {inside} netns ${space}\n"
    )


TOPOLOGIES = (
    Topology(
        "the same ifindex in every pod",
        {"same1": PROCESS, "same2": PROCESS, "same3": PROCESS},
        veth("vsame1", 1001, "same1")
        + veth("vsame2", 1002, "same2")
        + veth("vsame3", 1003, "same3"),
        pairs={
            "host:vsame1": "same1:eth0",
            "host:vsame2": "same2:eth0",
            "host:vsame3": "same3:eth0",
        },
    ),
    Topology(
        "a peer index equal to the own index",
        {"own1": PROCESS, "own2": PROCESS},
        # The second pair has the first one's indexes crossed.
        veth("vown1", 1011, "own1", inside=1011)
        + veth("vown2", 1012, "own2", inside=1013)
        + "at own2 ip link add name x index 1012 type veth peer name y index 1011\n",
        pairs={
            "host:vown1": "own1:eth0",
            "host:vown2": "own2:eth0",
            "own2:x": "own2:y",
        },
    ),
    Topology(
        "two veths in one pod, one of them to another pod",
        {"two1": PROCESS, "two2": PROCESS},
        veth("vtwo1", 1021, "two1")
        + veth("vtwo2", 1022, "two2")
        # The ends' indexes are those of two links of the host.
        + "at two1 ip link add name net1 index 1021 type veth"
        " peer name net1 index 1022 netns $two2\n",
        pairs={
            "host:vtwo1": "two1:eth0",
            "host:vtwo2": "two2:eth0",
            "two1:net1": "two2:net1",
        },
    ),
    Topology(
        "a peer moved to a third namespace",
        {"moved1": PROCESS, "moved2": PROCESS},
        veth("vmoved", 1031, "moved1") + "at moved1 ip link set eth0 netns $moved2\n",
        pairs={"host:vmoved": "moved2:eth0"},
    ),
    Topology(
        "both ends moved away from the host",
        {"away1": PROCESS, "away2": PROCESS},
        veth("vaway", 1036, "away1") + "ip link set vaway netns $away2\n",
        pairs={"away1:eth0": "away2:vaway"},
    ),
    Topology(
        "a namespace behind a namespace",
        # Their order in the node's list is no help: the last one is found first.
        {"nest3": Held.PIN, "nest2": PROCESS, "nest1": PROCESS},
        veth("vnest1", 1041, "nest1")
        + "at nest1 ip link add name vnest2 index 1041 type veth"
        " peer name eth0 index 2 netns $nest2\n"
        "at nest2 ip link add name vnest3 index 1041 type veth"
        " peer name eth0 index 2 netns $nest3\n",
        pairs={
            "host:vnest1": "nest1:eth0",
            "nest1:vnest2": "nest2:eth0",
            "nest2:vnest3": "nest3:eth0",
        },
    ),
    Topology(
        "two pods that no link connects with the host",
        {"island1": PROCESS, "island2": PROCESS, "island3": Held.DESCRIPTOR},
        "at island1 ip link add name a index 1001 type veth"
        " peer name b index 1002 netns $island2\n"
        "at island2 ip link add name c index 1003 type veth"
        " peer name d index 1011 netns $island3\n",
        pairs={"island1:a": "island2:b", "island2:c": "island3:d"},
    ),
    Topology(
        "both ends in one namespace",
        {"ring": PROCESS},
        "ip link add name ring1 type veth peer name ring2\n"
        "at ring ip link add name ring1 type veth peer name ring2\n",
        pairs={"host:ring1": "host:ring2", "ring:ring1": "ring:ring2"},
    ),
    Topology(
        "macvlan and macvtap, made inside or moved there",
        {"mac1": PROCESS, "mac2": PROCESS},
        "ip tuntap add mactap mode tap\n"
        "ip link add link mactap name eth0 netns $mac1 type macvlan\n"
        "ip link add link mactap name macmoved type macvlan\n"
        "ip link set macmoved netns $mac2\n"
        "ip link add link mactap name mvt0 netns $mac2 type macvtap\n"
        # Another macvlan has its parent beside it.
        "ip link add link mactap name machost type macvlan\n",
        lower={
            "mac1:eth0": "host:mactap",
            "mac2:macmoved": "host:mactap",
            "mac2:mvt0": "host:mactap",
            "host:machost": "host:mactap",
        },
        alone=("host:mactap",),
    ),
    Topology(
        "a tunnel over a link of the host",
        {"tunnel": PROCESS},
        "ip tuntap add tuntap mode tap\n"
        "ip link add name tunvx type vxlan id 70 remote 192.0.2.1 dstport 4790"
        " dev tuntap\nip link set tunvx netns $tunnel\n",
        lower={"tunnel:tunvx": "host:tuntap"},
    ),
    Topology(
        "vlan",
        {"vlan": PROCESS},
        "ip tuntap add vlantap mode tap\n"
        "ip link add link vlantap name net1 netns $vlan type vlan id 4094\n",
        lower={"vlan:net1": "host:vlantap"},
        vlans={"vlan:net1": 4094},
        needs="vlan",
    ),
    Topology(
        "ipvlan",
        {"ipvlan": PROCESS},
        "ip tuntap add ipvtap mode tap\n"
        "ip link add link ipvtap name eth0 netns $ipvlan type ipvlan\n",
        lower={"ipvlan:eth0": "host:ipvtap"},
        needs="ipvlan",
    ),
    Topology(
        "netkit",
        {"netkit": PROCESS},
        "ip link add name nk0 type netkit peer name eth0 netns $netkit\n",
        pairs={"host:nk0": "netkit:eth0"},
        needs="netkit",
    ),
    Topology(
        "dummy",
        {"dummy": PROCESS},
        "ip link add name eth0 index 1001 netns $dummy type dummy\n",
        alone=("dummy:eth0",),
        needs="dummy",
    ),
    Topology(
        "an OVS internal port moved into a pod",
        {"internal": PROCESS},
        "ovs-vsctl add-br br0 -- set Bridge br0 datapath_type=netdev"
        " -- add-port br0 int0 -- set Interface int0 type=internal\n"
        "ip link set int0 netns $internal\n",
        alone=("internal:int0",),
    ),
    Topology(
        "a renamed veth, and an eth0 that is not called eth0",
        {"renamed": PROCESS},
        veth("vbefore", 1061, "renamed")
        + "ip link set vbefore name 9e10\nat renamed ip link set eth0 name eth0-nic\n"
        # What is called eth0 has nothing to do with the host's end.
        + "at renamed ip tuntap add eth0 mode tap\n",
        pairs={"host:9e10": "renamed:eth0-nic"},
        alone=("renamed:eth0",),
    ),
    *(
        Topology(
            f"a namespace held only by {held.value}",
            {f"held{number}": held, f"behind{number}": held},
            veth(f"vheld{number}", 1070 + number, f"held{number}")
            # Behind it is one that is as hidden.
            + f"at held{number} ip link add name next index 5 type veth"
            f" peer name eth0 index 2 netns $behind{number}\n",
            pairs={
                f"host:vheld{number}": f"held{number}:eth0",
                f"held{number}:next": f"behind{number}:eth0",
            },
        )
        for number, held in enumerate([Held.PIN, *FOUND])
    ),
    Topology(
        "a namespace that only a socket keeps",
        {"lost": Held.SOCKET, "found": PROCESS},
        # The peer's index is that of a link of the host. Another link leads on.
        veth("vlost", 1081, "lost", inside=1001)
        + "at lost ip link add name next type veth peer name eth0 netns $found\n",
        nameless={"host:vlost": "host:vsame1"},
    ),
    Topology(
        "a user-namespaced container",
        {"userns": Held.USERNS, "userns2": Held.USERNS},
        veth("vuserns", 1091, "userns")
        + "at userns ip link add name net1 index 7 type veth"
        " peer name net1 index 7 netns $userns2\n",
        pairs={"host:vuserns": "userns:eth0", "userns:net1": "userns2:net1"},
    ),
    Topology(
        "names with odd characters",
        {f"odd{number}": PROCESS for number in range(len(ODD))},
        "".join(
            veth(name, 1110 + number, f"odd{number}", name)
            for number, name in enumerate(ODD)
        ),
        pairs={f"host:{name}": f"odd{n}:{name}" for n, name in enumerate(ODD)},
    ),
    Topology(
        "further names",
        {"alt": PROCESS},
        veth("valt", 1101, "alt")
        + "ip link property add dev valt altname a-name-of-more-than-15-bytes"
        " altname eth0\nat alt ip link property add dev eth0 altname enp3s0\n",
        pairs={"host:valt": "alt:eth0"},
        altnames={
            "host:valt": ("a-name-of-more-than-15-bytes", "eth0"),
            "alt:eth0": ("enp3s0",),
        },
    ),
)
