"""What is told of two places in the end, as lines and as JSON."""

from __future__ import annotations

from packets import HERE, THERE, captured, ethernet, ipv4, udp

from ocnetview.facts.packets import CaptureEnd, CaptureOrder, Spot, Tally
from ocnetview.match.two_places.lost import SECOND, Compare
from ocnetview.match.two_places.sums import Comparison, LostFlow, Way
from ocnetview.report.kept_rows import KeptRows
from ocnetview.report.packets import capture_json, comparison_texts

US = 1_000
SPOTS = (Spot("vethA", owner="shop/web", owner_key="web"), Spot("vx"))


def comparison() -> Comparison:
    """Return what two places say of three datagrams, the last of which was lost."""
    compare = Compare(SPOTS, ((HERE,), ()))
    for number, after in enumerate((10, 500, 0)):
        frame = ethernet(ipv4(udp(b"x"), 17, ident=number + 1))
        compare.take([captured(frame, number * SECOND)])
        if after:
            compare.take([captured(frame, number * SECOND + after * US, 1)])
    compare.end(60 * SECOND)
    return compare.comparison


def test_times_and_losses_are_told_in_lines() -> None:
    """How long most took, the fastest and the slowest; and which flow lost packets."""
    there, back, lost = comparison_texts(comparison())
    assert there == "vethA → vx: 3 sent, 2 arrived in 10 µs (10 to 500), 1 lost"
    assert back == "vx → vethA: 0 sent, 0 arrived, 0 lost"
    assert lost.startswith(f"UDP {HERE}:")
    assert f" → {THERE}:" in lost
    assert lost.endswith(": 1 lost")


def test_only_the_worst_flows_are_lines() -> None:
    """Of many flows the first three are told; IPv6 with a port has brackets."""
    flows = tuple(LostFlow("TCP", "fd00::1", "fd00::2", n, 80, 9 - n) for n in range(5))
    other = LostFlow("", "10.0.0.1", "10.0.0.2", None, None, 1)
    ways = (Way("a → b"), Way("b → a"))
    *_, last = lines = list(comparison_texts(Comparison(ways, flows)))
    assert len(lines) == 5
    assert last == "TCP [fd00::1]:2 → [fd00::2]:80: 7 lost"
    *_, last = comparison_texts(Comparison(ways, (other,)))
    assert last == "10.0.0.1 → 10.0.0.2: 1 lost"


def test_times_and_losses_are_json() -> None:
    """Seconds, None where nothing arrived; and each flow that lost packets."""
    order, end = CaptureOrder(SPOTS), CaptureEnd("done")
    said = capture_json(order, end, (Tally(), Tally()), KeptRows(0), comparison())
    ways, lost = said["ways"], said["lost"]
    assert isinstance(ways, list)
    assert isinstance(lost, list)
    there, back = ways
    assert (there["fastest"], there["slowest"]) == (10e-6, 500e-6)
    assert 10e-6 <= there["median"] <= 500e-6
    assert (back["fastest"], back["median"], back["slowest"]) == (None, None, None)
    assert [(one["protocol"], one["source"], one["packets"]) for one in lost] == [
        ("UDP", HERE, 1)
    ]
