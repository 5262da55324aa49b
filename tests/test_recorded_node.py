"""A whole OpenShift SDN node, recorded: two witnesses agree on every pod."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocnetview.build import build_model
from ocnetview.facts import ContainerFacts, LinkFacts, OvsFacts, Sample
from ocnetview.match.veths import match_veths
from ocnetview.model import PortRole
from ocnetview.record import read_recording

RECORDING = Path(__file__).parent / "recordings/nodes/crio-openshift-sdn.json.gz"


@pytest.fixture(scope="module")
def node() -> Sample:
    """Return what the node said: kernel, OVSDB and CRI-O within one minute."""
    (sample,) = read_recording(RECORDING)
    return sample


def test_the_kernel_and_openshift_sdn_name_the_same_pod(node: Sample) -> None:
    """Behind each port the namespace has the address that the SDN wrote beside it.

    The match reads nothing of external_ids, so that each confirms the other.
    """
    (facts,) = node.of(OvsFacts)
    written = {
        interface.name: interface.external_ids["ip"]
        for bridge in facts.bridges
        for port in bridge.ports
        for interface in port.interfaces
        if "ip" in interface.external_ids
    }
    (links,) = node.of(LinkFacts)
    proved = {
        pair.host.name: pair.inner.addresses[0].partition("/")[0]
        for pair in match_veths(links)
        if pair.host.name != "eth0"
    }
    assert len(written) == 19
    assert proved == written


def test_every_running_pod_has_its_port(node: Sample) -> None:
    """Each pod that is not on the host's network is behind one port of br0.

    All but one, whose main process left for a namespace of its own: that is told.
    """
    model = build_model(node)
    running = [pod for pod in model.pods if pod.running and not pod.host_network]
    ports = {pod.main.port: pod.key for pod in running if pod.main}
    assert {key: model.ports_by_key[key].pod for key in ports} == ports
    (left,) = [pod for pod in running if pod.key not in ports.values()]
    assert left.name == "userns-like-unshare"
    assert left.reason.endswith("was not found")


def test_a_shared_namespace_of_the_host_has_no_veth(node: Sample) -> None:
    """Host-network pods are told by their namespace; they have none of the ports."""
    model = build_model(node)
    on_host = [pod for pod in model.pods if pod.host_network and pod.running]
    assert {pod.namespace for pod in on_host}
    assert all(not pod.interfaces for pod in on_host)


def test_no_port_is_called_stale_or_unknown(node: Sample) -> None:
    """A healthy node has a role for every port, and no problem."""
    model = build_model(node)
    roles = {port.name: port.role for port in model.ports_by_key.values()}
    assert roles["vxlan0"] is PortRole.TUNNEL
    assert roles["tun0"] is PortRole.GATEWAY
    assert roles["br0"] is PortRole.LOCAL
    assert PortRole.STALE not in roles.values()
    assert model.problems == ()


def test_every_container_is_in_one_pod(node: Sample) -> None:
    """No container of the runtime's list is lost, but for dead attempts."""
    (facts,) = node.of(ContainerFacts)
    shown = {c.id for pod in build_model(node).pods for c in pod.containers}
    listed = {c.id for c in facts.containers if c.pid}
    assert listed <= shown
