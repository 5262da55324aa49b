"""Run by name around the lab: what the links of its node are, read from this place."""

from __future__ import annotations

import json
from dataclasses import asdict

from ocnetview.config import load_settings
from ocnetview.facts import SourceKind
from ocnetview.node import live_node
from ocnetview.record import to_json


def main() -> None:
    """Print the one source's health and facts."""
    sample = live_node(load_settings({})).read(frozenset({SourceKind.LINKS}))
    facts = list(json.loads(to_json(sample))["facts"].values())
    (source,) = sample.sources
    print(json.dumps({"source": asdict(source), "facts": facts}))  # noqa: T201 - the answer to the test


if __name__ == "__main__":
    main()
