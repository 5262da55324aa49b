"""Run in the lab: what programs take that only watch a quiet node.

python idling.py WISH. It prints, for each, the parts of one core that it took in each
span of time, and the memory that it has at the end.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.inside.spending import cpu_of
from bench.inside.starting import BARE, Panes
from bench.inside.terminal import Terminal, look_on

LONGEST = 60.0
"""Seconds that a program may take to show everything."""
TABS = 12
"""Of the detail, at least; after the last comes the first."""
_RSS = re.compile(r"^Rss: +(\d+) kB$", re.MULTILINE)
BTOP = """
update_ms = 1000
show_init = False
"""


def memory_of(pid: int) -> float:
    """Return the resident memory of a process in MB, shared parts too."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    found = _RSS.search(text)
    assert found, text
    return int(found.group(1)) / 1024


def shares(
    pids: Mapping[str, int], screens: Sequence[Terminal], spans: int, seconds: float
) -> dict[str, list[float]]:
    """Return the percent of one core that each took in each span."""
    found: dict[str, list[float]] = {name: [] for name in pids}
    for _ in range(spans):
        began, used = time.monotonic(), {n: cpu_of(pid) for n, pid in pids.items()}
        look_on(screens, seconds)
        took = time.monotonic() - began
        for name, pid in pids.items():
            found[name].append(100 * (cpu_of(pid) - used[name]) / took)
    return found


def settle(pid: int, screens: Sequence[Terminal], least: float) -> None:
    """Wait this long, and on until what it does at the start is over."""
    look_on(screens, least)
    for _ in range(10):
        used = cpu_of(pid)
        look_on(screens, 2)
        if cpu_of(pid) - used < 1:
            return


def open_every_tab(screen: Terminal, screens: Sequence[Terminal]) -> None:
    """Open all tabs of the detail, one after the other, and close it again."""
    # The first escape says that the first lines were read.
    for keys in ("\x1b", "d", *["\t"] * TABS, "\x1b", "\x1b"):
        screen.press(keys)
        look_on(screens, 1)


def watch_engine(wish: Mapping[str, object]) -> dict[str, object]:
    """Return what the collectors and the join take without a screen."""
    script = Path(__file__).with_name("collecting.py")
    command = [sys.executable, str(script), json.dumps(wish["tree"])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as engine:
        assert engine.stdin
        assert engine.stdout
        engine.stdout.readline()
        settle(engine.pid, [], float(str(wish["settle"])))
        spans, seconds = int(str(wish["spans"])), float(str(wish["seconds"]))
        took = shares({"collectors": engine.pid}, [], spans, seconds)
        memory = {"collectors": memory_of(engine.pid)}
        engine.stdin.close()
    return {"cpu": took, "memory": memory}


def watch_screens(wish: Mapping[str, object]) -> dict[str, object]:
    """Return what the screen and its peers take, all at once.

    Of the screen every tab was opened once, so that nothing of it is left out.
    """
    btop = Path.home() / ".config/btop/btop.conf"
    btop.parent.mkdir(parents=True, exist_ok=True)
    btop.write_text(BTOP, "ascii")
    commands = {
        "screen": ("ocnetview",),
        "bare": BARE,
        "htop": ("htop", "-d", "10"),
        "btop": ("btop", "--utf-force"),
    }
    missing = wish["missing"]
    assert isinstance(missing, list)
    screens = {
        name: Terminal(*command)
        for name, command in commands.items()
        if name not in missing
    }
    everything = list(screens.values())
    screens["screen"].wait_for(Panes(), LONGEST)
    open_every_tab(screens["screen"], everything)
    settle(screens["screen"].pid, everything, float(str(wish["settle"])))
    pids = {name: screen.pid for name, screen in screens.items()}
    spans, seconds = int(str(wish["spans"])), float(str(wish["seconds"]))
    took = shares(pids, everything, spans, seconds)
    memory = {name: memory_of(pid) for name, pid in pids.items()}
    for screen in everything:
        screen.close()
    return {"cpu": took, "memory": memory}


def main() -> None:
    """Watch what is wished, and print what it took."""
    wish = json.loads(sys.argv[1])
    watch = {"engine": watch_engine, "screens": watch_screens}[wish["what"]]
    print(json.dumps(watch(wish)))  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
