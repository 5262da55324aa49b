"""Where runtimes answer: the endpoints that are given, and the known sockets."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.units import printable

KNOWN: tuple[tuple[str, str], ...] = (
    ("cri-o", "/run/crio/crio.sock"),
    ("containerd", "/run/containerd/containerd.sock"),
    ("k3s", "/run/k3s/containerd/containerd.sock"),
    ("k0s", "/run/k0s/containerd.sock"),
    ("microk8s", "/var/snap/microk8s/common/run/containerd.sock"),
    ("cri-dockerd", "/run/cri-dockerd.sock"),
    ("dockershim", "/run/dockershim.sock"),
)
"""The default socket of each runtime; RKE2 uses that of k3s."""
CRICTL = "/etc/crictl.yaml"
_KEY = re.compile(
    r"""runtime-endpoint: +(?P<quote>["']?)(?P<value>[^\s"'#]+)(?P=quote)\s*(?:#.*)?"""
)
"""The one line of the YAML that is read, its value plain or in quotes."""
_LONGEST = 1 << 16
"""Bytes of crictl.yaml that are read."""


class Endpoint(NamedTuple):
    """A place where a runtime answers, or should."""

    name: str
    """The source's name."""
    where: str
    """As unix:///PATH, the path as it is found from here; else as it was given."""


def find_endpoints(settings: Settings) -> tuple[Endpoint, ...]:
    """Return where to ask: the given endpoints, or crictl's and all that are there.

    One socket that is reached by two paths is one endpoint. Names are unique.
    """
    if settings.cri:
        given = [_endpoint(settings, text) for text in settings.cri]
    else:
        known = (Endpoint(n, f"unix://{settings.on_host(path)}") for n, path in KNOWN)
        there = [one for one in known if _identity(one.where) is not None]
        given = [_endpoint(settings, text) for text in _crictl(settings)] + there
    return tuple(_named(_distinct(given)))


def socket_path(endpoint: str, name: str = "cri") -> str:
    """Return the path in an endpoint, which may be the path alone, as crictl allows.

    Raises:
        CollectorError: it is no Unix socket.
    """
    scheme, colon, rest = endpoint.partition(":")
    path = f"/{rest.lstrip('/')}" if colon and scheme == "unix" else endpoint
    if path.startswith("/") and path != "/" and "\0" not in path:
        return path
    doing, hint = f"use {printable(endpoint)}", "see CONTAINER_RUNTIME_ENDPOINT"
    raise CollectorError(name, doing, "a CRI endpoint is unix:///PATH", hint)


def no_cri(name: str) -> SourceAbsentError:
    """Return the error that a runtime answers, but not to the CRI."""
    hint = "is its CRI plugin disabled, as in Docker's containerd?"
    reason = "what answers there serves no CRI"
    return SourceAbsentError(name, "ask for CRI", reason, hint)


def places(settings: Settings) -> str:
    """Return the places that are tried, for who finds none there."""
    return ", ".join(settings.on_host(path) for _, path in KNOWN)


def _endpoint(settings: Settings, text: str) -> Endpoint:
    """Return a given endpoint, with the name of the runtime whose socket it is."""
    try:
        where = settings.on_host(socket_path(text))
    except CollectorError:
        return Endpoint("cri", text)
    for name, path in KNOWN:
        place = settings.on_host(path)
        if place in (where, where.replace("/var/run/", "/run/", 1)):
            return Endpoint(name, f"unix://{where}")
    return Endpoint("cri", f"unix://{where}")


def _crictl(settings: Settings) -> Iterator[str]:
    """Yield crictl's endpoint on this node, where its file names one."""
    with (
        suppress(OSError),
        open(settings.on_host(CRICTL), encoding="utf-8", errors="replace") as file,
    ):
        for line in file.read(_LONGEST).splitlines():
            if match := _KEY.fullmatch(line):
                yield match["value"]


def _identity(where: str) -> tuple[int, int] | None:
    """Return what a socket is, by whatever path; None where there is nothing."""
    with suppress(OSError, ValueError, CollectorError):
        status = os.stat(socket_path(where))
        return (status.st_dev, status.st_ino)
    return None


def _distinct(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Return the first of those that lead to one socket."""
    found: dict[object, Endpoint] = {}
    for one in endpoints:
        found.setdefault(_identity(one.where) or one.where, one)
    return list(found.values())


def _named(endpoints: Iterable[Endpoint]) -> Iterator[Endpoint]:
    """Yield them with a number behind a name that another has already."""
    taken: set[str] = set()
    for one in endpoints:
        name, number = one.name, 1
        while name in taken:
            number += 1
            name = f"{one.name}{number}"
        taken.add(name)
        yield one._replace(name=name)
