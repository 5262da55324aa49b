"""Each kind of scrap, on a node that has everything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import (
    HOST,
    container,
    cri,
    docker,
    kube,
    kube_pod,
    link,
    member,
    netns,
    ovs,
    process,
    sandbox,
    veth,
)

from ocnetview.build import build_model
from ocnetview.errors import AmbiguousError, NotFoundError
from ocnetview.facts import (
    Facts,
    LinkFacts,
    NamespaceLinks,
    NestedFacts,
    OvsInterface,
    Place,
    ProcessFacts,
    Sample,
)
from ocnetview.match.who import Answer, find, find_pod
from ocnetview.model import NodeModel

UID = "0c585374-46b3-4332-a45c-33ffc39b170c"
HASH = "2ca5414c3e2a6991576c2c04c337b34a"
MIRROR = "3244f642-2db9-425f-9ad9-2faeb687a8b9"
PIN = "/run/netns/blue"


def digits(number: int, first: str) -> str:
    """Return an id that begins with two digits of its own."""
    return f"{first}{number:062x}"


def kernel() -> LinkFacts:
    """Return two pods on br0, a pinned namespace, and one that a service has."""
    web, web_in = veth(7, 12, "vethA")
    db, db_in = veth(9, 14, "vethB")
    blue, blue_in = veth(5, 16, "vethC", inside="blue0")
    macvlan = link(9, "net1", 9, kind="macvlan", peer_index=2, peer_netns=HOST)
    ens3 = link(2, "ens3", addresses=("192.0.2.5/24", "2001:db8::5/64"))
    ens3 = ens3._replace(altnames=("enp0s3",), mac="52:54:00:00:00:01")
    br0 = link(3, "br0", kind="openvswitch")
    return LinkFacts(
        HOST,
        (web, db, blue, ens3, br0),
        (
            NamespaceLinks(netns(7), 7, ("/run/netns/cni-7",), links=(web_in,)),
            NamespaceLinks(netns(9), 9, ("/run/netns/cni-9",), links=(db_in, macvlan)),
            NamespaceLinks(netns(5), 5, (PIN,), links=(blue_in,)),
            NamespaceLinks(netns(6), None, pids=(77,), links=(link(1, "lo", 6),)),
        ),
    )


def node() -> dict[str, Facts]:
    """Return what the sources of the node say."""
    web = replace(sandbox(7, "web", UID), id=digits(7, "a7"))
    static = replace(sandbox(9, "static-n", HASH), id=digits(9, "a9"), pid=90)
    app = replace(member(8, "app", web), id=digits(8, "c8"))
    inner = replace(member(11, "main", static), id=digits(11, "cb"))
    kind = replace(container(20, "kind-worker"), id=digits(20, "d0"))
    box = replace(sandbox(21, "web", "77777777-x"), id=digits(21, "a1"))
    deep = replace(member(22, "deep", box), id=digits(22, "c2"))
    return {
        "rtnetlink": kernel(),
        "ovsdb": ovs(
            OvsInterface("vethA", ofport=3),
            OvsInterface("vethB", ofport=4),
            OvsInterface("br0", "internal", 65534),
        ),
        "cri": cri(web, static, app, inner),
        "docker": docker(kind),
        "nested": NestedFacts((cri(box, deep, within=kind.id),)),
        "kube": kube(
            kube_pod("web", UID),
            kube_pod(
                "static-n", MIRROR, annotations={"kubernetes.io/config.mirror": HASH}
            ),
        ),
        "procfs": ProcessFacts(
            (
                process(5008, container_id=app.id, netns=netns(7), tids=(5010,)),
                process(90, container_id=static.id, netns=netns(9)),
                process(5022, container_id=deep.id, netns=netns(21)),
                process(77, netns=netns(6)),
            )
        ),
    }


@pytest.fixture(scope="module")
def model() -> NodeModel:
    """Return the node, as it is seen from a container."""
    sample = Sample(1.0, node(), place=Place(host_root="/host"))
    return build_model(sample)


def spelled(answer: Answer) -> tuple[str, str]:
    """Return what a scrap is, and of which pod, container, link or namespace."""
    pod = answer.pod
    whose = pod.title + (" (nested)" if pod.engine else "") if pod else answer.of
    return answer.what, whose


CGROUP = f"/kubepods.slice/kubepods-pod{UID.replace('-', '_')}.slice"
WEB, STATIC, NESTED = "shop/web", "shop/static-n", "shop/web (nested)"
FOUND = {
    "5008": ("pid", WEB),
    "/proc/5008": ("pid", WEB),
    "5010": ("tid", WEB),
    "/proc/5008/task/5010": ("tid", WEB),
    "90": ("pid", STATIC),
    "5022": ("pid", NESTED),
    "12": ("ifindex", WEB),
    "2": ("ifindex", "ens3"),
    "vethA": ("ifname", WEB),
    "vethA@if2": ("ifname", WEB),
    "enp0s3": ("altname", "ens3"),
    "net1": ("ifname", STATIC),
    f"eth0@{netns(9)}": ("ifname", STATIC),
    "eth0@shop/web": ("ifname", WEB),
    "blue0": ("ifname", PIN),
    "10.128.0.9": ("address", STATIC),
    "2001:DB8:0::5": ("address", "ens3"),
    "0a:58:0a:80:00:07": ("mac", WEB),
    "52:54:00:00:00:01": ("mac", "ens3"),
    "br0:3": ("ofport", WEB),
    "br0:LOCAL": ("ofport", "br0"),
    "br0/vethB": ("port", STATIC),
    digits(7, "a7")[:13]: ("sandbox id", WEB),
    digits(7, "a7"): ("sandbox id", WEB),
    digits(8, "c8")[:13]: ("container id", WEB),
    "c8": ("container id", WEB),
    f"cri-o://{digits(8, 'c8')}": ("container id", WEB),
    "docker://d0": ("container id", "kind-worker"),
    "c2": ("container id", NESTED),
    UID: ("uid", WEB),
    UID[:8]: ("uid", WEB),
    MIRROR: ("uid", STATIC),
    HASH: ("uid", STATIC),
    HASH[:10]: ("uid", STATIC),
    str(netns(7).ino): ("inode", WEB),
    str(netns(9)): ("inode", STATIC),
    str(netns(5)): ("inode", PIN),
    str(HOST): ("inode", f"{HOST}, the node's own"),
    str(netns(6)): ("inode", f"{netns(6)}, pids 77"),
    "/run/netns/cni-7": ("path", WEB),
    "/var/run/netns/cni-7": ("path", WEB),
    "/host/run/netns/cni-7": ("path", WEB),
    "cni-9": ("path", STATIC),
    PIN: ("path", PIN),
    "/proc/5008/ns/net": ("path", WEB),
    "/proc/5008/task/5010/ns/net": ("path", WEB),
    "/proc/77/ns/net": ("path", f"{netns(6)}, pids 77"),
    f"{CGROUP}/crio-{digits(8, 'c8')}.scope": ("cgroup", WEB),
    f"/sys/fs/cgroup{CGROUP}/crio-{digits(8, 'c8')}.scope": ("cgroup", WEB),
    f"/sys/fs/cgroup{CGROUP}": ("cgroup", WEB),
    f"/kubepods/pod{HASH}": ("cgroup", STATIC),
    f"/docker/{digits(20, 'd0')}/kubelet/{digits(22, 'c2')}": ("cgroup", NESTED),
    f"/docker/{digits(20, 'd0')}/{'f' * 64}": ("cgroup", "kind-worker"),
    "deep": ("name", NESTED),
    "shop/web/app": ("name", WEB),
    f"{digits(20, 'd0')[:13]}/77777777-x": ("name", NESTED),
}


@pytest.mark.parametrize("scrap", FOUND)
def test_every_kind_of_scrap(model: NodeModel, scrap: str) -> None:
    """Numbers, names, addresses, ids and paths each lead to what they are of."""
    (answer,) = find(model, scrap)
    assert spelled(answer) == FOUND[scrap]
    assert answer.path(model)


MANY = {
    "eth0": "could be any of 2: eth0@shop/static-n, eth0@shop/web",
    "a": "could be any of 3",
    "shop/web": "could be any of 2: pod shop/web, pod shop/web in kind-worker",
}


@pytest.mark.parametrize("scrap", MANY)
def test_what_fits_several_lists_them(model: NodeModel, scrap: str) -> None:
    """An interface of every pod, a short id, a name in two engines."""
    with pytest.raises(AmbiguousError, match=MANY[scrap]):
        find(model, scrap)


ABSENT = (
    "10.129.0.7",
    "fd00::7",
    "br0:9",
    "br1:3",
    "net:[1]",
    "/run/netns/none",
    "/proc/4711/ns/net",
    "eth0@shop/none",
    f"/kubepods/pod{MIRROR[::-1]}",
    f"crio-{'f' * 64}.scope",
    "cri-o://ffff",
    "/",
    "@",
    "://",
    ":",
    "\x1b]0;x\x07@[/b]",
)


@pytest.mark.parametrize("scrap", ABSENT)
def test_what_is_not_on_this_node_is_said_so(model: NodeModel, scrap: str) -> None:
    """Neither guessed nor answered by something near."""
    with pytest.raises(NotFoundError, match="nothing on this node answers to"):
        find(model, scrap)


def test_another_nodes_address_is_none_of_this_one(model: NodeModel) -> None:
    """That a route or tunnel leads to it makes it nobody's here."""
    with pytest.raises(NotFoundError, match="no address of this node or of what runs"):
        find(model, "10.129.0.7")


