"""Commands to ovs-vswitchd over its control socket, as ovs-appctl(8) gives them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from ocnetview.collectors.base import Stop
from ocnetview.collectors.jsonrpc import Peer, connect
from ocnetview.config import Settings
from ocnetview.errors import ProbeAbsentError, ProbeError
from ocnetview.facts.openflow import TraceFacts
from ocnetview.model import Bridge, BridgeKind
from ocnetview.probes.ofctl import rundir_of
from ocnetview.units import one_line

_DAEMON = "ovs-vswitchd"
_SECONDS = 5.0
"""How long the daemon may take to answer that it lives."""
_DOING = "trace a packet"


def read_trace(
    settings: Settings, bridge: Bridge, flow: str, stop: Stop, states: Sequence[str]
) -> TraceFacts:
    """Return what a bridge would do with a packet, by `ofproto/trace`.

    The packet is never sent. `states` are those that connection tracking is to find,
    one for each time that it is asked; after the last it finds a new connection.

    Raises:
        ProbeError: the daemon cannot be asked, or does not understand the flow.
    """
    if bridge.kind is not BridgeKind.OVS:
        reason = "it is a Linux bridge: only Open vSwitch can be asked for this"
        raise ProbeAbsentError(bridge.name, _DOING, reason)
    if flow.startswith("-"):  # -generate would send it
        raise ProbeError(bridge.name, _DOING, "that is an option, not a flow")
    if bridge.name.startswith("-"):
        reason = f"{_DAEMON} takes its name for an option"
        raise ProbeError(bridge.name, _DOING, reason, "its flows can be shown")
    options = [part for state in states for part in ("--ct-next", state)]
    asked = [*options, bridge.name, flow]
    source, text = call(settings, "ofproto/trace", asked, stop, bridge.name)
    return TraceFacts(source, time.time(), bridge.name, flow, text)


def call(
    settings: Settings, command: str, arguments: Sequence[str], stop: Stop, who: str
) -> tuple[str, str]:
    """Return the socket that answered a command, as the node calls it, and its words.

    Raises:
        ProbeError: no daemon answers, we have no right, or it refuses.
    """
    failed: OSError | ValueError | None = None
    for path in _sockets(settings):
        try:
            sock = connect(f"unix:{path}", stop)
            with closing(Peer(sock, stop, _SECONDS)) as peer:
                said = peer.call(command, list(arguments))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            failed = error
            continue  # a daemon that was killed leaves its files behind
        except (OSError, ValueError) as error:
            raise _unreached(settings, path, who, error, stop) from error
        if said.get("error") is not None:
            raise _refused(who, str(said["error"]), arguments)
        return settings.of_host(str(path)), str(said.get("result") or "")
    where = settings.of_host(rundir_of(settings))
    reason = f"no {_DAEMON} answers in {where}"
    hint = f"is {_DAEMON} running? OVS_RUNDIR says where its files are"
    raise ProbeAbsentError(who, _DOING, reason, hint) from failed


def _sockets(settings: Settings) -> Iterator[Path]:
    """Yield what may be the daemon's socket: the pid file's, then all others."""
    folder = Path(rundir_of(settings))
    tried = set()
    try:
        pid = (folder / f"{_DAEMON}.pid").read_text("ascii", "replace").strip()
    except OSError:
        pid = ""
    if pid.isdecimal():
        tried.add(folder / f"{_DAEMON}.{pid}.ctl")
        yield from tried
    yield from sorted(set(folder.glob(f"{_DAEMON}.*.ctl")) - tried)


def _unreached(
    settings: Settings, path: Path, who: str, error: Exception, stop: Stop
) -> ProbeError:
    """Return why the daemon behind a socket could not be asked."""
    if stop:
        return ProbeError(who, _DOING, "told to stop")
    reason = getattr(error, "strerror", None) or str(error)
    hint = ""
    if isinstance(error, PermissionError):
        hint = "the socket is root's: run ocnetview as root"
    elif isinstance(error, TimeoutError):
        hint = f"{_DAEMON} is busy or hangs"
    where = settings.of_host(str(path))
    return ProbeError(who, _DOING, f"{where}: {one_line(reason)}", hint)


def _refused(who: str, words: str, arguments: Sequence[str]) -> ProbeError:
    """Return what the daemon had against a command, in its own words."""
    said = one_line(words)
    if "unknown bridge" in words.lower() or "no bridge named" in words.lower():
        return ProbeError(who, _DOING, said, "OVSDB has it, but the daemon does not")
    hint = f"the flow was {one_line(arguments[-1])}" if arguments else ""
    return ProbeError(who, _DOING, f"{_DAEMON} says: {said}", hint)
