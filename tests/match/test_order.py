"""Rows in order, each with a key of its own."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from builders import (
    container,
    cri,
    docker,
    kube,
    kube_pod,
    member,
    sandbox,
)
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.facts import (
    ContainerFacts,
    ContainerState,
    Facts,
    NestedFacts,
    Sample,
)
from ocnetview.match.pods import match_pods


def test_a_node_in_a_container_has_its_pods_below_it() -> None:
    """Pods of kind are rows below its container, apart from those of the same uid."""
    node = container(1, "kind-worker")
    other = container(2, "alpha")
    box, own = sandbox(5, "web", "u1"), sandbox(6, "web", "u1")
    inner = cri(box, member(7, "app", box), within=node.id)
    facts: dict[str, Facts] = {
        "docker": docker(node, other),
        "cri": cri(own),
        "nested": NestedFacts((inner,)),
    }
    rows = match_pods(Sample(1.0, facts))
    assert [(row.title, row.engine) for row in rows] == [
        ("shop/web", ""),
        ("alpha", ""),
        ("kind-worker", ""),
        ("shop/web", node.id),
    ]
    assert rows[3].key == f"{node.id[:13]}/u1"
    assert (rows[0].sandbox, rows[3].sandbox) == (own, box)
    assert rows[3].sources == ("nested",)


def test_engines_nest() -> None:
    """Docker in a pod's container, and one more in that: each below its own row."""
    box = sandbox(1, "ci", "u1")
    dind = member(2, "dind", box)
    inner = ContainerFacts("docker", (container(3, "build"),), within=dind.id)
    deep = ContainerFacts("docker", (container(4, "deep"),), within=f"{3:064x}")
    lost = ContainerFacts("docker", (container(5, "lost"),), within="f" * 64)
    facts: dict[str, Facts] = {
        "cri": cri(box, dind),
        "nested": NestedFacts((lost, deep, inner)),
    }
    rows = match_pods(Sample(1.0, facts))
    assert [row.title for row in rows] == ["shop/ci", "build", "deep", "lost"]
    assert [row.engine for row in rows] == ["", "u1", rows[1].key, "f" * 64]


UIDS = ["u1", "u2", "", "0" * 64]
NAMES = ["web", "db", "", "[/x]\x1b'"]
boxes = st.builds(
    lambda n, name, uid, ready, made: sandbox(
        n, name, uid, ready=ready, created=float(made)
    ),
    st.integers(0, 30),
    st.sampled_from(NAMES),
    st.sampled_from(UIDS),
    st.booleans(),
    st.integers(0, 2),
)
members = st.builds(
    lambda n, name, box, state, of: member(
        n, name, box, state=state, sandbox_id=of or box.id
    ),
    st.integers(31, 60),
    st.sampled_from(["app", "POD", "", "x\n"]),
    boxes,
    st.sampled_from(list(ContainerState)),
    st.sampled_from(["", f"{1:064x}", "gone"]),
)
plain = st.builds(
    lambda n, name, state: container(n, name, state=state),
    st.integers(61, 90),
    st.sampled_from(
        ["redis", "k8s_app_web_shop_u1_0", "k8s_POD_web_shop_u1_0", "k8s_x", "k8s____"]
    ),
    st.sampled_from(list(ContainerState)),
)
apis = st.builds(
    lambda name, uid, mirror: kube_pod(
        name, uid, annotations={"kubernetes.io/config.mirror": mirror} if mirror else {}
    ),
    st.sampled_from(NAMES),
    st.sampled_from(UIDS),
    st.sampled_from(["", *UIDS]),
)


def unique(found: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Return lists of these with ids of their own."""
    return st.lists(found, unique_by=lambda one: one.id, max_size=8)


parts = st.fixed_dictionaries(
    {
        "own": unique(boxes),
        "inside": unique(members),
        "loose": unique(plain),
        "nested": unique(boxes),
        "known": st.lists(
            apis, max_size=4, unique_by=(lambda p: p.name, lambda p: p.uid)
        ),
    }
)


def node(told: Mapping[str, list[Any]], within: str) -> Sample:
    """Return a node of two runtimes, one in a container, and the API."""
    facts: dict[str, Facts] = {
        "cri": cri(*told["own"], *told["inside"]),
        "docker": docker(*told["loose"]),
        "nested": NestedFacts((cri(*told["nested"], within=within),)),
        "kube": kube(*told["known"]),
    }
    return Sample(9.0, facts)


@given(parts, st.sampled_from(["x", f"{61:064x}", f"{31:064x}"]), st.randoms())
def test_nothing_is_lost_and_nothing_is_in_two_rows(
    told: dict[str, list[Any]], within: str, random: Random
) -> None:
    """Each sandbox, container and API pod stands once, in any order of the input."""
    rows = match_pods(node(told, within))
    shown = [
        part.id for row in rows for part in (*row.members, *row.attempts, *row.earlier)
    ]
    known = told["known"]
    assert sorted(shown) == sorted(
        one.id for found in told.values() if found is not known for one in found
    )
    assert len({row.key for row in rows}) == len(rows)
    assert sorted(map(repr, known)) == sorted(repr(r.api) for r in rows if r.api)
    for found in told.values():
        random.shuffle(found)
    assert match_pods(node(told, within)) == rows
