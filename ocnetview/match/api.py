"""The API's pods <-> the pods that the runtimes have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from ocnetview.facts import KubePod
from ocnetview.match.groups import Group
from ocnetview.match.traits import MIRROR

_HASH = "kubernetes.io/config.hash"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def join_api(
    scopes: Mapping[str, Sequence[Group]], pods: Iterable[KubePod]
) -> tuple[str, tuple[KubePod, ...]]:
    """Give each group the API's pod that it is; return the rest, and whose they are.

    By uid; of a static pod, whose uid in the runtime is the hash of its file, by the
    mirror pod's annotation; by namespace and name last. All pods of the API are of
    one node: this one, or the container that is a node, where its pods are known.
    """
    left = sorted(pods, key=lambda pod: (pod.namespace, pod.name, pod.uid))
    home = _home(scopes, left)
    by_uid: dict[str, list[Group]] = defaultdict(list)
    by_title: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for found in scopes.get(home, ()):
        by_uid[found.uid].append(found)
        by_title[found.title].append(found)
    ways: tuple[tuple[str, Callable[[KubePod], Iterable[Group]]], ...] = (
        ("the same uid", lambda pod: by_uid.get(pod.uid, ()) if pod.uid else ()),
        ("the hash of its file", lambda pod: _mirrored(pod, by_uid)),
        (
            "the same namespace and name",
            lambda pod: _not_against(pod, by_title.get((pod.namespace, pod.name), ())),
        ),
    )
    for how, candidates in ways:
        left = [pod for pod in left if not _join(pod, candidates(pod), how)]
    return home, tuple(left)


def _home(scopes: Mapping[str, Sequence[Group]], pods: Iterable[KubePod]) -> str:
    """Return the scope that the API's pods are of: the node's own unless proved."""
    known = {uid for pod in pods for uid in (pod.uid, _file(pod)) if uid}
    shared = {
        within: sum(found.uid in known for found in groups)
        for within, groups in scopes.items()
    }
    if shared.get("") or not any(shared.values()):
        return ""
    return max(shared, key=lambda within: (shared[within], within))


def _join(pod: KubePod, candidates: Iterable[Group], how: str) -> bool:
    """Give the pod to the candidate that has none, the one of its name before."""
    free = [found for found in candidates if found.api is None]
    if not free:
        return False
    title = (pod.namespace, pod.name)
    best = max(free, key=lambda found: (found.title == title, _live(found)))
    best.api, best.api_by = pod, how
    return True


def _live(found: Group) -> tuple[bool, float]:
    """Return what orders groups by their sandboxes: ready ones, then newest, last."""
    boxes = found.sandboxes
    return max(((box.ready, box.created) for box in boxes), default=(False, 0.0))


def _file(pod: KubePod) -> str:
    """Return the hash of a static pod's file; empty for other pods."""
    return pod.annotations.get(MIRROR) or pod.annotations.get(_HASH, "")


def _mirrored(pod: KubePod, by_uid: Mapping[str, list[Group]]) -> Iterable[Group]:
    """Return the static pods that the API's pod is the mirror of."""
    name = _file(pod)
    return by_uid.get(name, ()) if name else ()


def _not_against(pod: KubePod, groups: Iterable[Group]) -> Iterable[Group]:
    """Return those whose uid does not say that they are another pod of that name.

    A uid that the API has given is another pod's; so is another file's hash.
    """
    named = bool(_file(pod))
    return [
        found
        for found in groups
        if not found.uid or not (named or _UUID.fullmatch(found.uid))
    ]