def test_a_number_is_all_that_fits() -> None:
    """One number may be a pid, an ifindex and an inode: each is told."""
    facts = node() | {"procfs": ProcessFacts((process(12), process(1007)))}
    links = kernel()
    web = links.links[0]._replace(ifindex=1007)
    facts["rtnetlink"] = replace(links, links=(web, *links.links[1:]))
    found = find(build_model(Sample(1.0, facts)), "1007")
    assert [answer.what for answer in found] == ["pid", "ifindex", "inode"]


def test_what_many_share_is_no_answer() -> None:
    """A MAC that twenty veths have, as Calico's, lists its candidates."""
    links = kernel()
    same = "ee:ee:ee:ee:ee:ee"
    many = tuple(link(n, f"cali{n}")._replace(mac=same) for n in range(20, 40))
    facts = node() | {"rtnetlink": replace(links, links=(*links.links, *many))}
    with pytest.raises(AmbiguousError, match=r"20: mac cali20, mac cali21, .* 12 more"):
        find(build_model(Sample(1.0, facts)), same)


def test_a_container_that_left_its_pod_is_in_its_own_namespace() -> None:
    """The inode of `unshare -n` leads to the container, and to its pod by that."""
    box = sandbox(1, "web", UID)
    away = member(2, "app", box, netns=netns(99))
    model = build_model(Sample(1.0, {"cri": cri(box, away)}))
    (answer,) = find(model, str(netns(99)))
    assert (answer.what, answer.container) == ("inode", away)


def test_a_container_that_is_gone_still_answers() -> None:
    """The id of an earlier run, or of an earlier sandbox, leads to the pod."""
    old = sandbox(1, "web", UID, ready=False)
    new = sandbox(2, "web", UID, created=200.0)
    first = member(3, "app", old, state="exited")
    again = member(4, "app", new)
    model = build_model(Sample(1.0, {"cri": cri(old, new, first, again)}))
    (answer,) = find(model, first.id)
    assert (answer.container, answer.pod) == (first, model.pods[0])
    (answer,) = find(model, old.id)
    assert (answer.what, answer.pod) == ("sandbox id", model.pods[0])


def test_a_tree_is_found_by_whatever_names_its_pod(model: NodeModel) -> None:
    """Sandbox id, uid, and cgroup name a pod or a container for `tree`, too."""
    for scrap in (digits(7, "a7")[:13], UID[:10], f"/sys/fs/cgroup{CGROUP}"):
        pod, one = find_pod(model, scrap)
        assert (pod.title, one) == ("shop/web", None)
    _, one = find_pod(model, f"cri-o://{digits(8, 'c8')}")
    assert one
    assert one.name == "app"
