"""What sources say of their own answers."""

from __future__ import annotations

import pytest
from builders import HOST, source

from ocnetview.facts import (
    CniFacts,
    ContainerFacts,
    Facts,
    KubeFacts,
    LinkFacts,
    NestedFacts,
    SourceState,
)
from ocnetview.match.notes import noted

NINE = tuple(f"t{number}" for number in range(9))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            KubeFacts("n1", name_from="its certificate"),
            "this node is n1 (its certificate)",
        ),
        (ContainerFacts("cri-o", version="1.29", troubles=("x",)), "cri-o 1.29; x"),
        (ContainerFacts("docker", troubles=NINE), "t0; t1; t2; and 6 more troubles"),
        (CniFacts(troubles=("bad file",)), "bad file"),
        (
            NestedFacts((ContainerFacts("containerd", within="ab" * 32),), ("y",)),
            "containerd in abababababab; y",
        ),
        (LinkFacts(HOST, ()), ""),
    ],
)
def test_a_source_says_how_it_knows_and_what_it_lacks(facts: Facts, said: str) -> None:
    """Names, versions and troubles are told while it is up; many are counted."""
    assert noted(source("cri"), {"cri": facts}).reason == said


def test_a_source_that_is_down_says_why_and_nothing_else() -> None:
    """What it told before is not its state now."""
    down = source("kube", SourceState.DOWN, reason="refused")
    assert noted(down, {"kube": KubeFacts("n1")}) == down
    assert noted(source("cri"), {}) == source("cri")
