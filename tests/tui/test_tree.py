"""The tree of processes by its keys: folds, search, threads, and how far it reaches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from textual.pilot import Pilot
from tui.clicking import click_key
from tui.conftest import RememberingFeed
from tui.driving import CART, CHECKOUT, SIZE, active, cursor, linked, press, text, title
from tui.trees import crowded, threaded

from ocnetview.collectors.base import Focus
from ocnetview.model import Below, NodeModel, TreeProcess
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId

Show = Callable[[Pilot[None], NodeModel], Awaitable[None]]


def lines(app: OcnetviewApp) -> list[str]:
    """Return the commands in sight, with the lines that lead to them."""
    table = app.pane(PaneId.PROCESSES).table
    return [row.cells()[-1] for row in table.rows]


def tones(app: OcnetviewApp) -> list[str]:
    """Return how each row stands out, and its sign."""
    rows = app.pane(PaneId.PROCESSES).table.rows
    return [f"{row.sign}{row.tone}" for row in rows]


def key(model: NodeModel, pid: int) -> str:
    """Return what tells the process with this pid."""
    return next(row.key for row in model.processes if row.process.pid == pid)


def sums(app: OcnetviewApp) -> tuple[float, int]:
    """Return CPU and memory of the first four processes of the pod, summed."""
    rows = [row for row in app.model.processes if row.pod == app.scope.pod][:4]
    return sum(row.cpu or 0.0 for row in rows), sum(row.process.rss for row in rows)


async def test_space_folds_and_unfolds(app: OcnetviewApp) -> None:
    """What is below goes, a sign says how many; CPU and memory are the sums."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4, "3", "g")
        whole = lines(app)
        await press(pilot, "space")
        assert lines(app) == ["▸ +3 /usr/bin/cart --config /etc/conf", "bash"]
        row = app.here.table.rows[0].subject
        assert isinstance(row, TreeProcess)
        assert row.below == Below(3, *sums(app))
        await press(pilot, "space")
        assert lines(app) == whole


async def test_left_and_right_are_those_of_a_file_tree(app: OcnetviewApp) -> None:
    """Left folds, then goes up; right unfolds, then goes down."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4, "3", "g", "j", "j")
        at: list[str] = []
        for one in ("left", "left", "left", "left", "right", "right", "right", "right"):
            await press(pilot, one)
            at.append(f"{cursor(app, 'processes').split('@')[0]} {len(lines(app))}")
        assert at[:4] == ["4171 5", "4171 4", "4170 4", "4170 2"]
        assert at[4:] == ["4170 4", "4171 4", "4171 5", "4172 5"]


async def test_z_folds_all_and_unfolds_all(app: OcnetviewApp) -> None:
    """Only the roots stay; again, and all is there."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 5, "3", "z")
        assert [line.split(" ")[0] for line in lines(app)] == ["▸", "bash", "▸", "bash"]
        await press(pilot, "z")
        assert len(lines(app)) == 10


