"""Which network namespaces there are: those that a pin or a process leads to."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping

from ocnetview.collectors.inhabited import Inhabited
from ocnetview.collectors.namespaces import Namespace, netns_of, pinned
from ocnetview.collectors.pin_events import PinEvents
from ocnetview.config import Settings
from ocnetview.facts import Netns


class Spaces:
    """Finds the namespaces, and keeps what was read of each while it is there."""

    def __init__(self, settings: Settings) -> None:
        """Look in the settings' folders of pins, and in their proc."""
        self._proc = settings.proc
        self._directories = settings.netns_dirs
        self._named = settings.of_host
        self.own = settings.netns or f"{settings.proc}/self/ns/net"
        """What leads to our own namespace."""
        self._pins: list[tuple[str, object]] | None = None
        self.pin_events: PinEvents | None = None
        """What tells when the pins have to be listed again; None for each time."""
        self._known: dict[Netns, Namespace] = {}
        self.inhabited = Inhabited(settings.proc)
        self.leftovers: list[str] = []
        """Files among the pins that pin nothing."""

    def read(self, host: Netns) -> dict[Netns, Namespace]:
        """Return all namespaces but our own, `host`, none of them visited yet."""
        self._known = {}
        return self._find(host, self.inhabited.read())

    def update(self, host: Netns) -> dict[Netns, Namespace]:
        """Return all namespaces but our own, with what was read of them before."""
        return self._find(host, self.inhabited.update())

    def _find(
        self, host: Netns, inhabited: Mapping[Netns, tuple[int, ...]]
    ) -> dict[Netns, Namespace]:
        """Return the namespaces that pins lead to, then those of processes alone."""
        self._pins = self._list_pins()
        found: dict[Netns, Namespace] = {}
        pins: dict[Netns, list[str]] = {}
        self.leftovers = []
        for path, netns in self._pins:
            if isinstance(netns, Netns):
                pins.setdefault(netns, []).append(path)
            else:
                self.leftovers.append(self._named(path))
        for netns in (*pins, *(n for n in inhabited if n not in pins)):
            if netns != host:
                namespace = self._known.get(netns) or Namespace(netns)
                self._lead(namespace, pins.get(netns, []), inhabited.get(netns, ()))
                found[netns] = namespace
        self._known = dict(found)
        return found

    def _lead(
        self, namespace: Namespace, pins: list[str], pids: tuple[int, ...]
    ) -> None:
        """Note what leads to a namespace now."""
        namespace.pids = pids
        namespace.pins = [self._named(pin) for pin in pins]
        namespace.paths = [*pins, *(f"{self._proc}/{pid}/ns/net" for pid in pids)]

    def strays(self, known: Collection[Netns]) -> list[Namespace]:
        """Return the other namespaces of processes that moved unseen, if any did.

        Everybody is asked again: so this is for when somebody is missed.
        """
        found = []
        for netns, pids in self.inhabited.read().items():
            if netns not in known:
                found.append(Namespace(netns))
                self._lead(found[-1], [], pids)
        return found

    def changed(self) -> bool:
        """Claim that pins or inhabited namespaces came or went; no event tells it."""
        before, self._pins = self._pins, self._list_pins()
        return before != self._pins or self.inhabited.changed()

    def _list_pins(self) -> list[tuple[str, object]]:
        """Return the pins, listed again where they may be others."""
        quiet = self.pin_events is not None and not self.pin_events.heard()
        if quiet and self._pins is not None:
            return self._pins
        nsfs = os.stat(self.own).st_dev
        return [
            (path, status and netns_of(status))
            for path, status in pinned(self._directories, nsfs)
        ]
