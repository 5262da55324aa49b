"""Processes whose network namespace may not be seen, by our id for it."""

from __future__ import annotations

import os

from ocnetview.collectors.namespaces import netns_of_pid
from ocnetview.collectors.netlink import Netlink


def test_the_kernel_answers_for_a_pid() -> None:
    """Our own namespace has no id for itself; a process that is not there is none."""
    with Netlink() as netlink:
        assert netlink.nsid_of(os.getpid()) == netlink.nsid_of(os.getppid())
    assert netns_of_pid("/proc", os.getpid()) == netns_of_pid("/proc", os.getppid())
    assert netns_of_pid("/proc", 2**22 + 1) is None
