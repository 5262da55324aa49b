"""A scrap of text as it is typed -> everything on the node that it may mean.

Names are found fuzzily, numbers and addresses by what they are: a PID is not found by
its middle. `who` answers with proof to a scrap that is whole; this is for looking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from ocnetview.match.findable import How, findable
from ocnetview.match.hits import Hit, Kind
from ocnetview.match.scraps import address_in, id_in, inode_in, number_in
from ocnetview.model import NodeModel

_MOST = 200
"""Rows that anybody would look through."""
_ID_DIGITS = 4
"""Fewer begin too many ids to mean one."""
_SCATTER = 3
"""A name is no hit where the letters are spread over so many times their number."""
_WHOLE, _START, _WORD, _INSIDE, _SPREAD = 100, 90, 80, 70, 60
"""How well a name holds a word: as all of it, as its start, ..., letter by letter."""


class Finder:
    """Everything on one node that can be found, by how it is found."""

    def __init__(self, model: NodeModel) -> None:
        """Look all of it up once; a search goes through the lists alone."""
        self._names: list[tuple[str, Hit]] = []
        self._beginnings: list[tuple[str, Hit]] = []
        self._wholes: dict[str, list[Hit]] = {}
        for how, key, hit in findable(model):
            if how is How.LETTERS:
                self._names.append((key, hit))
            elif how is How.BEGINNING:
                self._beginnings.append((key, hit))
            else:
                self._wholes.setdefault(key, []).append(hit)

    def search(self, text: str, most: int = _MOST) -> tuple[Hit, ...]:
        """Return what the text may mean, the likeliest first.

        A number means what has exactly it; an address, MAC or id what begins so; all
        else is looked for in names, each word of it with its letters in order.
        """
        scrap = text.strip().casefold()
        if not scrap:
            return ()
        found = dict.fromkeys(self._exact(scrap), _WHOLE + 1)
        begins = _beginning(scrap)
        for key, hit in self._beginnings if begins else ():
            if key.startswith(begins):
                found.setdefault(hit, _WHOLE if key == begins else _START)
        if number_in(scrap) is None:
            rank = _ranking(scrap.split())
            for key, hit in self._names:
                if (score := rank(key)) > found.get(hit, 0):
                    found[hit] = score
        order = sorted(found.items(), key=lambda one: (-one[1], len(one[0].text), one))
        return tuple(hit for hit, _ in order[:most])

    def _exact(self, scrap: str) -> list[Hit]:
        """Return what has exactly this; net:[N] is no pid."""
        inode = inode_in(scrap)
        if inode is None or str(inode) == scrap:
            return self._wholes.get(scrap, [])
        same = self._wholes.get(str(inode), [])
        return [hit for hit in same if hit.kind is Kind.INODE]


def _beginning(scrap: str) -> str:
    """Return how an address, MAC or id begins that is typed so; empty for none."""
    address = address_in(scrap)
    if address:
        return str(address)
    if set(scrap) <= set("0123456789.") and "." in scrap:
        return scrap
    if ":" in scrap and set(scrap) <= set("0123456789abcdef:"):
        return scrap
    prefix = id_in(scrap.replace("-", "")) and (id_in(scrap) or scrap)
    return prefix if len(prefix) >= _ID_DIGITS else ""


def _ranking(words: Iterable[str]) -> Callable[[str], int]:
    """Return what tells how well a text holds all words; 0 where it does not."""
    ways = [
        (word, re.compile(".*?".join(map(re.escape, word)), re.DOTALL))
        for word in words
    ]

    def rank(text: str) -> int:
        return min(_scores(ways, text), default=0)

    return rank


def _scores(ways: Iterable[tuple[str, re.Pattern[str]]], text: str) -> Iterator[int]:
    """Yield how well a text holds each word."""
    for word, letters in ways:
        at = text.find(word)
        if at == 0:
            yield _WHOLE if text == word else _START
        elif at > 0:
            yield _INSIDE if text[at - 1].isalnum() else _WORD
        elif found := letters.search(text):
            gaps = found.end() - found.start() - len(word)
            yield max(_SPREAD - gaps, 1) if gaps < _SCATTER * len(word) else 0
        else:
            yield 0
