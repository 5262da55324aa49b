"""The line that the screen copies for a capture, in a shell of the lab."""

from __future__ import annotations

from node.capturing import hearing, send
from node.wiring import Node, Started

from ocnetview.details.recipes.capture import capture_recipes
from ocnetview.facts import Netns
from ocnetview.facts.packets import CaptureOrder, Spot
from ocnetview.model import NodeModel

NUMBER = 8


def test_the_line_captures_what_the_screen_does(
    node: Node, ends: tuple[Started, Started]
) -> None:
    """Inside the pod, by both filters, as many packets as were wanted: then it ends."""
    lab, (first, second) = node.lab, ends
    own = f"host {second.box.ip}"
    spot = Spot("eth0", Netns(0, 1), first.pid, owner="shop/web-0", filter=own)
    order = CaptureOrder((spot,), "udp and not dst port 7001", count=NUMBER)
    (line,) = capture_recipes(NodeModel(), order)
    with (
        hearing(lab, second.pid, second.box.ip, NUMBER),
        lab.start("bash", "-c", f"{line.command} 2>&1") as capture,
    ):
        assert capture.stdout
        said = iter(capture.stdout.readline, "")
        begun = next(text for text in said if "listening on" in text)
        send(lab, first.pid, second.box.ip, 2 * NUMBER)
        packets = [text for text in said if " > " in text]
        capture.communicate()
    assert "listening on eth0" in begun
    assert "snapshot length 256 bytes" in begun
    assert [text.split(" > ")[1].split(":")[0].split(".")[-1] for text in packets] == [
        *("7000", "7002", "7003", "7000"),
        *("7002", "7003", "7000", "7002"),
    ]
    assert all(second.box.ip in text for text in packets)
    assert capture.returncode == 0
