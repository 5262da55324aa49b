"""How a bridge is asked: in which version, and by which socket."""

from __future__ import annotations

import sys

import pytest

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.errors import ProbeError
from ocnetview.model import Bridge, BridgeKind
from ocnetview.probes.errand import StoppedError
from ocnetview.probes.ofctl import Ofctl, protocols_of, rundir_of
from ocnetview.probes.spoken import spoken


@pytest.mark.parametrize(
    ("protocols", "asked"),
    [
        (("OpenFlow13",), ("OpenFlow13",)),
        (("OpenFlow10", "OpenFlow13", "OpenFlow15"), ("OpenFlow13",)),
        (("OpenFlow10",), ("OpenFlow10",)),
        (("OpenFlow14", "OpenFlow15"), ("OpenFlow14", "OpenFlow15")),
        ((), ("OpenFlow10", "OpenFlow13")),
    ],
)
def test_the_version_is_one_of_the_bridge_s(
    protocols: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    """1.3 where it is spoken; without a word of the bridge what OVS has by itself."""
    bridge = Bridge("br0", BridgeKind.OVS, protocols=protocols)
    assert protocols_of(bridge) == asked


@pytest.mark.parametrize(
    ("remote", "root", "folder"),
    [
        ("unix:/run/openvswitch/db.sock", "", "/run/openvswitch"),
        ("unix:/host/run/openvswitch/db.sock", "/host", "/host/run/openvswitch"),
        ("unix:/opt/ovs/run/db.sock", "", "/opt/ovs/run"),
        ("tcp:127.0.0.1:6640", "", "/run/openvswitch"),
        ("tcp:127.0.0.1:6640", "/host", "/host/run/openvswitch"),
    ],
)
def test_the_sockets_are_where_the_database_has_its_own(
    remote: str, root: str, folder: str
) -> None:
    """Of a remote database nothing is known but where OVS usually has them."""
    settings = Settings(ovsdb=remote, host_root=root)
    assert rundir_of(settings) == folder
    ofctl = Ofctl(settings, Bridge("br0", BridgeKind.OVS), Stop())
    assert ofctl._socket(inside=False) == f"{folder}/br0.mgmt"
    assert ofctl._socket(inside=True) == f"{folder.removeprefix(root)}/br0.mgmt"


def test_a_bridges_name_leads_to_no_other_folder() -> None:
    """A name with a slash, which the switch opens no bridge for, is refused."""
    ofctl = Ofctl(Settings(), Bridge("../x", BridgeKind.OVS), Stop())
    with pytest.raises(ProbeError, match="its name would lead to a socket elsewhere"):
        ofctl.run("dump-flows", "table=0")


def test_what_a_tool_says_is_kept_apart_from_what_it_complains_of() -> None:
    """Neither is lost when there is much of both, nor when it is no text."""
    line = "import os; os.write(2, b'w'*70000 + b'\\nlast\\n'); os.write(1, b'\\xff'*9)"
    said = spoken((sys.executable, "-c", f"{line}; exit(3)"), Stop(), 20)
    assert (said.code, said.out) == (3, "\\xff" * 9)
    assert (said.errors[:3], said.last) == ("www", "last")


def test_one_that_says_nothing_has_its_status_told() -> None:
    """There is always a reason to show."""
    said = spoken((sys.executable, "-c", "exit(7)"), Stop(), 20)
    assert said.last == "it ended with status 7"


def test_one_that_does_not_end_is_ended() -> None:
    """In time, and at once when nobody wants to know any more."""
    hang = (sys.executable, "-c", "import signal; signal.pause()")
    with pytest.raises(TimeoutError):
        spoken(hang, Stop(), 0.1)
    stop = Stop()
    stop.set()
    with pytest.raises(StoppedError):
        spoken(hang, stop, 20)
