"""What was read inside a pod, as text and as JSON."""

from __future__ import annotations

import json

import pytest
from builders import container, link

from ocnetview.errors import BlindError, ProbeAbsentError, ProbeError
from ocnetview.facts import Counters
from ocnetview.facts.inside import Inside, InsideLink, InterfacesFacts
from ocnetview.facts.inside_containers import EnvironmentFacts, Variable
from ocnetview.model import NodeModel, Pod, PodKind
from ocnetview.report.inside import (
    Told,
    complete,
    inside_json,
    inside_text,
    target_of,
    wanted,
)

WEB, SIDE = container(1, "web"), container(2, "side")
POD = Pod("u7", PodKind.POD, "web", "shop", containers=(WEB, SIDE))
LINKS = InterfacesFacts(
    *("rtnetlink", 9.0),
    (InsideLink(link(2, "eth0", 7), Counters(1, 2, 3, 4, 5, 6, 7, 8)),),
)
VARIABLES = EnvironmentFacts(
    *("docker inspect", 9.0),
    (Variable("web", "A", "1"), Variable("web", "TOKEN", "hunter2", secret=True)),
)
DENIED = ProbeError("pod shop/web", "read dns", "permission denied", "needs root")
ABSENT = ProbeAbsentError("pod shop/web", "read conntrack", "no module")
TOLD = Told(
    POD,
    {Inside.INTERFACES: LINKS, Inside.ENVIRONMENT: VARIABLES},
    {Inside.DNS: DENIED, Inside.CONNTRACK: ABSENT},
)


def test_json_has_every_field_under_its_name() -> None:
    """Facts as they are, links as everywhere else, and why the rest is missing."""
    whole = json.loads(json.dumps(inside_json(TOLD, NodeModel())))
    assert whole["pod"]["title"] == "shop/web"
    interfaces = whole["inside"]["interfaces"]
    assert (interfaces["source"], interfaces["at"]) == ("rtnetlink", 9.0)
    (one,) = interfaces["links"]
    assert (one["link"]["name"], one["link"]["netns"]) == ("eth0", 1007)
    assert (one["counters"]["rx_errors"], one["counters"]["tx_dropped"]) == (5, 8)
    assert whole["unseen"] == {
        "dns": "permission denied (needs root)",
        "conntrack": "no module",
    }


@pytest.mark.parametrize(("reveal", "shown"), [(False, None), (True, "1")])
def test_json_holds_values_only_where_asked(
    reveal: bool,  # noqa: FBT001 - a case
    shown: str | None,
) -> None:
    """And never what looks like a secret."""
    told = Told(POD, TOLD.found, {}, reveal)
    variables = inside_json(told, NodeModel())["inside"]
    plain, secret = json.loads(json.dumps(variables))["environment"]["variables"]
    assert plain == {"container": "web", "name": "A", "value": shown, "secret": False}
    assert (secret["value"], secret["secret"]) == (None, True)


def test_text_has_what_cannot_be_told_in_its_place() -> None:
    """With the reason, and what would help."""
    lines = [
        " ".join(one.split()) for one in inside_text(TOLD, NodeModel()).splitlines()
    ]
    assert lines.index("interfaces") < lines.index("dns") < lines.index("conntrack")
    assert "not seen permission denied (needs root)" in lines


def test_what_could_not_be_read_is_a_failure() -> None:
    """Only that, unless what is not there was asked for."""
    with pytest.raises(BlindError, match=r"^this is not all: dns: permission denied"):
        complete(TOLD, ())
    with pytest.raises(BlindError, match="; conntrack: no module"):
        complete(TOLD, ("conntrack",))
    complete(Told(POD, {}, {Inside.CONNTRACK: ABSENT}), ("dns",))


def test_one_reason_is_given_once() -> None:
    """After all that it keeps from being read."""
    both = Told(POD, {}, {Inside.DNS: ABSENT, Inside.CONNTRACK: ABSENT})
    with pytest.raises(BlindError, match=r": dns, conntrack: no module[^;]*$"):
        complete(both, ("dns", "conntrack"))


def test_what_has_to_be_asked_for_is_not_read_unasked() -> None:
    """The environment by its own flag, too; each thing once."""
    every = wanted((), environment=False)
    assert set(Inside) - set(every) == {Inside.LIMITS, Inside.ENVIRONMENT}
    assert wanted((), environment=True) == [*every, Inside.ENVIRONMENT]
    asked = wanted(("dns", "dns", "environment"), environment=True)
    assert asked == [Inside.DNS, Inside.ENVIRONMENT]


def test_a_container_that_was_named_stands_alone() -> None:
    """The pod's namespace, and of its containers that one."""
    assert target_of(NodeModel(), POD, None).containers == (WEB, SIDE)
    assert target_of(NodeModel(), POD, SIDE).containers == (SIDE,)
