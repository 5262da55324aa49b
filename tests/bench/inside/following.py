"""Run in the lab: what it costs to keep up with pods that come and go.

python following.py WISH. Beside `ip monitor` our link collector follows the same
births, once with all rights, and once with none, when it sees no names inside.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.inside.spending import cpu_of

HERE = Path(__file__).parent
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")


@contextmanager
def talking(*command: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program that is talked with, until the end of the block."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        yield process


def heard(process: subprocess.Popen[str]) -> Any:  # noqa: ANN401 - what it printed
    """Return the next thing that a program says."""
    assert process.stdout
    return json.loads(process.stdout.readline())


def ended(process: subprocess.Popen[str]) -> list[Any]:
    """End a program, and return all that it says till then."""
    said, _ = process.communicate()
    return [json.loads(line) for line in said.splitlines()]


def keep_up(wish: Mapping[str, Any], first: int, *before: str) -> dict[str, Any]:
    """Return what following takes us and `ip monitor`, and how many pods were missed.

    Args:
        wish: rate, births, and how many are alive at a time.
        first: the number of the first pod.
        before: what runs our collector, with fewer rights.
    """
    churn = {"rate": wish["rate"], "alive": wish["alive"], "names": 50_000}
    churn |= {"first": first, "word": "churn"}
    watcher = (*before, sys.executable, str(HERE / "watching.py"))
    monitor = subprocess.Popen(
        ("ip", "monitor", "link", "nsid"), stdout=subprocess.DEVNULL
    )
    with talking(*watcher) as ours:
        heard(ours)
        used = cpu_of(ours.pid), cpu_of(monitor.pid)
        script = str(HERE / "churner.py")
        with talking(sys.executable, script, json.dumps(churn)) as churner:
            births = [heard(churner) for _ in range(wish["births"])]
            births += ended(churner)[:-1]
        assert ours.stdin
        ours.stdin.write("settle\n")
        ours.stdin.flush()
        heard(ours)
        took = cpu_of(ours.pid) - used[0], cpu_of(monitor.pid) - used[1]
        (seen,) = ended(ours)
    monitor.kill()
    monitor.wait()
    key = "veth" if before else "address"
    # The others do not live their whole life, which the end cuts off.
    wanted = {birth[key] for birth in births[: wish["births"] - wish["alive"]]}
    lost = len(wanted - set(seen["ever"])) + len(wanted & set(seen["last"]))
    return {"ours": took[0], "peer": took[1], "lost": lost, "births": len(births)}


def main() -> None:
    """Follow in turns with and without names."""
    wish = json.loads(sys.argv[1])
    found: dict[str, list[dict[str, Any]]] = {"names": [], "links": []}
    for number in range(wish["rounds"]):
        first = 100_000 * (1 + 2 * number)
        found["names"].append(keep_up(wish, first))
        found["links"].append(keep_up(wish, first + 100_000, *NOBODY))
    print(json.dumps(found))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
