"""The API asked on demand: other nodes, and services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from collectors.kube_server import KubeServer
from collectors.kube_shapes import Json, status

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.errors import ProbeAbsentError, ProbeError
from ocnetview.facts.cluster import Endpoint, OtherNode, ServicePort
from ocnetview.probes.cluster import LiveCluster

NODES = "/api/v1/nodes"
SUBNETS = "/apis/network.openshift.io/v1/hostsubnets"
SERVICE = "/api/v1/namespaces/shop/services/web"
SLICES = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"
pytestmark = pytest.mark.usefixtures("no_cluster")


def node(name: str, *addresses: str, **annotations: str) -> Json:
    """Return a Node as the API has it."""
    told = [{"type": "InternalIP", "address": one} for one in addresses]
    about = {k.replace("_", "-"): v for k, v in annotations.items()}
    return {
        "metadata": {
            "name": name,
            "annotations": {f"k8s.ovn.org/{k}": v for k, v in about.items()},
        },
        "spec": {"podCIDR": "10.128.0.0/24", "podCIDRs": ["10.128.0.0/24"]},
        "status": {"addresses": [*told, {"type": "Hostname", "address": name}]},
    }


def listed(*items: Json, more: str = "") -> tuple[int, Json]:
    """Return a list as the API answers it."""
    return 200, {"metadata": {"continue": more}, "items": list(items)}


def absent() -> tuple[int, Json]:
    """Return that there is none."""
    return 404, status(404, "the server could not find the requested resource")


@pytest.fixture
def api() -> Iterator[KubeServer]:
    """Give an API server without objects of ours."""
    with KubeServer() as server:
        server.answers[SUBNETS] = absent()
        yield server


@pytest.fixture
def cluster(api: KubeServer, tmp_path: Path) -> LiveCluster:
    """Return what asks this server."""
    return LiveCluster(Settings(kubeconfig=api.kubeconfig(tmp_path / "config")))


def test_nodes_have_addresses_and_subnets(
    api: KubeServer, cluster: LiveCluster
) -> None:
    """OVN's annotations come first, then what the Node itself says."""
    ovn = node(
        "w1",
        "192.0.2.17",
        node_subnets='{"default":["10.244.1.0/24","fd01:0:0:2::/64"]}',
        node_encap_ips='["198.51.100.17"]',
    )
    odd = node("w2", "192.0.2.18", node_subnets="{", node_encap_ips='"x"')
    api.answers[NODES] = listed(ovn, odd)
    facts = cluster.nodes(Stop())
    assert facts.nodes == (
        OtherNode(
            "w1",
            ("198.51.100.17", "192.0.2.17"),
            ("10.244.1.0/24", "fd01:0:0:2::/64", "10.128.0.0/24"),
            "Node",
        ),
        OtherNode("w2", ("192.0.2.18",), ("10.128.0.0/24",), "Node"),
    )


def test_host_subnets_add_to_the_nodes(api: KubeServer, cluster: LiveCluster) -> None:
    """OpenShift SDN's tunnels end at the hostIP; a HostSubnet alone is a node, too."""
    subnet = {"host": "w1", "hostIP": "172.16.1.15", "subnet": "10.128.0.0/23"}
    left = {"host": "old", "hostIP": "172.16.1.25", "subnet": "10.131.0.0/23"}
    api.answers[NODES] = listed(node("w1", "192.0.2.17"))
    api.answers[SUBNETS] = listed(subnet, left)
    first, second = cluster.nodes(Stop()).nodes
    assert first.addresses == ("172.16.1.15", "192.0.2.17")
    assert first.subnets == ("10.128.0.0/23", "10.128.0.0/24")
    assert first.source == "Node, HostSubnet"
    assert (second.name, second.source) == ("old", "HostSubnet")


def test_it_is_asked_once(api: KubeServer, cluster: LiveCluster) -> None:
    """What was told is kept: nodes hardly change while somebody looks."""
    api.answers[NODES] = listed(node("w1", "192.0.2.17"))
    assert cluster.nodes(Stop()) == cluster.nodes(Stop())
    assert [path for path, _ in api.requests].count(NODES) == 1


def test_every_page_is_read(api: KubeServer, cluster: LiveCluster) -> None:
    """A list goes on until the API says that there is no more."""
    api.failures = [
        listed(node("w1"), more="next"),
        listed(node("w2")),
        absent(),
    ]
    assert [one.name for one in cluster.nodes(Stop()).nodes] == ["w1", "w2"]
    assert api.requests[1][1]["continue"] == "next"


def test_a_list_without_an_end_is_left(api: KubeServer, cluster: LiveCluster) -> None:
    """An API that always says that there is more is not followed for ever."""
    api.answers[NODES] = listed(node("w1"), more="again")
    with pytest.raises(ProbeError, match="does not end after 40 pages"):
        cluster.nodes(Stop())
    assert len(api.requests) < 50


def test_a_refusal_says_which_right_is_missing(
    api: KubeServer, cluster: LiveCluster
) -> None:
    """403 on nodes names the right; nothing is kept, so it may be asked again."""
    api.answers[NODES] = 403, status(403, "nodes is forbidden")
    with pytest.raises(ProbeError, match="needs list on nodes") as caught:
        cluster.nodes(Stop())
    assert "forbidden" in caught.value.reason
    api.answers[NODES] = listed(node("w1"))
    assert cluster.nodes(Stop()).nodes


