"""Made-up process trees for the pods of the made-up node."""

from __future__ import annotations

from ocnetview.facts import Process
from ocnetview.model import Pod, TreeProcess

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
