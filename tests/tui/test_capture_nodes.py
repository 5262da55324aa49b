"""Packets of pods on other nodes: their node's name, where the API tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import source
from packets import captured, ethernet, ipv4, udp
from tui.capturer import CART_IP, TellingCapturer, at
from tui.conftest import RememberingFeed
from tui.driving import press, until
from tui.taking import dump, run_of, start, taking, tell, view
from tui.tracing import TellingCluster

from ocnetview.errors import ProbeError
from ocnetview.facts import SourceState
from ocnetview.tui.app import OcnetviewApp

SIZE = (160, 40)
FAR = "10.130.0.7"
"""The address of a pod on the other node."""
AWAY = captured(ethernet(ipv4(udp(b"x", (41000, 53)), 17, CART_IP, FAR)), at(0))


@pytest.fixture
def cluster() -> TellingCluster:
    """Return what knows another node."""
    return TellingCluster()


def app_of(
    feed: RememberingFeed,
    capturer: TellingCapturer,
    cluster: TellingCluster,
    state: SourceState = SourceState.UP,
) -> OcnetviewApp:
    """Return an app on a node whose API is like this."""
    kube = source("kube", state)
    feed.model = replace(feed.model, sources=(*feed.model.sources, kube))
    return taking(feed, capturer, cluster=cluster)


async def test_what_is_on_another_node_says_so(
    feed: RememberingFeed, cluster: TellingCluster
) -> None:
    """The nodes are asked for once a capture; what is filtered is named too."""
    capturer = TellingCapturer()
    app = app_of(feed, capturer, cluster)
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, [AWAY])
        await until(pilot, lambda: f"{FAR}:53 on worker-2" in dump(app))
        assert cluster.asked == ["nodes"]
        await press(pilot, "slash", *"to:worker-2", "enter")
        assert list(view(app).table.rows.keys) == ["0"]


async def test_why_nodes_have_no_names_is_said(
    feed: RememberingFeed, cluster: TellingCluster
) -> None:
    """The packets come all the same, with addresses."""
    capturer = TellingCapturer()
    why = "needs list on nodes"
    cluster.failure = ProbeError("cluster", "list its nodes", "403", why)
    app = app_of(feed, capturer, cluster)
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, [AWAY])
        await until(pilot, lambda: "other nodes have no names: " in dump(app))
        assert why in dump(app)
        assert f"{FAR}:53" in dump(app)


async def test_an_api_that_is_down_is_not_asked(
    feed: RememberingFeed, cluster: TellingCluster
) -> None:
    """Where the API does not answer, nothing is said of names."""
    capturer = TellingCapturer()
    app = app_of(feed, capturer, cluster, SourceState.DOWN)
    async with app.run_test(size=SIZE) as pilot:
        await start(pilot)
        await tell(pilot, capturer, [AWAY])
        assert not cluster.asked
        assert not run_of(app).nameless
        assert f"{FAR}:53" in dump(app)
