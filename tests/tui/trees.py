"""Made-up process trees for the pods of the made-up node."""

from __future__ import annotations

from dataclasses import replace

from ocnetview.facts import Process, Thread
from ocnetview.model import NodeModel, Pod, TreeProcess, TreeThread

HOSTILE = "\x1b[31mevil[/bold]\nname"
"""A name that would colour a terminal, end markup and break a line."""

PARENTS = (-1, 0, 1, 0, -1)
"""The places of the parents of a container's processes; a negative one is outside."""


def _process(
    one: Pod, place: int, pid: int, command: tuple[str, ...], last: tuple[bool, ...]
) -> TreeProcess:
    """Return a process of a pod's container, deep as many levels as `last` has."""
    owner = one.containers[place]
    process = Process(
        pid=pid,
        start_time=pid * 7,
        ppid=PARENTS[pid - (owner.pid or 0)] + (owner.pid or 0),
        inner_pid=1 + pid - (owner.pid or 0),
        name=command[0].rpartition("/")[2][:15],
        command=command,
        state="S",
        uid=1001,
        user="1000680000" if one.namespace == "shop" else "nobody",
        rss=6_500_000 + 1_000 * pid,
        container_id=owner.id,
        netns=one.netns,
    )
    cpu = (pid * 37 % 290) / 10
    return TreeProcess(process, len(last), last, one.key, owner.name, cpu, one.age)


def trees(one: Pod) -> tuple[TreeProcess, ...]:
    """Return the processes of a pod: a server and its workers per container."""
    rows: list[TreeProcess] = []
    for place, owner in enumerate(one.containers):
        first = owner.pid or 0
        name = owner.name
        rows += [
            _process(
                one, place, first, (f"/usr/bin/{name}", "--config", "/etc/conf"), ()
            ),
            _process(one, place, first + 1, (name, "worker", "0"), (False,)),
            _process(one, place, first + 2, ("sh", "-c", HOSTILE), (False, True)),
            _process(one, place, first + 3, (name, "worker", "1"), (True,)),
            _process(one, place, first + 4, ("bash",), ()),
        ]
    return tuple(rows)


def threaded(model: NodeModel) -> NodeModel:
    """Return the node with three threads in each container's first process."""

    def with_threads(row: TreeProcess) -> TreeProcess:
        one = row.process
        if row.depth or not one.command[0].startswith("/"):
            return row
        states = (("", "S"), ("-io", "D"), ("-gc", "R"))
        threads = tuple(
            TreeThread(
                Thread(one.pid + 500 * n, one.start_time + n, one.name + name, state),
                cpu=0.4 * n,
                age=row.age,
            )
            for n, (name, state) in enumerate(states)
        )
        return replace(row, threads=threads)

    return replace(model, processes=tuple(map(with_threads, model.processes)))


def crowded(model: NodeModel) -> NodeModel:
    """Return the node with three more processes: a zombie, and one that waits."""
    rows = (
        (1, 0, "S", ("/sbin/init",), (), ""),
        (310, 1, "D", ("/usr/bin/kubelet", "-v", "2"), (False,), "waits in nfs_wait"),
        (320, 1, "Z", (), (True,), "zombie: systemd (1) does not reap it"),
    )
    alone = (
        TreeProcess(
            Process(
                pid,
                pid * 7,
                ppid,
                pid,
                "systemd" if pid == 1 else "sh",
                command,
                state,
                user="root",
                rss=12_000_000 if command else 0,
            ),
            len(last),
            last,
            cpu=0.5 if command else 0.0,
            age=86400 * 30,
            note=note,
        )
        for pid, ppid, state, command, last, note in rows
    )
    return replace(model, processes=(*model.processes, *alone))
