"""Run inside the lab: print what engines inside containers tell, as JSON.

python nested_inside.py
python nested_inside.py pin PID PATH
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from dataclasses import asdict

from ocnetview.collectors.base import Stop
from ocnetview.collectors.nested import NestedCollector
from ocnetview.collectors.rooted import below
from ocnetview.config import load_settings
from ocnetview.facts import NestedFacts


def main(arguments: list[str]) -> None:
    """Print the first facts; or the inode of what a path in a root leads to."""
    if arguments:
        _, pid, path = arguments
        with below(f"/proc/{pid}/root", path) as fd:
            answer: object = os.fstat(fd).st_ino
    else:
        stop = Stop()
        watched = NestedCollector(load_settings({})).watch(stop)
        with closing(watched) as said:  # type: ignore[type-var]  # a generator
            answer = asdict(next(one for one in said if isinstance(one, NestedFacts)))
        stop.close()
    print(json.dumps(answer))  # noqa: T201 - the answer to the test


if __name__ == "__main__":
    main(sys.argv[1:])
