"""Two whole recorded nodes, pod by pod, against what `ip`, crictl and OVSDB said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from collectors.cri_server import recorded
from whole_node import Reply, ns, recorded_node, whole_sample

from ocnetview.build import build_model
from ocnetview.match.who import find
from ocnetview.model import EvidenceKind, NodeModel, Pod, PodKind, PortRole

SDN, CONTAINERD = "crio-openshift-sdn", "containerd-ovs"
NODES = (SDN, CONTAINERD)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, NodeModel]:
    """Return both nodes, joined."""
    made = {}
    for name in NODES:
        sample = whole_sample(name, tmp_path_factory.mktemp(name))
        made[name] = build_model(sample)
    return made


def by_sandbox(model: NodeModel) -> Mapping[str, Pod]:
    """Return the pods by the ids of their sandboxes."""
    return {pod.sandbox.id: pod for pod in model.pods if pod.sandbox}


def veths_by_sandbox(node: Reply) -> Mapping[str, str]:
    """Return the name of each OVSDB interface by the sandbox in its external_ids."""
    rows = (row["new"] for row in node["ovsdb"]["Interface"].values())
    pairs = ((dict(row["external_ids"][1]), row["name"]) for row in rows)
    return {ids["sandbox"]: name for ids, name in pairs if "sandbox" in ids}


def veth_by_ip(node: Reply, pin: str) -> str:
    """Return the node's end of the eth0 behind a pin, by both of `ip`'s answers."""
    (eth0,) = (i for i in node["namespaces"][pin] if i["ifname"] == "eth0")
    (outer,) = (
        one
        for one in node["links"]
        if one["ifindex"] == eth0["link_index"]
        and one["link_index"] == eth0["ifindex"]
        and one["link_netnsid"] == node["nsids"][pin]
    )
    return str(outer["ifname"])


@pytest.mark.parametrize("name", NODES)
def test_every_sandbox_is_one_row(models: Mapping[str, NodeModel], name: str) -> None:
    """Crictl's 21 sandboxes are 21 rows, each with its pod's name and containers."""
    runtime = recorded(name)
    rows = by_sandbox(models[name])
    assert set(rows) == set(runtime.sandboxes)
    for one, sandbox in runtime.sandboxes.items():
        said = sandbox.metadata
        assert rows[one].title == f"{said.namespace}/{said.name}"
        assert rows[one].kind is PodKind.POD
        mine = [c for c in runtime.containers.values() if c.pod_sandbox_id == one]
        shown = {c.id for c in (*rows[one].containers, *rows[one].earlier)}
        assert shown == {c.id for c in mine}
        assert {"cri", "kube"} <= set(rows[one].sources)
    others = [
        p for p in models[name].pods if p.key not in {r.key for r in rows.values()}
    ]
    assert [p.title for p in others] == ["/run/netns/outside"]


def test_the_kernel_proves_each_veth_and_openshift_sdn_agrees(
    models: Mapping[str, NodeModel],
) -> None:
    """By `ip` on both ends, by OVSDB and by the model it is the same veth."""
    node = recorded_node(SDN)
    rows = by_sandbox(models[SDN])
    written = veths_by_sandbox(node)
    assert len(written) == 19
    for sandbox, name in written.items():
        pod = rows[sandbox]
        assert pod.sandbox
        assert veth_by_ip(node, Path(pod.sandbox.netns_path).name) == name
        assert pod.main
        assert pod.main.host
        assert pod.main.proof
        assert (pod.main.name, pod.main.host.name) == ("eth0", name)
        assert pod.main.proof.kind is EvidenceKind.KERNEL
        kinds = {e.kind for e in pod.main.evidence if e.agrees}
        assert {EvidenceKind.KERNEL, EvidenceKind.OVS} <= kinds
        assert pod.main.port == f"br0/{name}"


def test_openshift_sdn_alone_names_each_veth(models: Mapping[str, NodeModel]) -> None:
    """Where the namespaces could not be looked into, OVSDB names the veth, and says so.

    That node's recording has the inside of its pods from another boot: left out.
    """
    rows = by_sandbox(models[CONTAINERD])
    written = veths_by_sandbox(recorded_node(CONTAINERD))
    assert len(written) == 19
    for sandbox, name in written.items():
        main = rows[sandbox].main
        assert main
        assert main.host
        assert main.proof
        assert main.proof.kind is EvidenceKind.OVS
        assert (main.host.name, main.port) == (name, f"br0/{name}")
        assert main.link is None
        assert main.name == "eth0"
        assert rows[sandbox].reason


@pytest.mark.parametrize("name", NODES)
def test_addresses_are_those_that_crictl_shows(
    models: Mapping[str, NodeModel], name: str
) -> None:
    """The kernel's address, or the runtime's, is the one that crictl inspectp has."""
    runtime = recorded(name)
    for one, pod in by_sandbox(models[name]).items():
        said = runtime.sandbox_statuses[one].status.network.ip
        if pod.host_network or not said:
            continue
        assert said in pod.addresses, pod.title


@pytest.mark.parametrize("name", NODES)
def test_pids_and_namespaces_are_those_of_crictl(
    models: Mapping[str, NodeModel], name: str
) -> None:
    """Every running container has crictl's pid, every sandbox its pin's inode."""
    node, runtime = recorded_node(name), recorded(name)
    told = {
        one: json.loads(status.info["info"])["pid"]
        for one, status in runtime.container_statuses.items()
        if status.status.state == 1
    }
    shown = {c.id: c.pid for pod in models[name].pods for c in pod.containers if c.pid}
    assert shown == told
    for pod in by_sandbox(models[name]).values():
        assert pod.sandbox
        pin = node["pins"].get(Path(pod.sandbox.netns_path).name)
        if pin and not pod.host_network:
            assert pod.netns == ns(pin)
        elif pod.host_network:
            assert pod.netns == ns(node["host"])


KINDS = {
    "hostnet": ("Running", "host network"),
    "hostpid": ("Running", "host pids"),
    "sharepid": ("Running", "shares pids"),
    "static-web-worker-0": ("Running", "static"),
    "crash": ("CrashLoopBackOff", ""),
    "badimage": ("ErrImageNeverPull", ""),
    "init-done": ("Running", ""),
    "nonroot": ("Running", ""),
    "privileged": ("Running", ""),
}


@pytest.mark.parametrize("name", NODES)
def test_each_kind_of_pod_is_what_it_is(
    models: Mapping[str, NodeModel], name: str
) -> None:
    """Status as kubectl says it, and what sets the pod apart."""
    pods = {pod.name: pod for pod in models[name].pods}
    for one, (status, trait) in KINDS.items():
        assert pods[one].status == status
        assert not trait or trait in pods[one].traits
    (done,) = (pod for pod in pods.values() if pod.name.startswith("done-"))
    assert (done.status, done.interfaces) == ("Completed", ())
    left = pods["userns-like-unshare"]
    assert any("of its own" in trait for trait in left.traits)


@pytest.mark.parametrize("name", NODES)
def test_no_port_is_stale_or_unknown_and_one_pod_is_disputed(
    models: Mapping[str, NodeModel], name: str
) -> None:
    """A healthy node has a role for every port, no problem, and one contradiction.

    The one container that left its pod's namespace is not where its runtime says.
    """
    model = models[name]
    roles = {port.name: port.role for port in model.ports_by_key.values()}
    assert roles["vxlan0"] is PortRole.TUNNEL
    assert roles["tun0"] is PortRole.GATEWAY
    assert roles["br0"] is PortRole.LOCAL
    assert list(roles.values()).count(PortRole.POD) == 19
    assert model.problems == ()
    (left,) = (pod for pod in model.pods if pod.disputed)
    assert left.name == "userns-like-unshare"
    assert left.disputes[0].startswith("container main is in net:[")


@pytest.mark.parametrize("name", NODES)
def test_who_leads_back_to_each_pod(models: Mapping[str, NodeModel], name: str) -> None:
    """From veth, ofport, address, sandbox, netns inode and path it is the same pod."""
    model = models[name]
    for pod in by_sandbox(model).values():
        if pod.main is None or pod.main.host is None:
            continue
        assert pod.sandbox
        assert pod.netns
        port = model.ports_by_key[pod.main.port]
        scraps = [
            *(pod.main.host.name, f"br0:{port.ofport}", pod.addresses[0], pod.uid),
            *(pod.sandbox.id[:13], str(pod.netns), pod.sandbox.netns_path),
        ]
        for scrap in scraps:
            answers = find(model, scrap)
            assert [a.pod and a.pod.key for a in answers] == [pod.key], scrap
