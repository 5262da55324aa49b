"""What real clusters printed, file by file, put through our parsers and matches.

Each of these numbered files speaks of sandboxes, interfaces or their ports:

- 01, 15: `ovs-vsctl show` of OVN-Kubernetes nodes, whose ports begin as sandboxes do
- 03 to 10: CRI-O's and containerd's replies, of 2018 to 2023, served over a real socket
- 11: a CNI ADD of the bridge plugin; 44: names of CNI's notes and of pins
- 13: one pod traced by hand on OCP 4.20; 14: a pod on kind with OVN's logical ports
- 16: the addresses of a br-ex; 20, 21: a primary UDN's annotations and interfaces
- 22: two Origin 3 nodes; 25: a pod on a kernel that names no peers
- 26: what OVS says of a port whose device is gone
- 27, 36: external_ids of OVN-Kubernetes and OpenShift SDN; 34: iface-ids of NADs
- 29: five shapes of network-status; 32: one of many `@if2`
- 42: KubeVirt's bridge binding; 45: Docker with Calico, and the links it made

They are read where they are at hand; numbers that are missing here are nowhere kept.
Links and ports are in `test_real_links.py`, the two whole nodes in
`test_whole_nodes.py`, the lab's own output (L1 to L4, L9, L10, L14) in
`test_lab_data.py`.

Nothing in the others is of a sandbox or its interfaces: 17 (iptables), 23 and 40
(HostSubnets, routes), 24, 37 and 38 (flows), 31 (OpenFlow's own cut names, which are
never joined on), 33 (texts of events), 46 (a trace), L5 to L8 (OpenFlow's ports, flows
and counters, a trace), L11 to L13 (what holds a namespace and what rights show, which
`node/test_topologies.py` and `node/test_rights.py` ask the kernel itself).
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from builders import HOST, kube, netns
from cluster import Cluster
from heard import news
from real_replies import real, served

from ocnetview.collectors.base import Stop
from ocnetview.collectors.cgroup import container_of
from ocnetview.collectors.cni import CniCollector
from ocnetview.collectors.docker_reply import read_containers
from ocnetview.collectors.kube_reply import read_pod
from ocnetview.config import Settings
from ocnetview.facts import CniFacts, ContainerFacts, KubePod
from ocnetview.match.networks import POD_NETWORKS, STATUS
from ocnetview.match.who import find
from ocnetview.model import EvidenceKind, Interface

ONE, CNI, NAME = EvidenceKind.KERNEL_ONE, EvidenceKind.CNI, EvidenceKind.NAME
UNREAD = "not looked into"


def kinds(interface: Interface) -> tuple[EvidenceKind, ...]:
    """Return how an interface's match is known, the strongest first."""
    assert not interface.disputed
    return tuple(piece.kind for piece in interface.evidence)


@dataclass(frozen=True)
class Told:
    """What a runtime's reply must come out as."""

    files: tuple[str, ...]
    sandbox: str
    title: str
    pid: int | None
    pin: str = ""
    """The last part of the path of its network namespace."""
    veth: str = ""
    proof: tuple[EvidenceKind, ...] = ()
    host_network: bool = False


REPLIES = (
    Told(
        ("04", "05", "03"),
        "134b58ab2e0cfd7432a9db818b1b4ec52fdc747333f0ba2c9342860dc2ea7c50",
        "default/segfaulter",
        38091,
        "9abac4ae-94a6-4853-b299-e4c1c2c508c0",
        "calif12c8c41796",
        (CNI, NAME),
    ),
    Told(
        ("06", "08"),
        "1f04600dc6949359da68eee5fe7c4069706a567c07d1ef89fe3bbfdeac7a6dca",
        "redhat.test.crio/podsandbox1",
        None,
        "dec735d1-0e86-44c1-94e0-a102173334a4",
        "veth71b0e931",
        (CNI,),
    ),
    Told(
        ("07",),
        "63060edc2d3aa803ab559f2393776b151f99fc5b05035b21db66b3b62246ad6a",
        "default/nginx-sandbox",
        3721379,
        "cni-5ddce098-32ee-e39c-19c2-d6db782f6d20",
        "veth69fb0f20",
        (CNI,),
    ),
    Told(
        ("09",),
        "599ad631db94fef0be7722785e299ba128bd3f7f83a27dd00e4f94974eb5acfa",
        "default/falco-9bzbj",
        31353,
        host_network=True,
    ),
    Told(
        ("10",),
        "e16577158fb2003bc4d0a152dd0e2bda888235d0f131ff93390d16138c11c556",
        "default/falco-w5fbj",
        None,
        host_network=True,
    ),
)


