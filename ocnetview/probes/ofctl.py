"""Runs ovs-ofctl on a bridge, in an OpenFlow version that the bridge speaks."""

from __future__ import annotations

import os
import signal

from ocnetview.collectors.base import Stop
from ocnetview.config import Settings
from ocnetview.errors import ProbeError
from ocnetview.model import Bridge
from ocnetview.probes.errand import StoppedError
from ocnetview.probes.spoken import Said, spoken
from ocnetview.probes.tools import find_tool

_SECONDS = 5
"""For one answer; a switch that is busy answers within a fraction of one."""
_BEST = "OpenFlow13"
"""Shows all that the bridges of OpenShift are programmed with, and every OVS has it."""
_USUAL = ("OpenFlow10", _BEST)
"""Of a bridge that names none: the higher one that both sides speak is taken."""
_HINTS = {
    "version negotiation failed": "OVSDB's `protocols` of the bridge says otherwise",
    "No such file": "is the bridge still there, and does ovs-vswitchd run?",
    "Connection refused": "does ovs-vswitchd run?",
    "Permission denied": "run as root",
    "Operation not permitted": "run as root",
}
"""What helps, by what it says."""
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
        name = f"bridge {self._bridge.name}"
        if "/" in self._bridge.name:
            why = "its name would lead to a socket elsewhere"
            hint = "the switch opens no bridge with a slash in its name"
            raise self._error(doing, why, hint)
        tool = find_tool(self._settings, "ovs-ofctl", name, doing)
        inside = tool[0] != tool[-1]
        arguments = (
            f"--timeout={_SECONDS}",
            f"--protocols={','.join(protocols_of(self._bridge))}",
            command,
            f"unix:{self._socket(inside=inside)}",
            match,
        )
        try:
            said = spoken((*tool, *arguments), self._stop, _SECONDS + 1)
        except StoppedError:
            raise self._error(doing, "told to stop") from None
        except OSError as error:
            raise self._error(doing, error.strerror or str(error)) from error
        if said.code:
            raise self._refused(doing, said)
        return said.out

    def _socket(self, *, inside: bool) -> str:
        """Return the socket by which the switch is managed as this bridge.

        By its path, so that no name is taken for a target of another kind. `inside`
        claims that the tool runs in the node's root.
        """
        folder = rundir_of(self._settings)
        folder = self._settings.of_host(folder) if inside else folder
        return os.path.join(folder, f"{self._bridge.name}.mgmt")

    def _refused(self, doing: str, said: Said) -> ProbeError:
        """Return why the switch did not answer, and what would help."""
        if said.code == -signal.SIGALRM:
            why = f"it did not answer within {_SECONDS} s"
            return self._error(doing, why, "is ovs-vswitchd busy, or stopped?")
        lines = said.errors.splitlines()
        for sign, hint in _HINTS.items():
            for line in lines:
                if sign in line:
                    # A warning has time, number, module and level before it.
                    why = line.rpartition("|")[2].removeprefix("ovs-ofctl: ")
                    return self._error(doing, why, hint)
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
