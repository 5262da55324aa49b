"""What CNI plugins answered when they wired each pod, from libcni's cache on disk."""

from __future__ import annotations

import os
import select
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace

from ocnetview.collectors.base import How, Stop
from ocnetview.collectors.cni_result import read_result
from ocnetview.collectors.inotify import CONTENTS, Inotify
from ocnetview.config import Settings
from ocnetview.errors import CollectorError, SourceAbsentError
from ocnetview.facts import CniFacts, CniResult, SourceKind
from ocnetview.units import printable

_LARGEST = 1 << 20
"""Bytes: a result has some hundred, its arguments some thousand."""
_SETTLED_SECONDS = 2.0
"""libcni writes a file in place: one that is younger may be half written."""

_QUIET_SECONDS = 20.0
"""The folder is looked through again then, whatever its events say: a link's target,
or a file system that another machine writes to, tells of nothing."""

_Version = tuple[int, int, int]
"""st_ino, st_size and st_ctime_ns: a file is read again when one of them changed.

The time of change is that of any write, and of a permission given later.
"""


class CniCollector:
    """Gives the results of all attachments, again after each file that changed."""

    name = "cni"
    kind = SourceKind.RESULTS

    def __init__(self, settings: Settings) -> None:
        """Read the settings' cache."""
        self.where = settings.on_host(settings.cni_results)
        self._refresh = settings.refresh
        self._known: dict[str, tuple[_Version, CniResult | str]] = {}
        self._unsettled = False
        """Claims that a file may have been half written."""

    def watch(self, stop: Stop) -> Iterator[CniFacts | How]:
        """Yield the results, then again after each change, until stopped.

        Each look through the folder confirms them.

        Raises:
            SourceAbsentError: there is no such folder: no CNI plugin ran yet.
            CollectorError: it may not be read.
        """
        shown, how = None, ""
        with ExitStack() as held:
            events: Inotify | None = None
            with suppress(OSError):  # too many of the user's, or forbidden here
                events = held.enter_context(closing(Inotify()))
            while not stop:
                heard = events if events and self._follow(events) else None
                facts = self._read()
                seconds = _QUIET_SECONDS if heard else self._refresh
                means = "events, read" if heard else "polled"
                if how != (how := f"{means} every {seconds:g} s"):
                    yield How(how)
                shown = facts if facts != shown else shown
                yield shown or facts
                self._wait(stop, heard)

    def _follow(self, events: Inotify) -> bool:
        """Forget the events so far, and listen from now on; claim that it can be.

        It may be another folder by that name than before, with nobody listening.
        """
        try:
            for _ in events.read():
                pass
            events.add(self.where, CONTENTS)
        except OSError:
            return False
        return True

    def _wait(self, stop: Stop, events: Inotify | None) -> None:
        """Wait until the folder is worth another look, or for the end."""
        soon = self._unsettled or events is None
        watched = [stop.fileno(), *([events.fileno()] if events else [])]
        select.select(watched, [], [], self._refresh if soon else _QUIET_SECONDS)

    def _read(self) -> CniFacts:
        """Return what is there now, in the order of the files' names."""
        self._unsettled = False
        doing = f"read {printable(self.where)}"
        try:
            files = self._files()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise SourceAbsentError(self.name, doing, "no such folder") from error
        except PermissionError as error:
            reason, hint = "permission denied", "needs root"
            raise CollectorError(self.name, doing, reason, hint) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise CollectorError(self.name, doing, reason) from error
        known = {name: self._known_file(name, files[name]) for name in sorted(files)}
        self._known = {name: one for name, one in known.items() if one is not None}
        results = (said for _, said in self._known.values())
        told = [said for said in results if isinstance(said, CniResult)]
        return CniFacts(
            # Each sandbox has a result for lo, which no other namespace ever sees.
            tuple(result for result in told if result.ifname != "lo"),
            tuple(said for _, said in self._known.values() if isinstance(said, str)),
        )

    def _files(self) -> dict[str, os.stat_result]:
        """Return the folder's regular files by name."""
        files = {}
        with os.scandir(self.where) as entries:
            for entry in entries:
                try:
                    status = entry.stat()
                except PermissionError:
                    # Where it may only be listed, all of it cannot be read.
                    entry.stat(follow_symlinks=False)
                    continue
                except OSError:
                    continue  # gone by now, or a link to nothing
                if stat.S_ISREG(status.st_mode):
                    files[entry.name] = status
        return files

    def _known_file(
        self, name: str, status: os.stat_result
    ) -> tuple[_Version, CniResult | str] | None:
        """Return what a file says, or why it cannot be told; None while it changes."""
        version = (status.st_ino, status.st_size, status.st_ctime_ns)
        known = self._known.get(name)
        if known and known[0] == version:
            return known
        path = os.path.join(self.where, name)
        try:
            if status.st_size > _LARGEST:
                raise ValueError(f"larger than {_LARGEST} bytes")  # noqa: TRY301 - told below
            with open(path, "rb") as file:
                result = read_result(path, file.read(_LARGEST))
        except FileNotFoundError:
            return None
        except OSError as error:
            reason = error.strerror or str(error)
        except ValueError as error:
            if time.time() - status.st_mtime < _SETTLED_SECONDS:
                self._unsettled = True
                return None
            reason = str(error)
        else:
            return version, replace(result, written=status.st_mtime)
        return version, printable(f"{path}: {reason}")
