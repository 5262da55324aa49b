"""Where we run, where the node's files and processes are, and how that is known."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from ocnetview.collectors.rights import own_users, read_rights
from ocnetview.collectors.signs import (
    FILES,
    PROC,
    Signs,
    read_signs,
    same_network,
    shows_our_pid,
)
from ocnetview.config import OWN_ROOT, Settings
from ocnetview.errors import ConfigError
from ocnetview.facts import Place, PlaceKind

_DEFAULTS = Settings()
_OUTSIDE = frozenset({PlaceKind.CHROOT, PlaceKind.CONTAINER, PlaceKind.FILES})
"""Kinds of place whose node is around us, not where we are."""
_UNIX = re.compile(r"((?:http\+)?unix:(?://)?)?(/.*)", re.DOTALL)
"""A socket's path, as DOCKER_HOST, CRI endpoints and OVSDB's remotes write it."""


def find_place(
    settings: Settings, environment: Mapping[str, str] | None = None
) -> Place:
    """Return where we are; a root and a namespace that the settings name are taken.

    Raises:
        ConfigError: there is no such root.
    """
    environment = os.environ if environment is None else environment
    given = settings.host_root.rstrip("/") if settings.host_root else None
    signs = read_signs(environment, given or FILES)
    if given is None:
        kind = kind_of(signs)
        root, proc = _where(kind, signs)
        why = (*told(signs), *_told_root(kind, root))
    elif given and not os.path.isdir(given):
        raise ConfigError(f"host_root {given}: no such folder")
    else:
        kind, root, proc = _given(given)
        why = (f"host_root is given as {given or '/'}", *told(signs))
    proc = settings.proc if settings.proc != _DEFAULTS.proc else proc
    place = Place(kind, root, proc, settings.netns, why)
    return _with_rights(_with_netns(place))


def kind_of(signs: Signs) -> PlaceKind:
    """Return the kind of place that the signs speak for."""
    files = PlaceKind.CONTAINER if signs.files_pids else PlaceKind.FILES
    if signs.same_root is False:
        if signs.first_pids or signs.host_like:
            return PlaceKind.CONTAINER
        return files if signs.files else PlaceKind.ALONE
    if signs.same_root and signs.same_mounts is False:
        return PlaceKind.CHROOT if signs.container else PlaceKind.HOST
    if signs.first_pids and (signs.same_root or not signs.container):
        return PlaceKind.HOST
    if signs.files:
        return files
    return PlaceKind.ALONE if signs.container else PlaceKind.HOST


def _where(kind: PlaceKind, signs: Signs) -> tuple[str, str]:
    """Return the node's root and its proc file system.

    The root of pid 1 shows its mounts as they are now, pins of namespaces among
    them; in /host they appear only where the runtime propagates mounts.
    """
    if kind is PlaceKind.FILES:
        proc = f"{signs.files}{PROC}"
        entered = f"{proc}/1/root"
        return (entered if os.path.isdir(f"{entered}/") else signs.files), proc
    if kind is PlaceKind.CHROOT:
        return (f"{PROC}/1/root" if signs.enter else ""), PROC
    if kind is PlaceKind.CONTAINER:
        entered = f"{PROC}/1/root" if signs.enter and signs.host_like else ""
        return entered or signs.files, PROC
    return "", PROC


def _given(root: str) -> tuple[PlaceKind, str, str]:
    """Return what a root that was given makes of the place; / is our own."""
    if not root:
        return PlaceKind.HOST, "", PROC
    proc = f"{root}{PROC}"
    if shows_our_pid(proc) is False:
        return PlaceKind.FILES, root, proc
    return PlaceKind.CONTAINER, root, PROC


def told(signs: Signs) -> Iterator[str]:
    """Yield each sign in words."""
    whose = {True: "is pid 1's", False: "is not pid 1's", None: "cannot be compared"}
    yield f"our root directory {whose[signs.same_root]}"
    yield f"our mount namespace {whose[signs.same_mounts]}"
    yield "our pid namespace is " + (
        "the machine's" if signs.first_pids else "not the machine's first"
    )
    yield from signs.container
    if signs.files:
        pids = "the same" if signs.files_pids else "other"
        yield f"{signs.files} holds a node's root, whose /proc shows {pids} pids"


def _told_root(kind: PlaceKind, root: str) -> Iterator[str]:
    """Yield how the node's files are read."""
    if root.endswith("/1/root"):
        yield f"{root} shows the node's files and mounts as pid 1 has them"
    elif kind in _OUTSIDE:
        at = root or "our own root"
        yield f"pid 1's root cannot be entered: files are read in {at}"
    elif kind is PlaceKind.ALONE:
        yield "nothing shows a node around it, so this is taken as the node"


def _with_netns(place: Place) -> Place:
    """Return the place with the node's network namespace, where it is not ours."""
    if place.netns:
        why = f"{place.netns} is given as the node's network namespace"
        return replace(place, why=(*place.why, why))
    if place.kind not in _OUTSIDE:
        return place
    match same_network(place.proc):
        case True:
            return replace(place, why=(*place.why, "our network namespace is pid 1's"))
        case False:
            netns = f"{place.proc}/1/ns/net"
            why = f"our network namespace is not pid 1's: links are read in {netns}"
            return replace(place, netns=netns, why=(*place.why, why))
        case _:
            why = "our network namespace is taken as the node's: pid 1 cannot be seen"
            return replace(place, why=(*place.why, why))


def _with_rights(place: Place) -> Place:
    """Return the place with what we may do there."""
    users = own_users()
    inside = users and place.kind in _OUTSIDE
    rights = read_rights(inside=inside, enters=bool(place.netns))
    why = ("our user namespace is not the machine's first",) if users else ()
    return replace(place, rights=rights, why=(*place.why, *why))


def settled(settings: Settings, place: Place) -> Settings:
    """Return the settings with every path as it is found from this place."""
    there = replace(settings, host_root=place.host_root)
    return replace(
        there,
        proc=place.proc,
        netns=place.netns,
        docker_host=_found(there, settings.docker_host, _DEFAULTS.docker_host),
        podman=tuple(_found(there, one) for one in settings.podman),
        cri=tuple(_found(there, one) for one in settings.cri),
        ovsdb=_found(there, settings.ovsdb, _DEFAULTS.ovsdb),
        netns_dirs=tuple(map(there.on_host, settings.netns_dirs)),
        cni_results=there.on_host(settings.cni_results),
    )


def _found(settings: Settings, remote: str, default: str = "") -> str:
    """Return a socket's address with its path as it is found from here.

    One that somebody named may be one of our own files, as a container gets them.
    """
    parts = _UNIX.fullmatch(remote)
    if parts is None:
        return remote
    scheme, path = parts[1] or "", parts[2]
    there = settings.on_host(path)
    own = remote != default and os.path.exists(path) and not os.path.exists(there)
    return scheme + (f"{OWN_ROOT}{path}" if own else there)
