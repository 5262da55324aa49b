"""A recorded node in place of a live one."""

from __future__ import annotations

import threading

from builders import docker, link, link_facts

from ocnetview.facts import Counters, Sample
from ocnetview.model import NodeModel
from ocnetview.replay import Replay


def test_a_replay_goes_round_with_rates() -> None:
    """Models follow each other with rates between them, again from the start."""
    samples = [
        Sample(
            float(n),
            {
                "rtnetlink": link_facts(
                    [link(3, "br0", kind="bridge"), link(5, "v5", master=3)],
                    counters={5: Counters(0, 0, 100 * n, 0, 0, 0, 0, 0)},
                    at=float(n),
                ),
                "docker": docker(),
            },
        )
        for n in range(1, 4)
    ]
    seen: list[NodeModel] = []
    enough = threading.Event()

    def publish(model: NodeModel) -> None:
        seen.append(model)
        if len(seen) == 4:
            enough.set()

    replay = Replay(samples, 0.001)
    replay.start(publish)
    assert enough.wait(10)
    replay.stop()
    assert [model.at for model in seen[:4]] == [2.0, 3.0, 2.0, 3.0]
    rates = [model.ports_by_key["br0/v5"].rate for model in seen[:4]]
    assert [rate and rate.rx_bytes for rate in rates] == [100.0] * 4


def test_one_sample_is_a_still_picture() -> None:
    """A recording of one sample is shown, without rates."""
    shown = threading.Event()
    replay = Replay([Sample(1.0, {"docker": docker()})], 0.001)
    replay.start(lambda _: shown.set())
    assert shown.wait(10)
    replay.stop()
