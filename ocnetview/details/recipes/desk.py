"""Where recipes are run: what leads from there to the node's tools and sockets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address

from ocnetview.config import OWN_ROOT, Settings
from ocnetview.details.recipes.recipe import line, quoted
from ocnetview.facts import Place
from ocnetview.frozen import dataclass
from ocnetview.model import NodeModel, Pod

_SECONDS = "--timeout=30"
"""ovs-vsctl waits for ever without; openshift-sdn itself waits so long."""
_USUAL = Settings().ovsdb
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""A bridge's name that ovs-ofctl takes for nothing else (ovs-ofctl(8), `switch`)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """How tools of the node are run from the place that ocnetview runs in."""

    root: str = ""
    """The folder to change root to: the tools, pins and sockets are there."""
    netns: str = ""
    """A file of the node's network namespace, where ours is another one."""
    ovsdb: str = ""
    """OVSDB's remote as it is found from here; empty for the usual one."""

    @classmethod
    def of(cls, model: NodeModel) -> Desk:
        """Return the desk that a node is looked at from."""
        place = model.place or Place()
        wheres = (s.where for s in model.sources if s.name == "ovsdb")
        desk = cls(place.host_root, place.netns, next(wheres, ""))
        usual = desk.there(desk.ovsdb) == _USUAL
        return replace(desk, ovsdb="") if usual else desk

    def there(self, path: str) -> str:
        """Return what a path, or that in a socket's address, is called at the root."""
        scheme, mark, rest = path.rpartition("unix:")
        slashes, rest = ("//", rest[2:]) if rest.startswith("///") else ("", rest)
        rest = Settings(host_root=self.root).of_host(rest)
        return scheme + mark + slashes + rest.removeprefix(OWN_ROOT)

    def words(self, *words: str) -> tuple[str, ...]:
        """Return a command with what leads to the node's root."""
        return ("chroot", self.root, *words) if self.root else words

    def run(self, *words: str) -> str:
        """Return the line that runs a tool of the node."""
        return line(self.words(*words))

    def net(self, *words: str) -> str:
        """Return the line that runs a tool in the node's network namespace."""
        enter = ("nsenter", f"--net={self.netns}", "--") if self.netns else ()
        return line((*enter, *self.words(*words)))

    def inside(self, door: Sequence[str], *words: str) -> str:
        """Return the line that runs a tool in the network namespace behind a door."""
        if not door:
            return self.net(*words)
        return self.run("nsenter", *door, "--", *words)

    def at(self, address: str, *words: str) -> str:
        """Return the line that runs a tool that talks to the socket at an address."""
        # Some containers are given a socket of the node among their own files.
        return line(words) if OWN_ROOT in address else self.run(*words)

    def vsctl(self, *words: str) -> str:
        """Return the line that asks OVSDB."""
        database = (f"--db={self.there(self.ovsdb)}",) if self.ovsdb else ()
        return self.at(self.ovsdb, "ovs-vsctl", _SECONDS, *database, *words)

    def switch(self, tool: str, *words: str) -> str:
        """Return the line that asks ovs-vswitchd, whose sockets are beside OVSDB's."""
        asked = self.at(self.ovsdb, tool, *words)
        folder = self._rundir
        return f"OVS_RUNDIR={quoted(folder)} {asked}" if folder else asked

    @property
    def _rundir(self) -> str:
        """Return the folder of the switch's sockets; empty for the usual one."""
        address = self.there(self.ovsdb)
        if not address.startswith("unix:/"):
            return ""
        return address.removeprefix("unix:").rpartition("/")[0]

    def bridge(self, name: str) -> str:
        """Return what ovs-ofctl takes for this bridge and for nothing else.

        That is the socket where the name might be an option or an address to call.
        """
        if _PLAIN.fullmatch(name):
            return name
        usual = _USUAL.removeprefix("unix:").rpartition("/")[0]
        return f"unix:{self._rundir or usual}/{name}.mgmt"


def door(model: NodeModel, pod: Pod, desk: Desk) -> tuple[str, ...] | None:
    """Return how nsenter finds a pod's network namespace.

    By its pin, else by a process in it; nothing is needed for the node's own. None
    where nothing leads to it.
    """
    if pod.host_network:
        return ()
    space = next((n for n in model.namespaces if n.netns == pod.netns), None)
    if space and space.pins:
        return (f"--net={desk.there(space.pins[0])}",)
    pids = [one.pid for one in pod.members if one.pid and one.netns == pod.netns]
    pids += space.pids if space else ()
    return ("-n", "-t", str(pids[0])) if pids else None


def address_of(pod: Pod) -> IPv4Address | IPv6Address | None:
    """Return the first of a pod's addresses that is one: some are only told so."""
    for text in pod.addresses:
        try:
            return ip_address(text)
        except ValueError:
            continue
    return None