@pytest.mark.parametrize("told", REPLIES, ids=lambda told: "+".join(told.files))
def test_a_runtimes_reply_leads_to_the_veth(told: Told, tmp_path: Path) -> None:
    """Sandbox, pid or none, the path of the namespace, and the link on the node."""
    said = served(tmp_path, *told.files)
    node = Cluster(more=[said], unread={1: UNREAD})
    node.lone(0, 5, "bridge", kind="bridge")
    if told.veth:
        node.lone(0, 12, told.veth, kind="veth", peer_index=3)
    (pod,) = (
        p for p in node.model().pods if p.sandbox and p.sandbox.id == told.sandbox
    )
    assert pod.sandbox
    assert (pod.title, pod.sandbox.pid) == (told.title, told.pid)
    lives_in = container_of(str(tmp_path), told.pid or 0)
    assert lives_in == (told.sandbox if told.pid else "")
    assert Path(pod.sandbox.netns_path).name == told.pin
    assert pod.host_network is told.host_network
    found = [(i.name, i.host and i.host.name, kinds(i)) for i in pod.interfaces]
    assert found == ([("eth0", told.veth, told.proof)] if told.veth else [])


def test_a_runtimes_lists_are_read(tmp_path: Path) -> None:
    """04, 05: two pods of one name, and the container in the one that is its own."""
    said = served(tmp_path, "04", "05")
    pods = [p for p in Cluster(more=[said]).model().pods if p.name == "segfaulter"]
    assert [len(pod.containers) for pod in pods].count(1) == 1
    assert {pod.uid[:8] for pod in pods} == {"aaaa2b4a", "1aff5750"}


def test_a_containers_reply_has_its_pid(tmp_path: Path) -> None:
    """08: CRI-O's container leads into the namespace of a sandbox without a pid."""
    (container,) = served(tmp_path, "06", "08").containers
    assert container_of(str(tmp_path), 1835083) == container.id
    assert (container.id[:13], container.pid) == ("49ecc28202156", 1835083)


def test_a_cni_result_is_read_from_its_file(tmp_path: Path) -> None:
    """11: bridge, veth and eth0 of an ADD, by what its file is called."""
    text = real("11")
    told = dict(re.findall(r"^(CNI_\w+)=(.*)", text, re.MULTILINE))
    result, _ = json.JSONDecoder().raw_decode(text.partition("OUTPUT:\n")[2])
    number, ifname = told["CNI_CONTAINERID"], told["CNI_IFNAME"]
    facts = cache(tmp_path, {f"crio-{number}-{ifname}": json.dumps(result)})
    (noted,) = facts.results
    assert (noted.network, noted.container_id, noted.ifname) == ("crio", number, "eth0")
    node = Cluster(results=[noted], unread={1: UNREAD})
    node.pod(1, "coredns-78fcd69978-n5khq", sid=number, netns_path=told["CNI_NETNS"])
    node.lone(0, 3, "cni0", kind="bridge")
    node.lone(0, 12, "vethc4b25c20", kind="veth", peer_index=2)
    (one,) = node.joined("coredns-78fcd69978-n5khq").interfaces
    assert one.host
    assert (one.name, one.host.name, kinds(one)) == ("eth0", "vethc4b25c20", (CNI,))
    assert noted.interfaces[-1].netns_path == told["CNI_NETNS"]
    assert noted.interfaces[-1].addresses == ("10.85.0.17/16", "1100:200::f/24")


def test_names_of_cnis_files_are_taken_apart(tmp_path: Path) -> None:
    """44: network, sandbox and interface, each of which may hold a hyphen."""
    names = re.findall(r"^\S+-[0-9a-f]{64}-\S+$", real("44"), re.MULTILINE)
    facts = cache(tmp_path, dict.fromkeys(names, '{"cniVersion": "0.4.0"}'))
    assert [(r.network, r.container_id[:8], r.ifname) for r in facts.results] == [
        ("cilium", "0b68ca45", "eth0"),
        ("crio-bridge", "03f199ec", "eth0"),
    ]
    assert len(names) == 3
    assert facts.troubles == ()


def cache(root: Path, files: dict[str, str]) -> CniFacts:
    """Return what our collector reads of a node's results with these files."""
    folder = root / "var/lib/cni/results"
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content)
        # What is younger may be half written.
        os.utime(folder / name, (1_600_000_000, 1_600_000_000))
    stop = Stop()
    watching = CniCollector(Settings(host_root=str(root))).watch(stop)
    facts = next(news(watching))
    watching.close()  # type: ignore[attr-defined]  # a generator
    stop.close()
    return facts


