"""Asks the runtimes of a pod's containers about each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from ocnetview.collectors.cri_probe import serves_no_cri
from ocnetview.collectors.cri_sockets import Endpoint as CriEndpoint
from ocnetview.collectors.cri_sockets import find_endpoints, no_cri, socket_path
from ocnetview.collectors.docker_endpoint import (
    Endpoint,
    docker_endpoint,
    look_for_socket,
)
from ocnetview.collectors.http_reply import NOT_FOUND
from ocnetview.collectors.podman import podman_endpoints
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import Container
from ocnetview.facts.inside_containers import ContainerDetail
from ocnetview.match.names import container_name
from ocnetview.probes.runtime_words import Told, read_inspect, read_status

T = TypeVar("T")

_DOCKERS = frozenset({"docker", "podman"})
_Answers = Mapping[str, Told]
"""By the container's id."""


def ask_runtimes(
    settings: Settings, containers: Iterable[Container]
) -> tuple[_Answers, tuple[str, ...]]:
    """Return what the node's runtimes say, and why one could not be asked.

    Docker's API is asked about its containers, the CRI about those that are left:
    cri-dockerd's are known to both.
    """
    left = {one.id: one for one in containers}
    found: dict[str, Told] = {}
    troubles: list[str] = []
    for ask in _asking(settings, left):
        try:
            said = ask([one for one in left.values() if one.id not in found])
        except SourceAbsentError:
            continue
        except CollectorError as error:
            troubles.append(str(error))
        else:
            found.update(said)
        if found.keys() == left.keys():
            break
    return found, tuple(troubles)


def _asking(
    settings: Settings, left: Mapping[str, Container]
) -> Iterator[Callable[[list[Container]], _Answers]]:
    """Yield whom to ask, in turn."""
    if any(one.runtime in _DOCKERS for one in left.values()):
        for endpoint in (docker_endpoint(settings), *podman_endpoints(settings)):
            yield partial(_ask_docker, endpoint)
    for cri in find_endpoints(settings):
        yield partial(_ask_cri, cri)


def _ask_docker(endpoint: Endpoint, containers: list[Container]) -> _Answers:
    """Return what a Docker API says of those that it knows.

    Raises:
        CollectorError: it cannot be asked.
        SourceAbsentError: it is not there.
    """
    look_for_socket(endpoint)
    from ocnetview.collectors.docker_connect import (  # noqa: PLC0415 - cost
        FAILURES,
        connect,
        docker_error,
    )
    from ocnetview.collectors.docker_http import ReplyError  # noqa: PLC0415 - as above

    found = {}
    with ExitStack() as held:
        try:
            daemon = connect(endpoint, held)
            source = f"{'podman' if daemon.podman else 'docker'} inspect"
            for one in containers:
                try:
                    said = daemon.client.get(f"/containers/{quote(one.id, '')}/json")
                except ReplyError as error:
                    if error.status != NOT_FOUND:
                        raise
                else:
                    found[one.id] = read_inspect(said, source)
        except FAILURES as error:
            raise docker_error(endpoint, "inspect containers", error) from error
    return found


def _ask_cri(endpoint: CriEndpoint, containers: list[Container]) -> _Answers:
    """Return what a runtime says by the CRI of those that it knows.

    Raises:
        CollectorError: it cannot be asked.
        SourceAbsentError: it is not there, or serves no CRI.
    """
    path = socket_path(endpoint.where, endpoint.name)
    if serves_no_cri(path):
        raise no_cri(endpoint.name)
    from ocnetview.collectors.cri_client import CriClient  # noqa: PLC0415 - cost
    from ocnetview.collectors.cri_reply import read_info  # noqa: PLC0415 - cost

    with closing(CriClient(endpoint.name, path)) as client:
        client.agree()
        client.begin()
        said = client.container_statuses([one.id for one in containers], verbose=True)
    known = {one.id: one for one in containers}
    if said.troubles:
        why = next(iter(said.troubles.values()))
        raise CollectorError(endpoint.name, "ask for ContainerStatus", why)
    return {
        one: read_status(
            read_info(reply.info),
            listed(known[one], "CRI")._replace(
                started=max(0, reply.status.started_at) / 1e9,
                finished=max(0, reply.status.finished_at) / 1e9,
            ),
        )
        for one, reply in said.found.items()
    }


def listed(container: Container, source: str) -> ContainerDetail:
    """Return what is known of a container without asking about it."""
    return ContainerDetail(
        container.id,
        container_name(container),
        source,
        str(container.state),
        container.image,
        container.attempt,
        pid=container.pid,
        created=container.created,
        exit_code=container.exit_code,
        reason=container.reason,
    )
