"""What tcpdump reads in recorded packets, and what we read in them."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from packets import recorded

from ocnetview.match.packets.headers import decode
from ocnetview.match.packets.written import end

TCPDUMP = shutil.which("tcpdump")
RECORDED = Path(__file__).parents[2] / "recordings/packets"
_SEGMENT = re.compile(
    r"IP6? (\S+) > (\S+): (Flags \[\S+\](?:, seq [\d:]+)?(?:, ack \d+)?, win \d+)"
    r"(?:.*, length (\d+)(?:: HTTP)?$)?"
)


@pytest.mark.skipif(not TCPDUMP, reason="no tcpdump here")
@pytest.mark.parametrize("name", ["veth", "vxlan", "underlay"])
def test_segments_are_read_as_tcpdump_reads_them(name: str) -> None:
    """Ends, flags, numbers, window and length of every recorded segment."""
    done = subprocess.run(
        [str(TCPDUMP), "-nn", "-S", "-t", "-r", "-"],
        input=gzip.decompress((RECORDED / f"{name}.pcap.gz").read_bytes()),
        capture_output=True,
        check=True,
    )
    theirs = [
        (_dotted(found[1]), _dotted(found[2]), found[3], found[4])
        for found in map(_SEGMENT.match, done.stdout.decode().splitlines())
        if found
    ]
    headers = [decode(packet).layers[-1] for packet in recorded(name)]
    ours = [
        (
            end(h.source, h.source_port),
            end(h.target, h.target_port),
            re.sub(r", (mss|len) .*", "", h.info),
            # The options leave tcpdump no room for the length in what was kept.
            None if name == "underlay" else h.info.rpartition(" len ")[2],
        )
        for h in headers
        if h.protocol == "TCP"
    ]
    assert len(ours) > 800
    assert ours == theirs


def _dotted(text: str) -> str:
    """Return one end as we write it: tcpdump puts a dot before the port."""
    address, _, port = text.rpartition(".")
    return f"{address}:{port}"