def test_pins_of_every_runtime_name_their_namespace() -> None:
    """44: of CNI, of rootless Podman; a plain file among them is left over."""
    text = real("44")
    (cni,) = re.findall(r"^/run/netns/\S+", text, re.MULTILINE)
    (rootless,) = re.findall(r"^/run/user/\S+", text, re.MULTILINE)
    (plain,) = re.findall(r"^-{10} .* (/var/run/netns/\S+)", text, re.MULTILINE)
    node = Cluster(pins={1: cni, 2: rootless})
    node.more = [replace(node.facts(), not_netns=(plain,))]
    node.silent = True
    model = node.model()
    assert [pod.name for pod in model.pods] == [cni, rootless]
    assert [(p.check, p.subject) for p in model.problems] == [("leftover-pin", plain)]
    assert [a.pod and a.pod.name for a in find(model, rootless)] == [rootless]


def annotated(**annotations: str) -> KubePod:
    """Return a pod of the API with these annotations, by `status` and `networks`."""
    keys = {"status": STATUS, "networks": POD_NETWORKS}
    told = {keys[key]: value for key, value in annotations.items()}
    about = {"name": "web", "namespace": "shop", "uid": "uid-1", "annotations": told}
    pod = read_pod({"metadata": about, "status": {"phase": "Running"}})
    assert pod is not None
    return pod


@pytest.mark.parametrize("shape", range(5))
@pytest.mark.parametrize("readable", [True, False])
def test_a_network_status_names_each_interface(shape: int, *, readable: bool) -> None:
    """29: by name, MAC or address, also where the pod cannot be looked into."""
    shapes = json.loads(real("29"))
    assert len(shapes) == 5
    entries = list(shapes.values())[shape]
    node = Cluster(more=[kube(annotated(status=json.dumps(entries)))])
    node.pod(1, "web")
    if not readable:
        node.unread = {1: UNREAD}
    for place, entry in enumerate(entries if readable else (), 2):
        _, inner = node.pair(1, 10 + place, f"veth{place}", entry["interface"], place)
        addresses = tuple(f"{ip}/24" for ip in entry["ips"])
        node.change(inner, addresses=addresses, mac=entry.get("mac", ""))
    found = {i.name: i.network for i in node.joined("web").interfaces}
    assert found == {entry["interface"]: entry["name"] for entry in entries}


def test_a_primary_udn_pods_annotations_name_each_network() -> None:
    """20: two of OVN-Kubernetes' networks are told apart by their MACs."""
    own = "".join(re.findall(r"pod-networks: '(.*?)'", real("20"), re.DOTALL))
    status = real("20").partition("network-status: |-")[2]
    networks = "".join(map(str.strip, own.splitlines()))
    pod = annotated(status=status, networks=networks)
    node = Cluster(more=[kube(pod)], unread={1: UNREAD})
    node.pod(1, "web")
    assert {i.name: i.network for i in node.joined("web").interfaces} == {
        "eth0": "ovn-kubernetes",
        "ovn-udn1": "green/green-network",
        "net1": "green/green-secondary-network",
    }


@pytest.mark.parametrize(("share", "whole"), [(0.2, 0), (0.5, 1), (0.9, 2), (1.0, 3)])
def test_a_status_that_was_cut_off_names_what_is_whole(
    share: float, whole: int
) -> None:
    """20: as pages show it, without its end; the entries before it stand."""
    status = real("20").partition("network-status: |-")[2].rpartition("]")[0]
    cut = status[: int(len(status) * share)]
    node = Cluster(more=[kube(annotated(status=cut))], unread={1: UNREAD})
    node.pod(1, "web")
    names = [i.name for i in node.joined("web").interfaces]
    assert sorted(names) == sorted(["eth0", "ovn-udn1", "net1"][:whole])


def test_dockers_pods_are_found_by_the_names_that_calico_made() -> None:
    """45: four pods, each eth0 of index 3, each with its own link and address."""
    rows = [line.split() for line in real("45").splitlines()[1:] if line]
    node = Cluster()
    entries = [{"Id": row[3], "Names": [row[2]], "State": "running"} for row in rows]
    containers = []
    for number, container in enumerate(read_containers(entries, "docker"), 1):
        address, mac, _, _, printed, index = rows[number - 1]
        name = printed.partition("@")[0]
        node.lone(0, int(index), name, kind="veth", peer_index=3)
        inner = {"mac": mac, "addresses": (f"{address}/32",), "peer_netns": HOST}
        node.lone(number, 3, "eth0", kind="veth", peer_index=int(index), **inner)
        containers.append(replace(container, netns=netns(number)))
    node.more = [ContainerFacts("docker", tuple(containers))]
    model = node.model()
    assert len(model.pods) == len(rows) == 4
    for address, _, title, _, printed, index in rows:
        (pod,) = (p for p in model.pods if p.addresses == (address,))
        assert title.split("_")[2:4] == [pod.name, pod.namespace]
        (one,) = pod.interfaces
        assert one.host
        assert (one.host.ifindex, kinds(one)) == (int(index), (ONE, NAME))
        assert printed.startswith(one.host.name)
