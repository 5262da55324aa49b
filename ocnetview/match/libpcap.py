"""What libpcap makes of the name of a link."""

from __future__ import annotations

import re

_NO_LINKS = re.compile(
    r"any|(usbmon|bluetooth|nflog|nfqueue|dag|septel|snf|can|vale)\d*"
    r"|bluetooth-monitor|(nflog|nfqueue|netmap|dpdk|dbus-|vale).*"
)
"""Names that libpcap takes for something else than a link."""


def is_link(ifname: str) -> bool:
    """Claim that libpcap opens the link of this name, and nothing else."""
    return _NO_LINKS.fullmatch(ifname) is None
