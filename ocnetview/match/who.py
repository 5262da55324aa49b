"""Any scrap of a name or number -> what on the node answers to it."""

from __future__ import annotations

from itertools import chain

from ocnetview.errors import NotFoundError
from ocnetview.facts import Container
from ocnetview.match.answers import Answer, ambiguous, quoted, title
from ocnetview.match.scraps import address_in
from ocnetview.match.who_links import (
    by_address,
    by_ifindex,
    by_ifname,
    by_inner_name,
    by_mac,
    by_ofport,
    by_written_id,
)
from ocnetview.match.who_netns import by_netns
from ocnetview.match.who_pods import by_cgroup, by_id, by_name, by_pid
from ocnetview.model import NodeModel, Pod
from ocnetview.units import printable

__all__ = ["Answer", "find", "find_pod"]

_EXACT = (
    by_pid,
    by_ifindex,
    by_netns,
    by_ifname,
    by_ofport,
    by_address,
    by_mac,
    by_cgroup,
    by_name,
)
_MANY = 8
"""More than so many that share a MAC or an address are candidates, no answer."""
_LOOKED_FOR = (
    "a PID, TID, ifname, ifindex, IP address, MAC, ofport, network namespace, cgroup,"
    " sandbox or container id, pod uid, container or pod name"
)


def find(model: NodeModel, scrap: str) -> tuple[Answer, ...]:
    """Return what answers to a number, name, address, id or path of the node.

    A number may be a PID, an ifindex and an inode at once: all are answered. Names
    inside pods, and the beginnings of ids, count only where nothing answers exactly.

    Raises:
        NotFoundError: nothing on the node answers to it.
        AmbiguousError: several do, of which one must be meant.
    """
    exact = list(chain.from_iterable(by(model, scrap) for by in _EXACT))
    if len(exact) > _MANY:
        raise ambiguous(scrap, [_spelled(model, answer) for answer in exact])
    answers = exact or _inner(model, scrap) or by_id(model, scrap)
    answers = answers or list(by_written_id(model, scrap))
    if not answers:
        whose = ""
        if address_in(scrap):
            whose = ": it is no address of this node or of what runs on it"
        raise NotFoundError(
            f"nothing on this node answers to {quoted(scrap)}{whose}"
            f" (looked for {_LOOKED_FOR})" + _meant(model, scrap)
        )
    return tuple(answers)


def _inner(model: NodeModel, scrap: str) -> list[Answer]:
    """Return the one namespace's interface of this name, for all that share it.

    Raises:
        AmbiguousError: several namespaces have one.
    """
    answers = by_inner_name(model, scrap)
    places = {
        a.interface.link.netns for a in answers if a.interface and a.interface.link
    }
    if len(places) > 1:
        raise ambiguous(scrap, [_spelled(model, answer) for answer in answers])
    return answers


def _spelled(model: NodeModel, answer: Answer) -> str:
    """Return an answer in a few words that are a scrap themselves."""
    if answer.pod is None:
        return f"{answer.what} {answer.of}"
    whose = title(model, answer.pod)
    return f"{answer.of}@{whose}" if answer.of else whose


def find_pod(model: NodeModel, scrap: str) -> tuple[Pod, Container | None]:
    """Return the pod, or the container in it, that a name or id stands for.

    Raises:
        NotFoundError: no pod or container answers to it.
        AmbiguousError: several do.
    """
    rows = [pod for pod in model.pods if scrap in (pod.key, pod.title)]
    if len(rows) == 1:
        return rows[0], None
    answers = (
        by_name(model, scrap)
        or by_cgroup(model, scrap)
        or list(by_netns(model, scrap))
        or by_id(model, scrap)
    )
    found = {a.pod.key: a for a in answers if a.pod}
    if len(found) > 1:
        raise ambiguous(scrap, [_spelled(model, a) for a in found.values()])
    for answer in found.values():
        if answer.pod:
            return answer.pod, answer.container
    raise NotFoundError(
        f"no pod or container answers to {quoted(scrap)}" + _meant(model, scrap)
    )


def _meant(model: NodeModel, scrap: str) -> str:
    """Return pods whose title holds the scrap, as a question; empty for none."""
    wanted = scrap.casefold()
    near = [
        pod.title for pod in model.pods if wanted and wanted in pod.title.casefold()
    ]
    shown = ", ".join(printable(title) for title in near[:5])
    more = ", …" if len(near) > 5 else ""  # noqa: PLR2004 - a line's worth
    return f"; did you mean {shown}{more}?" if near else ""
