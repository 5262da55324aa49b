"""Run in the lab: our link collector alone, and whom it saw.

It prints a line when it has read everything; one more, once all is quiet, after it
read a line; and at the end of its input all that it saw.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from contextlib import suppress

from heard import news

from ocnetview.collectors.base import Attention, Stop
from ocnetview.collectors.registry import make_collectors
from ocnetview.config import load_settings
from ocnetview.engine import FIRST_RETRY
from ocnetview.errors import CollectorError
from ocnetview.facts import LinkFacts, NamespaceLinks, SourceKind

QUIET = 3.0
"""Seconds after the last pod's end until nothing of it should be left."""


class Names:
    """The links' names, and the addresses inside; each namespace is looked at once."""

    def __init__(self) -> None:
        self._inside: dict[int, tuple[NamespaceLinks, set[str]]] = {}

    def of(self, facts: LinkFacts) -> set[str]:
        """Return those of a reading: what did not change is the same object."""
        before, self._inside = self._inside, {}
        for one in facts.namespaces:
            known = before.get(id(one)) or (one, _addresses(one))
            self._inside[id(one)] = known
        links = {link.name for link in facts.links}
        return links.union(*(inside for _, inside in self._inside.values()))


def _addresses(inside: NamespaceLinks) -> set[str]:
    """Return the addresses in a namespace, without prefix length."""
    links = inside.links or ()
    return {str(a).partition("/")[0] for link in links for a in link.addresses}


def main() -> None:
    """Watch until the input ends."""
    settings = load_settings({})
    kinds = frozenset({SourceKind.LINKS})
    (collector,) = make_collectors(settings, Attention(), kinds)
    stop = Stop()
    names = Names()
    ever: set[str] = set()
    last: set[str] = set()
    first = threading.Event()

    def follow() -> None:
        nonlocal last
        while not stop:
            # As the engine does it with a source that failed.
            with suppress(CollectorError):
                for facts in news(collector.watch(stop)):
                    assert isinstance(facts, LinkFacts)
                    last = names.of(facts)
                    ever.update(last)
                    first.set()
            stop.wait(FIRST_RETRY)

    thread = threading.Thread(target=follow)
    thread.start()
    first.wait()
    print("true", flush=True)  # noqa: T201 - the answer
    sys.stdin.readline()
    time.sleep(QUIET)
    print("true", flush=True)  # noqa: T201 - the answer
    sys.stdin.read()
    stop.set()
    thread.join()
    print(json.dumps({"ever": [*ever], "last": [*last]}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
