"""The kernel's word that pins of namespaces may have come or gone."""

from __future__ import annotations

import os
import select
from contextlib import suppress

from ocnetview.collectors.inotify import Inotify
from ocnetview.config import Settings


class PinEvents:
    """Hears of mounts, and of entries in the folders of pins.

    A pin is a file with a namespace mounted over it. poll(2) tells when the mounts of
    a mount namespace changed (proc_pid_mounts(5)); what is only a file, inotify.
    """

    def __init__(self, settings: Settings) -> None:
        """Listen around the settings' folders, as far as that is allowed."""
        self._mounts: int | None = None
        self._entries: Inotify | None = None
        self._missing = set(settings.netns_dirs)
        try:
            self._mounts = os.open(_mountinfo(settings), os.O_RDONLY | os.O_CLOEXEC)
            self._entries = Inotify()
        except OSError:
            # Users have so many inotify instances only.
            self.close()
        self._add()

    @property
    def works(self) -> bool:
        """Claim that all is heard; else the folders are to be listed now and then."""
        return self._mounts is not None and self._entries is not None

    def close(self) -> None:
        """Listen no longer."""
        if self._mounts is not None:
            os.close(self._mounts)
        if self._entries:
            self._entries.close()
        self._mounts = self._entries = None

    @property
    def readable(self) -> list[int]:
        """Return what becomes readable when entries come or go."""
        return [self._entries.fileno()] if self._entries else []

    @property
    def exceptional(self) -> list[int]:
        """Return what has an exceptional condition when mounts did."""
        return [self._mounts] if self._mounts is not None else []

    def heard(self) -> bool:
        """Claim that something was heard since the last time, or nothing can be."""
        if not self.works:
            return True
        ready, _, odd = select.select(self.readable, [], self.exceptional, 0)
        if self._entries and ready:
            for _ in self._entries.read():
                pass
        self._add()
        return bool(ready or odd)

    def _add(self) -> None:
        """Listen to the folders that are there by now."""
        if self._entries is None:
            return
        for folder in tuple(self._missing):
            with suppress(OSError):
                self._entries.add(folder)
                self._missing.discard(folder)


def _mountinfo(settings: Settings) -> str:
    """Return the list of mounts that the folders' pins are in: pid 1's, or our own."""
    first = f"{settings.proc}/1/"
    there = any(folder.startswith(first) for folder in settings.netns_dirs)
    return f"{first}mountinfo" if there else f"{settings.proc}/self/mountinfo"
