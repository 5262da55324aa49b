"""Whom the ids of links stand for, whoever gave them their number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from ocnetview.collectors.decode import RawLink
from ocnetview.collectors.link_events import Changes
from ocnetview.collectors.namespaces import (
    Inside,
    Namespace,
    entrance,
    list_links,
    read_links,
)
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.visits import asks, ids_of, learn, unanswered, unlike, visit
from ocnetview.facts import Netns

Question = tuple[Netns, int]
"""An id of which nobody is known, and the namespace that gave it."""
Sign = tuple[Netns, int, str, int | None]
"""A link that leads to who is in question: its namespace, ifindex, MAC and id."""
Signs = Mapping[Question, frozenset[Sign]]
Search = Callable[[frozenset[Sign]], list[Namespace]]
Ripen = Callable[[Signs], frozenset[Question]]
"""Gives the questions that are worth an answer by now."""


@dataclass(slots=True)
class Numbering:
    """The namespaces of one reading, and the ids that they have for one another.

    Each namespace numbers the others for itself. What was read from outside has
    ids in our numbering, what was entered has ids in its own.
    """

    netlink: Netlink
    home: Namespace
    """Our own namespace."""
    outside: Inside
    """What is inside our own."""
    found: dict[Netns, Namespace]
    """The others; those that are found on the way are added."""
    own: int | None = field(init=False, default=None)
    """Our id for ourselves, which links that lead to us have in our numbering."""

    def resolve(self, dirty: Iterable[Namespace], ripen: Ripen, search: Search) -> None:
        """Visit these namespaces, and those that only links lead to.

        The order matters: a dump gives the namespaces of the links' other ends their
        ids, after which the ids can be asked for.
        """
        for namespace in dirty:
            visit(self.netlink, namespace, self.home)
        hidden: list[Namespace] | None = None
        while True:
            self._visit_unnumbered()
            asking = [n for n in self.found.values() if asks(n)]
            others = [self.home, *self.found.values()]
            # Who is behind one's ids is behind the next one's, too: their node.
            known: dict[Netns, Namespace] = {}
            for namespace in asking:
                learn(namespace, [*known.values(), *others])
                known = {**self._behind(namespace), **known}
            questions = self._questions()
            if not questions:
                return
            signs = self._signs(questions)
            questions = ripen(signs)
            if questions and hidden is None:
                hidden = search(frozenset().union(*(signs[q] for q in questions)))
            adopted = self._adopt(hidden or [], questions)
            if not adopted and not self._read_nameless(questions):
                return

    def _behind(self, namespace: Namespace) -> Mapping[Netns, Namespace]:
        """Return the namespaces that an entered one has ids for, as far as known."""
        owners = (namespace.inside.owners if namespace.inside else None) or {}
        return {n: self.found[n] for n in owners.values() if n in self.found}

    def _visit_unnumbered(self) -> None:
        """Read again what reading the others has given an id, until none gets one.

        A link between two pods gives each an id when the other is read, and only
        by that id can the one end be told to lead to the other.
        """
        given = True
        while given:
            given = False
            for namespace in self._there():
                if namespace.nsid is None:
                    with suppress(OSError), entrance(namespace) as fd:
                        namespace.nsid = self.netlink.nsid(fd)
                    if namespace.nsid is not None:
                        visit(self.netlink, namespace, self.home)
                        given = True

    def _there(self) -> Iterator[Namespace]:
        """Yield the namespaces that are network namespaces and have not ended."""
        return (n for n in self.found.values() if not n.gone and not n.foreign)

    def _numbered_by_us(self) -> Iterator[tuple[Namespace, Inside]]:
        """Yield the namespaces whose links have ids in our numbering."""
        for namespace in self._there():
            if namespace.inside is not None and namespace.inside.owners is None:
                yield namespace, namespace.inside

    def _questions(self) -> frozenset[Question]:
        """Return every id that nobody is known to stand behind."""
        with suppress(OSError), entrance(self.home) as fd:
            self.own = self.netlink.nsid(fd)
        ours = ids_of(self.outside.links)
        ours.update(*(ids_of(inside.links) for _, inside in self._numbered_by_us()))
        ours -= {n.nsid for n in self.found.values() if n.nsid is not None}
        theirs = (
            (namespace.netns, nsid)
            for namespace in self._there()
            if namespace.inside is not None and namespace.inside.owners is not None
            for nsid in unanswered(namespace.inside)
        )
        return frozenset([*((self.home.netns, n) for n in ours - {self.own}), *theirs])

    def _signs(self, questions: frozenset[Question]) -> Signs:
        """Return the links that lead to who is in question.

        An id alone would not tell one question from the next: it is given anew.
        """
        home = self.home.netns
        inside = [(home, home, self.outside)]
        for namespace in self._there():
            if namespace.inside is not None:
                asker = home if namespace.inside.owners is None else namespace.netns
                inside.append((namespace.netns, asker, namespace.inside))
        signs: dict[Question, set[Sign]] = {question: set() for question in questions}
        for where, asker, found in inside:
            for link in found.links:
                nsid = link.nsid
                if nsid is not None and (asker, nsid) in questions:
                    sign = (where, link.ifindex, link.mac, nsid)
                    signs[asker, nsid].add(sign)
        return {question: frozenset(some) for question, some in signs.items()}

    def _adopt(self, hidden: list[Namespace], questions: frozenset[Question]) -> bool:
        """Visit those of the hidden ones that answer a question; claim that one did."""
        left = [n for n in hidden if n.netns not in self.found]
        answers: set[Netns] = set()
        for namespace in left:
            with suppress(OSError), entrance(namespace) as fd:
                nsid = self.netlink.nsid(fd)
                if nsid is not None and (self.home.netns, nsid) in questions:
                    answers.add(namespace.netns)
        for namespace in self._there():
            learn(namespace, left)
            if namespace.inside is not None and namespace.inside.owners:
                answers.update(namespace.inside.owners.values())
        adopted = [n for n in left if n.netns in answers]
        for namespace in adopted:
            visit(self.netlink, namespace, self.home)
            self.found[namespace.netns] = namespace
        return bool(adopted)

    def _read_nameless(self, questions: frozenset[Question]) -> bool:
        """Read what nothing leads to but our ids for it; claim that some was read.

        A socket keeps its namespace, too, and no file tells which. Where the kernel
        refuses, the id is all that is known, and that its links have already.
        """
        read = False
        for asker, nsid in questions if self.netlink.strict else ():
            netns = Netns(0, nsid)
            if asker == self.home.netns and netns not in self.found:
                with suppress(OSError):
                    inside = read_links(self.netlink, nsid)
                    self.found[netns] = Namespace(netns, nsid=nsid, inside=inside)
                    read = True
        return read

    def owners(self) -> Mapping[int, Netns]:
        """Return the namespace behind each of our ids; we have one for ourselves, too.

        An id that two had in the course of one reading stands for neither.
        """
        ids = [(n.nsid, n.netns) for n in self.found.values() if n.nsid is not None]
        if self.own is not None:
            ids.append((self.own, self.home.netns))
        times = Counter(nsid for nsid, _ in ids)
        return {nsid: netns for nsid, netns in ids if times[nsid] == 1}

    def doubt(self) -> Inside:
        """Read links again whose ids may have come to mean another namespace.

        Those of pods that lead to us need not be: we do not end. Return what is
        inside our own namespace, with its doubts.

        Raises:
            OSError: the kernel refuses the dump of our own links.
        """
        for namespace, inside in self._numbered_by_us():
            if ids_of(inside.links) - {self.own}:
                after: tuple[RawLink, ...] = ()
                with suppress(OSError):
                    after = self._again(namespace)
                namespace.inside = replace(inside, unsure=unlike(inside.links, after))
        before = self.outside.links
        if not ids_of(before):
            return self.outside
        after = list_links(self.netlink, torn=True)
        return replace(self.outside, unsure=unlike(before, after))

    def doubt_told(self, changes: Changes) -> Inside:
        """Doubt the links of which the kernel told while they were read, instead.

        Of our own those that changed, or lead to where something did; of the others
        those whose ids were given or taken. The same is returned.
        """
        moved = changes.ids | changes.spaces
        for namespace, inside in self._numbered_by_us():
            unsure = frozenset(
                link.ifindex
                for link in inside.links
                if link.nsid is not None and link.nsid in moved
            )
            if unsure != inside.unsure:
                namespace.inside = replace(inside, unsure=unsure)
        unsure = frozenset(
            link.ifindex
            for link in self.outside.links
            if link.ifindex in changes.links or link.nsid in moved
        )
        return replace(self.outside, unsure=unsure) if unsure else self.outside

    def _again(self, namespace: Namespace) -> tuple[RawLink, ...]:
        """Return a namespace's links as they are now, none when its id is another's.

        Raises:
            OSError: it ended.
        """
        if not namespace.paths:
            return list_links(self.netlink, namespace.nsid)
        with entrance(namespace) as fd:
            same = self.netlink.nsid(fd) == namespace.nsid
            return list_links(self.netlink, namespace.nsid) if same else ()
