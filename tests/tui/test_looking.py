"""What the feed is told to count: that which is on the screen."""

from __future__ import annotations

from dataclasses import replace

from tui.conftest import RememberingFeed
from tui.driving import SIZE, press
from tui.nodes import node, pod

from ocnetview.model import NodeModel, Pod
from ocnetview.tui.app import OcnetviewApp
from ocnetview.tui.selection import PaneId


def link_of(pod: Pod) -> int:
    """Return the link that a pod's counters are read from; 0 where it has none."""
    host = pod.main.host if pod.main else None
    return host.ifindex if host else 0


def links_of(model: NodeModel) -> set[int]:
    """Return the links whose counters the rows of all pods and ports show."""
    ports = {port.link.ifindex for port in model.bridges[0].ports if port.link}
    return (ports | set(map(link_of, model.pods))) - {0}


async def test_what_is_in_sight_is_counted(
    app: OcnetviewApp, feed: RememberingFeed
) -> None:
    """Of all rows here: they fit, or are no more than a page away."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        assert feed.counted[-1] == frozenset(links_of(app.model))


async def test_other_rows_are_counted_once_they_are_near() -> None:
    """Of many pods those at the cursor, be they reached by keys or by scrolling."""
    many = tuple(pod(n, "shop", f"p{n:03}", ("app",)) for n in range(4, 204))
    one, other = ({link_of(pod) for pod in some} for some in (many[:9], many[-9:]))
    feed = RememberingFeed(replace(node(), pods=many, bridges=()))
    app = OcnetviewApp(feed)
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        first = feed.counted[-1]
        assert first is not None
        assert one <= first
        assert len(first) < 100
        await press(pilot, "G")
        last = feed.counted[-1]
        assert last is not None
        assert other <= last
        assert first.isdisjoint(last)
        app.pane(PaneId.PODS).table.scroll_to(y=0, animate=False)
        await press(pilot)
        assert feed.counted[-1] == first


async def test_to_sort_by_what_moves_takes_all(
    app: OcnetviewApp, feed: RememberingFeed
) -> None:
    """A rate of a row far away may be the largest; then it is as before."""
    async with app.run_test(size=SIZE) as pilot:
        await press(pilot)
        before = feed.counted[-1]
        pane = app.pane(PaneId.PODS)
        live = next(column.key for column in pane.lens.columns if column.live)
        pane.order = pane.lens.first_order(live)
        app.follow()
        assert feed.counted[-1] is None
        pane.order = pane.lens.first_order("")
        app.follow()
        assert feed.counted[-1] == before
