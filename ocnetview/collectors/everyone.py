"""Every process of the node, and whose each is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from ocnetview.collectors.cgroup import listed, place_of
from ocnetview.collectors.members import nodes_pid_namespace, pid_namespace
from ocnetview.facts import Process
from ocnetview.records import changed


class Everyone:
    """Says of any process which container it is in, by what is cheapest to ask.

    For a container alone its cgroup lists the processes; of thousands in hundreds of
    containers each is asked for its own cgroup, and seldom again.
    """

    def __init__(self, proc: str) -> None:
        """Look in this proc file system."""
        self._proc = proc
        self._containers: frozenset[tuple[str, int]] = frozenset()
        self._places: dict[str, str] = {}
        """The cgroup that a container's main process is in, by the container's id."""
        self._spaces: dict[tuple[int, int], str] = {}
        """The containers whose cgroups name none, by their pid namespace."""
        self._odd: dict[int, str] = {}
        """Those that do not even have a pid namespace of their own, by main process."""

    def begin(self, containers: frozenset[tuple[str, int]]) -> None:
        """Begin a reading with these containers, each with its main process."""
        if containers != self._containers:
            self._containers = containers
            self._find(containers)

    def _find(self, containers: frozenset[tuple[str, int]]) -> None:
        """Note by what each container's processes are known."""
        self._places, self._spaces, self._odd = {}, {}, {}
        nodes_own = nodes_pid_namespace(self._proc)
        for id_, main in sorted(containers):
            named, place = place_of(self._proc, main)
            if named == id_:
                self._places[id_] = place
            elif not named:
                with suppress(OSError):
                    space = pid_namespace(self._proc, str(main))
                    if space != nodes_own:
                        self._spaces[space] = id_
                    elif main != 1:  # below which is everybody
                        self._odd[main] = id_

    def pids(self) -> Iterator[int]:
        """Yield every process that is there now.

        Raises:
            OSError: there is no readable proc file system.
        """
        return listed(self._proc)

    def whose(self, pid: int) -> str:
        """Return the innermost container that a process is in; empty for none.

        Another cgroup than its main process's may bear a container's id: any user to
        whom cgroups are delegated may give one of them any name.
        """
        named, place = place_of(self._proc, pid)
        if named:
            return named if self._places.get(named, place) == place else ""
        if self._spaces:
            with suppress(OSError):
                return self._spaces.get(pid_namespace(self._proc, str(pid)), "")
        return ""

    def adopted(self, processes: Sequence[Process]) -> Sequence[Process]:
        """Return the processes, those that only their parents tell of as their own.

        Of a container without cgroup and pid namespace that is its main process and
        what is below it.
        """
        if not self._odd:
            return processes
        parents = {one.pid: one.ppid for one in processes if not one.container_id}
        owners = dict(self._odd)

        def owner(pid: int) -> str:
            way = []
            while pid not in owners and pid in parents:
                way.append(pid)
                owners[pid] = ""  # two readings apart, parents may make a ring
                pid = parents[pid]
            owners.update(dict.fromkeys(way, owners.get(pid, "")))
            return owners.get(pid, "")

        return [
            changed(one, container_id=id_)
            if not one.container_id and (id_ := owner(one.pid))
            else one
            for one in processes
        ]
