"""Processes whose network namespace may not be seen, by our id for it."""

from __future__ import annotations

import os

from ocnetview.collectors.namespaces import Namespace, netns_of_pid
from ocnetview.collectors.netlink import Netlink
from ocnetview.collectors.unseen import add_unseen
from ocnetview.facts import Netns

PIN = Netns(4, 4026532000)


class Kernel:
    """Ids by pid, as a kernel gives them."""

    def __init__(self, **ids: int | None) -> None:
        self.ids = {int(name.removeprefix("p")): nsid for name, nsid in ids.items()}

    def nsid_of(self, pid: int) -> int | None:
        """Return the id."""
        if pid not in self.ids:
            raise ProcessLookupError(pid)
        return self.ids[pid]


def test_each_process_is_put_where_its_id_leads() -> None:
    """To a namespace that a pin has shown, else to one known by the id alone."""
    found = {PIN: Namespace(PIN, pins=["/run/netns/a"], nsid=3)}
    kernel = Kernel(p10=3, p11=5, p12=5, p13=None, p14=9)
    host = Netns(4, 1)
    owners = add_unseen(kernel, {10, 11, 12, 13, 14, 99}, {3: PIN, 9: host}, found)
    assert owners == {3: PIN, 9: host, 5: Netns(0, 5)}
    assert {str(netns): one.pids for netns, one in found.items()} == {
        "net:[4026532000]": (10,),
        "the namespace with nsid 5": (11, 12),
    }
    assert found[Netns(0, 5)].nsid == 5
    assert "/proc/11/ns/net cannot be read (needs CAP_SYS_PTRACE)" in str(
        found[Netns(0, 5)].reason
    )


def test_the_kernel_answers_for_a_pid() -> None:
    """Our own namespace has no id for itself; a process that is not there is none."""
    with Netlink() as netlink:
        assert netlink.nsid_of(os.getpid()) == netlink.nsid_of(os.getppid())
    assert netns_of_pid("/proc", os.getpid()) == netns_of_pid("/proc", os.getppid())
    assert netns_of_pid("/proc", 2**22 + 1) is None
