"""Measures all figures in one run, prints the table, and draws the picture.

`tests/bench/run` sets everything up for it; `--help` says what it takes.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from bench.effort import FULL, QUICK, Effort
from bench.growth import picture
from bench.machine import describe
from bench.measuring import measure_all, missing_tools
from bench.table import table
from node.lab import REPOSITORY, why_not

PICTURE = REPOSITORY / "screenshots" / "growth.svg"


def numbers(text: str) -> tuple[int, ...]:
    """Return a list of numbers written with commas."""
    return tuple(int(part) for part in text.split(",") if part)


def tell(what: str) -> None:
    """Say what is done now: a whole run takes a quarter of an hour."""
    print(f"tests/bench/run: {what}", file=sys.stderr)  # noqa: T201 - progress


def run(
    pods: Sequence[int], only: Collection[int], effort: Effort
) -> tuple[str, str, dict[str, Any]]:
    """Return the table with the machine, the picture, and all that was measured."""
    missing = missing_tools()
    found = measure_all(pods, only, effort, tell)
    lines = [table(found, only), "", describe()]
    if missing:
        lines.append(f"Not there, so left out: {', '.join(missing)}.")
    sizes = [node for key, node in found.items() if key.isdecimal()]
    return "\n".join(lines), picture(sizes), found


def main(arguments: Sequence[str]) -> None:
    """Run as the flags say."""
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    add = parser.add_argument
    add("--pods", type=numbers, help="how many, as 100,500,2000", metavar="LIST")
    add(
        "--only", type=numbers, help="these figures, as 1,4", default=(), metavar="LIST"
    )
    add("--quick", action="store_true", help="few pods and rounds: does it run?")
    add("--picture", type=Path, help="where it is drawn to", metavar="FILE")
    add("--save", type=Path, help="write every sample there", metavar="FILE")
    wish = parser.parse_args(arguments)
    reason = why_not()
    if reason:
        sys.exit(f"tests/bench/run: no node can be made on this machine: {reason}")
    effort = QUICK if wish.quick else FULL
    said, drawn, found = run(wish.pods or effort.pods, wish.only, effort)
    print(said)  # noqa: T201 - the table
    if wish.save:
        wish.save.write_text(json.dumps(found), "utf-8")
    where = wish.picture or (None if wish.quick or wish.only else PICTURE)
    if where:
        where.write_text(drawn, "utf-8")
        tell(f"the picture is in {where}")


if __name__ == "__main__":
    main(sys.argv[1:])
