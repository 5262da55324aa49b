"""Entering another network namespace, in a thread that ends afterwards."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from ocnetview.collectors.entry import within


def test_what_is_no_network_namespace_is_not_entered() -> None:
    """The kernel's own error comes back, and no thread is left."""
    fd = os.open("/proc/self/ns/uts", os.O_RDONLY)
    try:
        with pytest.raises(OSError, match=r"Invalid argument|not permitted"):
            within(fd, os.getpid)
    finally:
        os.close(fd)
    assert not [t for t in threading.enumerate() if t.name == "ocnetview-setns"]


@pytest.mark.skipif(os.geteuid() != 0, reason="setns takes CAP_SYS_ADMIN")
def test_whatever_is_raised_inside_comes_back() -> None:
    """Nothing of it is left for the thread to print on the screen."""
    fd = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        with pytest.raises(ZeroDivisionError):
            within(fd, lambda: 1 // 0)
    finally:
        os.close(fd)


@pytest.mark.skipif(os.geteuid() != 0, reason="setns takes CAP_SYS_ADMIN")
def test_only_a_thread_of_its_own_enters() -> None:
    """What is done runs in another thread, and ours stays where it was."""
    own = Path("/proc/thread-self/ns/net")
    fd = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        where, thread = within(fd, lambda: (own.readlink(), threading.get_ident()))
    finally:
        os.close(fd)
    assert where == own.readlink()
    assert thread != threading.get_ident()
