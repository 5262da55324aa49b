"""The figures to reach, as data: what is set against what, and how it must come out."""

from __future__ import annotations

from bench.bounds import (
    DOCKER,
    LARGE,
    MEGABYTES,
    MIDDLE,
    MILLISECONDS,
    PERCENT,
    PODS,
    Amount,
    Bound,
    Figure,
    at_least,
)


def _race(name: str, what: str = "cpu") -> Amount:
    return Amount(("race", name, what), MILLISECONDS)


def _crowd(name: str) -> Amount:
    return Amount(("crowd", name, "cpu"), MILLISECONDS)


def _share(name: str) -> Amount:
    group = "engine" if name == "collectors" else "screens"
    return Amount((group, "cpu", name), PERCENT)


def _memory(name: str) -> Amount:
    return Amount(("screens", "memory", name), MEGABYTES)


def _latency(name: str, of: str) -> Amount:
    return Amount(("latency", name), MILLISECONDS, of)


def _start(name: str) -> Amount:
    return Amount(("starting", name), MILLISECONDS)


def _follow(how: str, who: str) -> Amount:
    unit = PODS if who == "lost" else MILLISECONDS
    return Amount(("following", how, who), unit)


_PODS = _race("pods", "wall")
_TREE, _PSTREE, _PSUTIL = (
    Amount(("crowd", name, "cpu"), MILLISECONDS)
    for name in ("tree", "pstree", "psutil")
)
FIGURES = (
    Figure(
        1,
        "full map in process, CPU, to `ip -d -j link`",
        MIDDLE,
        _race("map"),
        _race("ip -d"),
        Bound(4, 3),
    ),
    Figure(
        2,
        "`pods --json` with Docker, wall, to `ip -d -j link`",
        DOCKER,
        _PODS,
        _race("ip -d", "wall"),
        Bound(25, 12),
    ),
    Figure(
        2,
        "the recipe by hand, wall, to it",
        DOCKER,
        _PODS,
        _race("by hand", "wall"),
        at_least(150, 300),
    ),
    Figure(
        2,
        "plotnetcfg, wall, to it",
        DOCKER,
        _PODS,
        _race("plotnetcfg", "wall"),
        at_least(4, 8),
    ),
    Figure(
        3,
        "`pods --json`, wall, to `ip -d -j link`",
        LARGE,
        _PODS,
        _race("ip -d", "wall"),
        Bound(12, 8),
    ),
    Figure(
        3,
        "plotnetcfg, wall, to it",
        LARGE,
        _PODS,
        _race("plotnetcfg", "wall"),
        at_least(30, 50),
    ),
    Figure(
        3,
        "`lsns -t net`, wall, to it",
        LARGE,
        _PODS,
        _race("lsns", "wall"),
        at_least(1),
    ),
    *(
        Figure(
            4,
            "`ip -s -j link`, CPU, to a counter tick",
            size,
            _race("tick"),
            _race("ip -s"),
            at_least(10, 16),
        )
        for size in (MIDDLE, LARGE)
    ),
    Figure(
        5,
        "`pstree -p`, CPU, to a refresh of 50 processes",
        MIDDLE,
        _TREE,
        _crowd("pstree"),
        at_least(300),
    ),
    Figure(
        5,
        "psutil's children(), CPU, to it",
        MIDDLE,
        _TREE,
        _crowd("psutil"),
        at_least(80),
    ),
    *(
        Figure(
            6,
            "collectors idle at 1 Hz, of one core",
            size,
            _share("collectors"),
            None,
            Bound(most, 0.25, PERCENT),
        )
        for size, most in ((MIDDLE, 0.5), (LARGE, 1))
    ),
    *(
        Figure(
            7,
            "the screen idle at 1 Hz, of one core",
            size,
            _share("screen"),
            None,
            Bound(most, unit=PERCENT),
        )
        for size, most in ((MIDDLE, 2.5), (LARGE, 3.5))
    ),
    *(
        Figure(
            7,
            f"the screen idle, to {peer} beside it",
            size,
            _share("screen"),
            _share(peer),
            Bound(1),
        )
        for size in (MIDDLE, LARGE)
        for peer in ("htop", "btop")
    ),
    *(
        Figure(
            8,
            f"keeping up {how} names, CPU, to `ip monitor link nsid`",
            MIDDLE,
            _follow(key, "ours"),
            _follow(key, "peer"),
            Bound(most),
            _follow(key, "lost"),
        )
        for key, how, most in (("names", "with", 5), ("links", "without", 1.5))
    ),
    *(
        Figure(
            8,
            f"pods missed or left over, {how} names",
            MIDDLE,
            _follow(key, "lost"),
            None,
            Bound(0, unit=PODS),
        )
        for key, how in (("names", "with"), ("links", "without"))
    ),
    *(
        Figure(
            9,
            "OVSDB first sync, CPU, to `ovs-vsctl list Interface`",
            size,
            _race("ovsdb"),
            _race("ovs-vsctl"),
            Bound(1, 0.4),
        )
        for size in (MIDDLE, LARGE)
    ),
    *(
        Figure(
            10,
            f"from the kernel to the row, p95, {how}",
            MIDDLE,
            _latency(f"row, {key}", "p95"),
            None,
            Bound(most, unit=MILLISECONDS),
        )
        for key, how, most in (("quiet", "quiet", 150), ("churn", "under churn", 300))
    ),
    Figure(
        11,
        "from key to paint, p99, under churn, to the quiet node's",
        MIDDLE,
        _latency("key, churn", "p99"),
        _latency("key, quiet", "p99"),
        Bound(2),
    ),
    Figure(
        12,
        "first paint, to a bare app's",
        MIDDLE,
        _start("first"),
        _start("bare"),
        Bound(1.5),
    ),
    Figure(
        12,
        "rows in all panes, to a bare app's first paint",
        MIDDLE,
        _start("filled"),
        _start("bare"),
        Bound(3),
    ),
    *(
        Figure(
            13,
            "resident memory above a bare app's",
            size,
            _memory("screen"),
            _memory("bare"),
            Bound(most, unit=MEGABYTES),
        )
        for size, most in ((MIDDLE, 50), (LARGE, 100))
    ),
)
"""All lines of the table."""
