"""Any scrap -> what answers to it."""

from __future__ import annotations

import pytest
from builders import (
    container,
    docker,
    kubelet_name,
    link,
    link_facts,
    netns,
    ovs,
    process,
    sample,
    veth,
)

from ocnetview.build import build_model
from ocnetview.errors import AmbiguousError, NotFoundError
from ocnetview.facts import Facts, OvsInterface, ProcessFacts, Sample
from ocnetview.match.who import find, find_pod
from ocnetview.model import NodeModel, PodKind


@pytest.fixture
def model() -> NodeModel:
    """Return a node with two pods, a plain container and a process."""
    web, web_inner = veth(7, 12, "vethA")
    db, db_inner = veth(9, 14, "vethB")
    boxes = docker(
        container(7, kubelet_name("POD", "web", "shop", "u7")),
        container(8, kubelet_name("app", "web", "shop", "u7"), netns=netns(7)),
        container(9, kubelet_name("POD", "db", "shop", "u9")),
        container(10, kubelet_name("app", "db", "shop", "u9"), netns=netns(9)),
        container(11, "redis"),
    )
    inside = process(5008, container_id=f"{8:064x}", netns=netns(7))
    clash = process(12, netns=netns(0))
    return build_model(
        Sample(
            1.0,
            {
                "rtnetlink": link_facts(
                    [web, db, link(2, "ens3", addresses=("192.0.2.5/24",))],
                    [web_inner, db_inner],
                ),
                "ovsdb": ovs(
                    OvsInterface("vethA", ofport=3),
                    OvsInterface("vethB", ofport=4),
                    OvsInterface("gone", ofport=-1),
                ),
                "docker": boxes,
                "procfs": ProcessFacts((inside, clash), 1.0, 9.0),
            },
        )
    )


@pytest.mark.parametrize(
    ("scrap", "what", "pod"),
    [
        ("5008", "pid", "shop/web"),
        ("14", "ifindex", "shop/db"),
        ("vethA", "ifname", "shop/web"),
        ("10.128.0.9", "address", "shop/db"),
        ("10.128.0.9/23", "address", "shop/db"),
        ("0a:58:0a:80:00:07", "mac", "shop/web"),
        ("0A-58-0A-80-00-07", "mac", "shop/web"),
        ("fe:00:00:00:00:09", "mac", "shop/db"),
        ("shop/web", "name", "shop/web"),
        ("web", "name", "shop/web"),
        ("u9", "uid", "shop/db"),
        ("redis", "name", "redis"),
        (f"{8:064x}", "container id", "shop/web"),
    ],
)
def test_every_kind_of_scrap(model: NodeModel, scrap: str, what: str, pod: str) -> None:
    """A pid, index, name, address, MAC or id leads to its pod."""
    (answer,) = find(model, scrap)
    assert answer.pod is not None
    assert (answer.what, answer.pod.title) == (what, pod)


def test_a_number_may_be_two_things(model: NodeModel) -> None:
    """12 is a process here and a link's index: both are told."""
    assert [answer.what for answer in find(model, "12")] == ["pid", "ifindex"]


def test_a_port_without_a_device_answers_to_its_name(model: NodeModel) -> None:
    """A leaked port is found although there is no such link."""
    (answer,) = find(model, "gone")
    assert (answer.what, answer.port and answer.port.role) == ("port", "stale")


def test_a_link_of_the_node_itself(model: NodeModel) -> None:
    """The node's own address leads to its link, and to no pod."""
    (answer,) = find(model, "192.0.2.5")
    assert (answer.link and answer.link.name, answer.pod) == ("ens3", None)
    assert answer.path(model) == ("ens3 (2) of the node",)


@pytest.mark.parametrize("scrap", ["app", "0000"])
def test_what_fits_several_is_refused_with_their_names(
    model: NodeModel, scrap: str
) -> None:
    """A container name of two pods, or a short prefix: the candidates are named."""
    with pytest.raises(AmbiguousError, match="could be any of"):
        find(model, scrap)


@pytest.mark.parametrize(
    "scrap", ["nobody", "10.9.9.9", "999999", "", "zz:zz", "\x1b[31m", "1" * 400]
)
def test_what_nothing_answers_to(model: NodeModel, scrap: str) -> None:
    """An unknown scrap is said to be unknown, with nothing raw in the message."""
    with pytest.raises(NotFoundError) as caught:
        find(model, scrap)
    assert "\x1b" not in str(caught.value)


def test_a_tree_is_of_a_pod_or_of_one_container(model: NodeModel) -> None:
    """A pod's name gives all its containers, a container's id only that one."""
    pod, one = find_pod(model, "shop/db")
    assert (pod.title, one) == ("shop/db", None)
    pod, one = find_pod(model, f"{8:064x}")
    assert (pod.title, one and one.id) == ("shop/web", f"{8:064x}")
    with pytest.raises(NotFoundError):
        find_pod(model, "vethA")


def test_all_who_share_a_namespace_answer_to_its_veth() -> None:
    """A container that joined another's network is behind the same veth."""
    outer, inner = veth(7, 12, "vethA")
    owner = container(7, "owner")
    mode = f"container:{owner.id}"
    guest = container(8, "guest", netns=netns(7), network_mode=mode)
    facts: dict[str, Facts] = {
        "rtnetlink": link_facts([outer], [inner]),
        "docker": docker(owner, guest),
    }
    model = build_model(Sample(1.0, facts))
    for scrap in ("vethA", "12", "10.128.0.7", "fe:00:00:00:00:07"):
        titles = [answer.pod and answer.pod.title for answer in find(model, scrap)]
        assert sorted(map(str, titles)) == ["guest", "owner"]


def test_a_plain_container_is_named_once_in_its_path(model: NodeModel) -> None:
    """It is its own pod row, so that its name stands once."""
    (answer,) = find(model, f"{11:064x}")
    assert answer.path(model)[0] == "redis"
    assert answer.path(model).count("redis") == 1


def test_what_is_not_found_may_have_been_meant_so(model: NodeModel) -> None:
    """A part of a pod's title leads to its whole title, safely."""
    with pytest.raises(NotFoundError, match=r"did you mean shop/db, shop/web\?"):
        find(model, "sho")
    with pytest.raises(NotFoundError) as caught:
        find(model, "x" * 5000)
    assert len(str(caught.value)) < 300


def test_a_stale_port_is_found_by_the_sandbox_that_it_was_of() -> None:
    """The id that OVS still has beside it is the one at hand when its pod is gone."""
    written = {"sandbox": "b9bac01b1925" + "4" * 52}
    row = OvsInterface("vethgone", ofport=-1, external_ids=written)
    model = build_model(sample(link_facts([link(1, "lo")]), ovs(row)))
    (answer,) = find(model, "b9bac01b19254")
    assert answer.port
    assert (answer.port.name, answer.pod) == ("vethgone", None)
    with pytest.raises(NotFoundError):
        find(model, "b9bac")


def test_the_row_of_a_namespace_is_found_as_it_is_written() -> None:
    """By its title, by net:[INODE], by the inode, by its pin and the pin's path."""
    outer, inner = veth(7, 12, "vethA")
    model = build_model(sample(link_facts([outer], [inner])))
    (row,) = (pod for pod in model.pods if pod.kind is PodKind.NETNS)
    scraps = (row.title, str(row.netns), str(row.netns and row.netns.ino), row.key)
    assert [find_pod(model, scrap) for scrap in scraps] == [(row, None)] * 4
