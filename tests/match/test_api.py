"""The API's pods <-> what the runtimes have."""

from __future__ import annotations

import pytest
from builders import container, cri, docker, kube, kube_pod, sandbox
from builders import sample as node

from ocnetview.facts import KubePod, NestedFacts, Sample, Sandbox
from ocnetview.match.pods import match_pods

HASH = "2ca5414c3e2a6991576c2c04c337b34a"
ONE = "3244f642-2db9-425f-9ad9-2faeb687a8b9"
TWO = "0c585374-46b3-4332-a45c-33ffc39b170c"


def mirror(name: str, uid: str, of: str = HASH) -> KubePod:
    """Return the API's copy of a static pod."""
    return kube_pod(name, uid, annotations={"kubernetes.io/config.mirror": of})


CASES: dict[str, tuple[Sandbox, KubePod, str]] = {
    "by uid": (sandbox(1, "web", ONE), kube_pod("web", ONE), "the same uid"),
    "by the mirror's annotation": (
        sandbox(1, "web-n", HASH),
        mirror("web-n", ONE),
        "the hash of its file",
    ),
    "by the hash alone": (
        sandbox(1, "web-n", HASH),
        kube_pod("web-n", ONE, annotations={"kubernetes.io/config.hash": HASH}),
        "the hash of its file",
    ),
    "by its name, the runtime has no uid": (
        sandbox(1, "web", ""),
        kube_pod("web", ONE),
        "the same namespace and name",
    ),
    "by its name, the runtime's uid is not the API's": (
        sandbox(1, "web", HASH),
        kube_pod("web", ONE),
        "the same namespace and name",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_how_both_are_one_pod(case: str) -> None:
    """By uid, by the mirror pod's annotation, by the name last: one row, said how."""
    box, pod, how = CASES[case]
    (row,) = match_pods(node(cri(box), kube(pod)))
    assert (row.sandbox, row.api, row.uid) == (box, pod, ONE)
    assert row.key == (box.uid or box.id)
    assert row.joined == (f"the API's pod has {how}",)


APART: dict[str, tuple[Sandbox, KubePod]] = {
    "a StatefulSet's next pod": (sandbox(1, "db-0", ONE), kube_pod("db-0", TWO)),
    "the pod of another file": (sandbox(1, "web-n", "b" * 32), mirror("web-n", ONE)),
    "another namespace": (
        sandbox(1, "web", HASH, namespace="demo"),
        kube_pod("web", ONE),
    ),
    "nobody says a uid": (
        sandbox(1, "web", ""),
        kube_pod("db", "", phase="Pending"),
    ),
}


@pytest.mark.parametrize("case", APART)
def test_what_is_not_one_pod(case: str) -> None:
    """Two pods of one name, of which one is about to go, are two rows."""
    box, pod = APART[case]
    rows = match_pods(node(cri(box), kube(pod)))
    assert sorted((row.sandbox is None, row.api is None) for row in rows) == [
        (False, True),
        (True, False),
    ]


def test_a_name_never_takes_what_a_uid_claims() -> None:
    """Old and new pod of one name: the uid finds its own, in any order."""
    old, new = sandbox(1, "db-0", ONE), sandbox(2, "db-0", HASH)
    for pods in ((kube_pod("db-0", ONE),), (mirror("db-0", TWO),)):
        rows = match_pods(node(cri(old, new), kube(*pods)))
        (known,) = (row for row in rows if row.api)
        assert known.sandbox == (old if pods[0].uid == ONE else new)


def test_a_name_with_two_sandboxes_is_of_the_live_one() -> None:
    """Where only the name is left to go by, the pod that lives is meant."""
    dead = sandbox(1, "web", "x", ready=False, created=900.0)
    live = sandbox(2, "web", "y")
    rows = match_pods(node(cri(dead, live), kube(kube_pod("web", ONE))))
    assert [row.sandbox for row in rows if row.api] == [live]


def test_the_api_of_a_node_in_a_container() -> None:
    """A kubeconfig of kind's cluster tells of the pods in that container."""
    box = container(1, "kind-worker")
    inner = sandbox(5, "web", ONE)
    own = sandbox(6, "web", TWO)
    facts = Sample(
        1.0,
        {
            "docker": docker(box),
            "cri": cri(own),
            "nested": NestedFacts((cri(inner, within=box.id),)),
            "kube": kube(kube_pod("web", ONE), kube_pod("new", HASH)),
        },
    )
    rows = match_pods(facts)
    assert [(r.title, bool(r.api), bool(r.engine)) for r in rows] == [
        ("shop/web", False, False),
        ("kind-worker", False, False),
        ("shop/new", True, True),
        ("shop/web", True, True),
    ]
    assert rows[0].traits == ()