async def test_z_keeps_the_cursor_in_its_branch(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """It goes up to what its row is folded into, and the pod stays the same."""
    async with app.run_test(size=(120, 60)) as pilot:
        await press(pilot, "3", "w")
        await show(pilot, crowded(node))
        app.go(PaneId.PROCESSES, key(node, 4211))
        await press(pilot, "z")
        row = app.here.table.rows[app.here.table.place]
        assert row.cells()[-1] == "▸ shop/checkout-66f4b-mm8zt · 10 processes"
        assert linked(app, "pods") == frozenset({CHECKOUT})


async def test_folds_stay_with_the_process(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """A refresh, another pod and back change nothing; a new process is not folded."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4, "3", "g", "space")
        rows = tuple(replace(row, cpu=1.0) for row in node.processes)
        await show(pilot, replace(node, processes=rows))
        assert len(lines(app)) == 2
        await press(pilot, "2", "j", "k")
        assert len(lines(app)) == 2
        again = tuple(
            replace(row, process=replace(row.process, start_time=row.process.pid * 8))
            for row in node.processes
        )
        await show(pilot, replace(node, processes=again))
        living = [line for line in lines(app) if not line.startswith("▸")]
        assert len(living) >= 5


async def test_a_search_keeps_the_way_to_its_hits(app: OcnetviewApp) -> None:
    """What a hit is below of stays, dimmed, though folded; only hits are counted."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4, "3", "g", "space", "slash", *"evil", "enter")
        assert [line[:8] for line in lines(app)] == ["/usr/bin", "└─cart w", "  └─sh -"]
        assert tones(app) == [" muted", " muted", " plain"]
        assert "· 1 of 5 · filter: evil" in title(app, "processes")
        await press(pilot, "escape")
        assert len(lines(app)) == 2


async def test_a_search_finds_branches(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """With all that is below, for its name is theirs; only processes are counted."""
    async with app.run_test(size=(120, 60)) as pilot:
        await press(pilot, "3", "w")
        await show(pilot, crowded(node))
        await press(pilot, "slash", *"itself", "enter")
        assert lines(app)[0] == "▾ the node itself · 3 processes"
        assert len(lines(app)) == 4
        assert "· 3 of 78 · filter: itself" in title(app, "processes")
        await press(pilot, "escape", "slash", *"kubelet", "enter")
        assert tones(app) == [" muted", " muted", "◔accent"]
        assert "· 1 of 78 · filter: kubelet" in title(app, "processes")


async def test_threads_are_read_and_shown_on_demand(
    app: OcnetviewApp, node: NodeModel, feed: RememberingFeed, show: Show
) -> None:
    """Only then, only of the pod; with their names in braces, below their process."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4, "3", "g")
        pod = node.pods_by_key[CART]
        before = feed.focuses[-1]
        await press(pilot, "t")
        assert feed.focuses[-1] == before.and_threads(m.id for m in pod.members)
        assert len(lines(app)) == 5
        await show(pilot, threaded(node))
        assert [line for line in lines(app) if "{" in line] == [
            "├─{cart}",
            "├─{cart-io}",
            "├─{cart-gc}",
        ]
        assert "· 5" in title(app, "processes")
        await press(pilot, "t")
        assert feed.focuses[-1] == before
        assert len(lines(app)) == 5


async def test_w_widens_from_the_container_to_the_node(
    app: OcnetviewApp, feed: RememberingFeed, node: NodeModel
) -> None:
    """Container, pod, node, and back into the container of the row."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 5, "enter", "enter")
        assert "mm8zt / checkout · 5" in title(app, "processes")
        await press(pilot, "w")
        assert "(all 2 containers)" in title(app, "processes")
        assert not feed.focuses[-1].everything
        await press(pilot, "w")
        everyone = Focus.on_all(m for pod in node.pods for m in pod.members)
        assert feed.focuses[-1] == everyone
        assert (
            title(app, "processes") == f"Processes of the node · {len(node.processes)}"
        )
        await press(pilot, "w")
        assert "mm8zt / checkout · 5" in title(app, "processes")
        assert not feed.focuses[-1].everything


async def test_the_nodes_tree_has_branches(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """Pods, their containers, and last the node itself, each with how many it has."""
    async with app.run_test(size=(120, 60)) as pilot:
        await press(pilot, "3", "w")
        await show(pilot, crowded(node))
        await press(pilot, "z")
        assert len(lines(app)) == len(node.pods) + 1
        assert "▸ shop/checkout-66f4b-mm8zt · 10 processes" in lines(app)
        assert lines(app)[-1] == "▸ the node itself · 3 processes"
        await press(pilot, "G", "right")
        assert lines(app)[-1] == "└─▸ +2 /sbin/init"


async def test_the_panes_follow_the_row_of_the_nodes_tree(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """A process's pod is lit, a branch's too; the node itself has none."""
    async with app.run_test(size=(120, 60)) as pilot:
        await press(pilot, "3", "w")
        await show(pilot, crowded(node))
        app.go(PaneId.PROCESSES, key(node, 4211))
        await pilot.pause()
        assert linked(app, "pods") == frozenset({CHECKOUT})
        await press(pilot, "z")
        pods = []
        for _ in range(3):
            pods.append(linked(app, "pods"))
            await press(pilot, "k")
        assert all(len(one) == 1 for one in pods)
        await press(pilot, "G")
        assert linked(app, "pods") == frozenset()


async def test_enter_on_the_nodes_tree_opens_the_pod(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """From a process into its container's tree; escape leaves the node's."""
    async with app.run_test(size=(120, 60)) as pilot:
        await press(pilot, "3", "w")
        app.go(PaneId.PROCESSES, key(node, 4221))
        await press(pilot, "enter")
        assert "mm8zt / envoy · 5" in title(app, "processes")
        assert cursor(app, "processes") == key(node, 4221)
        await press(pilot, "escape", "w")
        await show(pilot, crowded(node))
        await press(pilot, "G")
        assert not app.check_action("do", ("open",))
        await press(pilot, "escape")
        assert "Processes of shop/checkout" in title(app, "processes")
        assert active(app) == "processes"


async def test_what_came_and_went_unseen_is_shown_faded(
    app: OcnetviewApp, node: NodeModel, show: Show
) -> None:
    """Below its parent, with how it ended; it is not counted."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot, *["j"] * 4, "3", "g")
        worker = next(row for row in node.processes if row.process.pid == 4172)
        brief = replace(
            worker.process, pid=9000, ppid=4171, start_time=90000, state="X", command=()
        )
        gone = replace(worker, process=brief, note="ran 0.02 s, exit status 3")
        await show(pilot, replace(node, departed=(gone,)))
        shown = next(
            line for line in text(app, "processes").splitlines() if "9000" in line
        )
        assert shown.strip().startswith("†")
        assert "[sh] ran 0.02 s, exit status 3" in shown
        assert "· 5" in title(app, "processes")
        place = next(n for n, line in enumerate(lines(app)) if "exit status" in line)
        assert lines(app)[place].startswith("│ └─")


async def test_the_mouse_folds_and_widens(app: OcnetviewApp) -> None:
    """A click on a row, then one on the footer: nothing needs a key."""
    async with app.run_test(size=(160, 40)) as pilot:
        await press(pilot, *["j"] * 4)
        table = app.pane(PaneId.PROCESSES).table
        await pilot.click(table, offset=(20, 1))
        await pilot.pause()
        for name, title_ in (("Fold", "shop/cart"), ("Whole node", "of the node")):
            await click_key(pilot, name)
            assert title_ in title(app, "processes")
        assert cursor(app, "processes") in app.here.folds
