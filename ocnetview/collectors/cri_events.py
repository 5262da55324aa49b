"""What makes it worthwhile to ask a runtime again: links and cgroups that change."""

from __future__ import annotations

import select
import time
from collections.abc import Iterable
from contextlib import suppress

from ocnetview.collectors.base import Stop
from ocnetview.collectors.cgroup_events import CgroupEvents, ContainerPids
from ocnetview.collectors.lifeline import Lifeline
from ocnetview.collectors.link_events import RTNLGRP_LINK, RTNLGRP_NSID, LinkEvents
from ocnetview.config import Settings


class CriEvents:
    """The kernel's word that pods or containers may have come or gone.

    The CRI's own GetContainerEvents is not for us: containerd serves it to one caller,
    and the events would be taken from the kubelet.
    """

    def __init__(self, settings: Settings) -> None:
        """Listen as far as possible.

        Links tell of pods, cgroups of containers. Where the cgroups cannot be
        watched, the processes are looked through at each refresh.
        """
        self._links: LinkEvents | None = None
        self._cgroups: CgroupEvents | None = None
        self._refresh = settings.refresh
        self._pids = ContainerPids(settings.proc)
        self._lifeline: Lifeline | None = None
        self._followed = 0
        self._missed = False
        """Claims that something may have happened that nothing has told of."""
        with suppress(OSError):
            self._links = LinkEvents((RTNLGRP_LINK, RTNLGRP_NSID))
        with suppress(OSError):
            self._cgroups = CgroupEvents(settings.proc, settings.host_root)

    @property
    def how(self) -> str:
        """Return in words by which means changes are noticed now."""
        looked = f"processes every {self._refresh:g} s"
        named = (self._links, "events"), (self._cgroups is None, looked)
        return ", ".join(word for there, word in named if there)

    def close(self) -> None:
        """Listen no longer."""
        for one in self._sources():
            one.close()
        if self._lifeline:
            self._lifeline.close()

    def look(self, pids: Iterable[int]) -> None:
        """Listen around these containers' processes too."""
        if self._cgroups:
            self._missed = self._cgroups.look(pids)
            if not self._cgroups.works:
                self._cgroups.close()
                self._cgroups = None
                self._missed = True

    def follow(self, pid: int) -> None:
        """Hear of this process's end too: the runtime's, which tells of nothing then.

        A process is followed once: what still answers after its end is another one.
        """
        if pid == self._followed:
            return
        self._followed = pid
        if self._lifeline:
            self._lifeline.close()
            self._lifeline = None
        if pid:
            with suppress(OSError):
                self._lifeline = Lifeline(pid)

    def drain(self) -> bool:
        """Take all that happened; return whether it was anything."""
        heard = [one.drain() for one in self._sources()]
        if self._cgroups is None:
            heard += [self._pids.changed(), self._missed]
        if self._lifeline and self._lifeline.drain():
            self._lifeline.close()
            self._lifeline = None
            heard.append(True)
        self._missed = False
        return any(heard)

    def wait(self, stop: Stop, seconds: float) -> bool:
        """Wait so long at most for something to happen, or for the end."""
        if self._missed:
            return self.drain()
        end = time.monotonic() + seconds
        while not stop and (left := end - time.monotonic()) > 0:
            step = left if self._cgroups else min(left, self._refresh)
            watched = [stop.fileno(), *self._sources()]
            watched += [self._lifeline.fileno()] if self._lifeline else []
            select.select(watched, [], [], step)
            if self.drain():
                return True
        return False

    def _sources(self) -> list[LinkEvents | CgroupEvents]:
        return [one for one in (self._links, self._cgroups) if one]
