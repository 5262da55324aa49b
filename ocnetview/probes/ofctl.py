"""Runs ovs-ofctl on a bridge, in an OpenFlow version that the bridge speaks."""

from __future__ import annotations

import os
import shutil

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.errors import ProbeError
from ocnetview.model import Bridge
from ocnetview.probes.errand import StoppedError
from ocnetview.probes.spoken import Said, spoken

_SECONDS = 5
"""For one answer; a switch that is busy answers within a fraction of one."""
_BEST = "OpenFlow13"
"""Shows all that the bridges of OpenShift are programmed with, and every OVS has it."""
_USUAL = ("OpenFlow10", _BEST)
"""Of a bridge that names none: the higher one that both sides speak is taken."""
_GET = "dnf install openvswitch, apt-get install openvswitch-switch"
_RUNDIR = "/run/openvswitch"


class Ofctl:
    """ovs-ofctl with a bridge to ask."""

    def __init__(self, settings: Settings, bridge: Bridge, stop: Stop) -> None:
        """Take where things are, and what ends the asking."""
        self._settings = settings
        self._bridge = bridge
        self._stop = stop

    def run(self, command: str, match: str) -> str:
        """Return what it prints for a command about a match.

        Raises:
            ProbeError: it is not there, or the bridge cannot be asked.
        """
        doing = f"read its flows ({match})"
        arguments = (
            f"--timeout={_SECONDS}",
            f"--protocols={','.join(protocols_of(self._bridge))}",
            command,
            f"unix:{self._socket()}",
            match,
        )
        try:
            said = spoken((self._tool(doing), *arguments), self._stop, _SECONDS + 1)
        except StoppedError:
            raise self._error(doing, "told to stop") from None
        except OSError as error:
            raise self._error(doing, error.strerror or str(error)) from error
        if said.code:
            raise self._refused(doing, said)
        return said.out

    def _tool(self, doing: str) -> str:
        """Return the program."""
        found = shutil.which("ovs-ofctl")
        if found is None:
            raise self._error(doing, "ovs-ofctl is not installed", _GET)
        return found

    def _socket(self) -> str:
        """Return the socket by which the switch is managed as this bridge."""
        return os.path.join(rundir_of(self._settings), f"{self._bridge.name}.mgmt")

    def _refused(self, doing: str, said: Said) -> ProbeError:
        """Return why the switch did not answer."""
        return self._error(doing, said.last)

    def _error(self, doing: str, reason: str, hint: str = "") -> ProbeError:
        return ProbeError(f"bridge {self._bridge.name}", doing, reason, hint)


def protocols_of(bridge: Bridge) -> tuple[str, ...]:
    """Return the OpenFlow versions to ask a bridge in."""
    if _BEST in bridge.protocols:
        return (_BEST,)
    return bridge.protocols or _USUAL


def rundir_of(settings: Settings) -> str:
    """Return the folder of the switch's sockets: where its database has its own."""
    scheme, _, path = settings.ovsdb.partition(":")
    if scheme == "unix" and path.startswith("/"):
        return os.path.dirname(path)
    return settings.on_host(_RUNDIR)
