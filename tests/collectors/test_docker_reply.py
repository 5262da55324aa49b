"""The Docker API's list, as facts: what may be missing and what must be there."""

from __future__ import annotations

from typing import Any

import pytest

from ocnetview.collectors.docker_reply import read_containers
from ocnetview.facts import Container, ContainerState


def read(**fields: Any) -> Container:  # noqa: ANN401 - an untyped reply
    """Return what one entry of a list says."""
    (container,) = read_containers([{"Id": "1", **fields}], "docker")
    return container


def test_only_the_id_is_needed() -> None:
    """A field that is missing, null or of another kind has its plain value."""
    plain = Container("1", "", "docker")
    assert read() == plain
    fields = ["Names", "Image", "Created", "Labels", "State", "Status", "HostConfig"]
    assert read(**dict.fromkeys(fields), NetworkSettings=None) == plain
    assert read(**dict.fromkeys(fields, 7), NetworkSettings={"Networks": []}) == (
        Container("1", "", "docker", created=7)
    )
    networks = {"Networks": {"a": None, "b": {"IPAddress": None}}}
    assert read(NetworkSettings=networks).addresses == ()


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["/web"], "web"),
        (["/other/alias", "/web"], "web"),
        (["/other/alias"], "other/alias"),
        (["web"], "web"),
        ([], ""),
        ([None, "/web"], ""),
    ],
)
def test_a_container_has_its_own_name(names: list[str], name: str) -> None:
    """A link's alias has a slash inside and is not the container's name."""
    assert read(Names=names).name == name


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *((str(state), state) for state in ContainerState),
        ("configured", ContainerState.CREATED),
        ("initialized", ContainerState.CREATED),
        ("stopping", ContainerState.RUNNING),
        ("stopped", ContainerState.EXITED),
        ("flying", ContainerState.UNKNOWN),
        ("", ContainerState.UNKNOWN),
    ],
)
def test_states_are_dockers_or_podmans(word: str, state: ContainerState) -> None:
    """Podman's own states become Docker's; what nobody knows is unknown."""
    assert read(State=word).state is state


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("Exited (0) 3 hours ago", 0),
        ("Exited (137) Less than a second ago", 137),
        ("Exited (-1) 2 weeks ago", -1),
        ("Up 4 seconds (Paused)", None),
        ("Restarting (1) 5 seconds ago", None),
        ("Created", None),
        ("Dead", None),
        ("", None),
        ("Exited (9999999999999999999999)", None),
        ("Exited (\u0663) 3 hours ago", None),
        (0, None),
    ],
)
def test_how_a_container_ended_is_told_in_words(status: object, code: object) -> None:
    """The exit code stands in the sentence for people; of one that runs is none."""
    assert read(State="exited", Status=status).exit_code == code


def test_addresses_come_ipv4_first_and_once() -> None:
    """Each network's addresses are listed, those of one family together."""
    networks = {
        "b": {"IPAddress": "10.0.1.2", "GlobalIPv6Address": "fd00::2"},
        "a": {"IPAddress": "10.0.0.2", "GlobalIPv6Address": ""},
        "c": {"IPAddress": "10.0.0.2"},
    }
    container = read(NetworkSettings={"Networks": networks})
    assert container.networks == ("a", "b", "c")
    assert container.addresses == ("10.0.0.2", "10.0.1.2", "fd00::2")


@pytest.mark.parametrize("reply", [None, {}, "x", [None], [{}], [{"Id": 5}], [[]]])
def test_what_is_no_list_of_containers_is_refused(reply: object) -> None:
    """Without a list, or an id to each entry, there is nothing to read."""
    with pytest.raises(ValueError, match="container"):
        read_containers(reply, "docker")


@pytest.mark.parametrize(
    ("name", "attempt"),
    [
        ("k8s_app_web-0_shop_1a41751f-d728_7", 7),
        ("k8s_app_web-0_shop_1a41751f-d728_7_a8f3bc12", 7),
        ("k8s_app_web.example-0_shop_1a41751f-d728_0", 0),
        ("k8s_app.a1b2c3d4_web-0_shop_1a41751f-d728_12345678", 0),
        ("k8s_app_web-0_shop_1a41751f-d728", 0),
        ("plain_app_1", 0),
        ("k8s_app_web-0_shop_uid_99999999999999999999", 0),
    ],
)
def test_restarts_are_read_from_the_name_that_kubelet_gives(
    name: str, attempt: int
) -> None:
    """The number after the uid; a hash of old versions is none."""
    (read,) = read_containers([{"Id": "ab", "Names": [f"/{name}"]}], "docker")
    assert read.attempt == attempt
