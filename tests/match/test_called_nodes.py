"""Who has which address on two whole recorded nodes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from whole_node import whole_sample

from ocnetview.build import build_model
from ocnetview.match.called import Names
from ocnetview.model import NodeModel

NODES = ("crio-openshift-sdn", "containerd-ovs")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, NodeModel]:
    """Return both nodes, joined."""
    return {
        name: build_model(whole_sample(name, tmp_path_factory.mktemp(name)))
        for name in NODES
    }


@pytest.mark.parametrize("name", NODES)
def test_every_address_of_a_pod_is_called_after_it(
    models: Mapping[str, NodeModel], name: str
) -> None:
    """By IP address and by MAC, whatever else the node has."""
    names = Names(models[name])
    pods = [pod for pod in models[name].pods if pod.netns and not pod.host_network]
    assert len(pods) > 10
    for pod in pods:
        assert pod.title in {names.of(address) for address in names.addresses(pod.key)}
        for mac in names.macs(pod.key):
            assert names.of(mac) == pod.title


@pytest.mark.parametrize("name", NODES)
def test_the_nodes_own_addresses_are_no_pods(
    models: Mapping[str, NodeModel], name: str
) -> None:
    """They are the node's, or those of a gateway of its bridges."""
    model = models[name]
    names = Names(model)
    own = {
        names.of(address.partition("/")[0])
        for link in model.links
        for address in link.addresses
    }
    assert "node" in own
    assert own - {""} <= {"node", *(link.name for link in model.links)}