def test_host_subnets_that_are_forbidden_take_nothing(
    api: KubeServer, cluster: LiveCluster
) -> None:
    """The Nodes are told, though HostSubnets may not be read."""
    api.answers[NODES] = listed(node("w1"))
    api.answers[SUBNETS] = 403, status(403, "forbidden")
    assert cluster.nodes(Stop()).nodes[0].source == "Node"


def test_something_else_than_the_api(api: KubeServer, cluster: LiveCluster) -> None:
    """What is no list is told as that."""
    api.answers[NODES] = 200, {"kind": "Hello"}
    with pytest.raises(ProbeError, match="is not the Kubernetes API"):
        cluster.nodes(Stop())


def test_no_credential(tmp_path: Path) -> None:
    """Without a kubeconfig the error says what was looked for."""
    missing = Settings(kubeconfig=str(tmp_path / "none"))
    with pytest.raises(ProbeError, match="cannot list its nodes"):
        LiveCluster(missing).nodes(Stop())


def test_told_to_stop(api: KubeServer, cluster: LiveCluster) -> None:
    """An API that does not answer keeps nobody who no longer wants to know."""
    api.hold.clear()
    stop = Stop()
    stop.set()
    with pytest.raises(ProbeError, match="told to stop"):
        cluster.nodes(stop)


WEB: Json = {
    "metadata": {"name": "web"},
    "spec": {
        "clusterIP": "172.30.7.7",
        "clusterIPs": ["172.30.7.7", "fd02::7"],
        "ports": [
            {"name": "http", "port": 80, "protocol": "TCP", "targetPort": "web"},
            {"name": "dns", "port": 53, "protocol": "UDP"},
        ],
    },
}
READY: Json = {
    "addresses": ["10.128.2.17"],
    "conditions": {"ready": True},
    "nodeName": "w1",
    "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"},
}
GOING: Json = {"addresses": ["10.130.0.9"], "conditions": {"ready": False}}


def test_a_service_and_its_endpoints(api: KubeServer, cluster: LiveCluster) -> None:
    """Each endpoint has its own port, for the service port that it serves."""
    api.answers[SERVICE] = 200, WEB
    ports = [
        {"name": "http", "port": 8080, "protocol": "TCP"},
        {"name": "other", "port": 9, "protocol": "TCP"},
    ]
    api.answers[SLICES] = listed({"endpoints": [READY, GOING], "ports": ports})
    facts = cluster.service("shop", "web", Stop())
    assert facts.addresses == ("172.30.7.7", "fd02::7")
    assert facts.ports == (
        ServicePort(80, "tcp", "http"),
        ServicePort(53, "udp", "dns"),
    )
    assert facts.endpoints == (
        Endpoint("10.128.2.17", 8080, 80, "tcp", "w1", "shop/web-1"),
        Endpoint("10.130.0.9", 8080, 80, ready=False),
    )
    assert api.requests[-1][1] == {"labelSelector": "kubernetes.io/service-name=web"}


def test_a_headless_service_has_no_address(
    api: KubeServer, cluster: LiveCluster
) -> None:
    """`None` is no cluster IP."""
    spec = {"clusterIP": "None", "clusterIPs": ["None"], "ports": [{"port": 80}]}
    api.answers[SERVICE] = 200, {"spec": spec}
    api.answers[SLICES] = listed()
    facts = cluster.service("shop", "web", Stop())
    assert (facts.addresses, facts.ports) == ((), (ServicePort(80),))


def test_no_such_service(api: KubeServer, cluster: LiveCluster) -> None:
    """A service that there is not is absent, not unreadable."""
    api.answers[SERVICE] = 404, status(404, 'services "web" not found')
    with pytest.raises(ProbeAbsentError, match="shop/web"):
        cluster.service("shop", "web", Stop())


def test_a_name_leads_to_nothing_but_a_service(
    api: KubeServer, cluster: LiveCluster
) -> None:
    """Whatever is typed stays a name: slashes and the like are none of the path's."""
    asked = "/api/v1/namespaces/..%2Fkube/services/web%2F..%2F..%2Fsecrets%3Fa%23b"
    api.answers[asked] = absent()
    with pytest.raises(ProbeAbsentError):
        cluster.service("../kube", "web/../../secrets?a#b", Stop())
    assert [path for path, _ in api.requests] == [asked]


def test_services_that_are_forbidden(api: KubeServer, cluster: LiveCluster) -> None:
    """The error names both rights that it takes."""
    api.answers[SERVICE] = 403, status(403, "forbidden")
    with pytest.raises(ProbeError, match="list on endpointslices"):
        cluster.service("shop", "web", Stop())


def test_a_service_by_its_address(api: KubeServer, cluster: LiveCluster) -> None:
    """The API is asked for the one with this cluster IP; there may be none."""
    about = {"metadata": {"namespace": "shop", "name": "web"}}
    api.answers["/api/v1/services"] = listed(about)
    api.answers[SERVICE] = 200, WEB
    api.answers[SLICES] = listed()
    facts = cluster.service_at("172.30.7.7", Stop())
    assert facts
    assert (facts.namespace, facts.name) == ("shop", "web")
    assert api.requests[0][1]["fieldSelector"] == "spec.clusterIP=172.30.7.7"
    api.answers["/api/v1/services"] = listed()
    assert cluster.service_at("172.30.7.8", Stop()) is None


def test_services_that_may_not_be_listed(api: KubeServer, cluster: LiveCluster) -> None:
    """The error names the right that it takes."""
    api.answers["/api/v1/services"] = 403, status(403, "forbidden")
    with pytest.raises(ProbeError, match="list on services"):
        cluster.service_at("172.30.7.7", Stop())
