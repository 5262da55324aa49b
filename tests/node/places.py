"""Containers around the lab's node, as debug pods, toolboxes and DaemonSets are."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from node.lab import REPOSITORY, Lab

OWN_ID = "c0" * 32
"""The container's id, which its cgroups bear."""
CGROUPS = """
for top in /sys/fs/cgroup /sys/fs/cgroup/*; do
    if [ -e $top/cgroup.procs ]; then
        mkdir -p $top/$LAB/$OWN_ID
        echo $$ 2>/dev/null >$top/$LAB/$OWN_ID/cgroup.procs || :
    fi
done
"""
"""Enters a cgroup of its own in each hierarchy that takes processes."""
ROOT = """
root=/run/lab/place
mkdir -p $root
mount -t tmpfs -o mode=755 place $root
cd $root
mkdir -p proc sys run tmp etc host old dev
echo 'ID=place' >etc/os-release
cp /etc/ld.so.cache etc
for name in bin sbin lib lib32 lib64; do
    if [ -L /$name ]; then ln -s "$(readlink /$name)" $name; fi
done
for path in /usr /dev $NEEDED; do
    mkdir -p .$path
    mount --rbind $path .$path
done
mount --rbind / host
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
"""
"""A root of its own, with the node's at /host: as a bind mount without propagation."""
PIVOT = """
pivot_root . old
umount --lazy /old
rmdir /old
"""
ENTER = 'exec "$@"\n'


@dataclass(frozen=True, slots=True)
class Container:
    """How a container stands to the lab's node."""

    kind: str
    """What ocnetview is to call it."""
    own: tuple[str, ...]
    """Namespaces of its own besides a mount namespace, as unshare(1) calls them."""
    setup: str = ""
    """What is done in it before anything else."""
    enter: str = ENTER
    environment: dict[str, str] = field(default_factory=dict)


KUBERNETES = {"KUBERNETES_SERVICE_HOST": "172.30.0.1"}
HIDE = "umount --recursive --lazy /host\nrmdir /host\n"
IN_CONTAINER = "in a container that sees the host's processes"
PLACES = {
    "debug": Container(IN_CONTAINER, ("--uts",), environment=KUBERNETES),
    "debug, chroot": Container(
        "in a container, changed root to the host's",
        ("--uts",),
        enter='exec chroot /host "$@"\n',
        environment=KUBERNETES,
    ),
    "pod": Container(IN_CONTAINER, ("--uts", "--net", "--cgroup")),
    "pod without /host": Container(IN_CONTAINER, ("--net", "--cgroup"), HIDE),
    "files": Container(
        "in a container that sees the host's files only",
        ("--uts", "--net", "--cgroup", "--pid", "--fork", "--kill-child"),
    ),
    "toolbox": Container(
        IN_CONTAINER,
        (),
        ": >/run/.containerenv\n",
        environment={"container": "oci"},
    ),
}


def command(lab: Lab, place: Container, *arguments: str, drop: str = "") -> list[str]:
    """Return the command that runs another one in such a container.

    `drop` are capabilities that it runs without, as setpriv(1) writes them.
    """
    unshare = ("unshare", "--mount", "--propagation", "private")
    inside = f"{ROOT}{PIVOT}cd /\n{place.setup}{place.enter}"
    # The cgroup is entered before its namespace is made, whose root it becomes.
    script = f'{CGROUPS}exec "$@"'
    caps = ("setpriv", f"--bounding-set={drop}", "--") if drop else ()
    variables = (f"{name}={value}" for name, value in environment(lab, place).items())
    return [
        *("env", *variables, "sh", "-euc", script, "sh", *unshare, *place.own),
        *("sh", "-euc", inside, "sh", *caps, *arguments),
    ]


def environment(lab: Lab, place: Container) -> dict[str, str]:
    """Return the variables that its script and ocnetview run with."""
    needed = {str(REPOSITORY), sys.prefix, sys.base_prefix}
    paths = sorted(path for path in needed if not path.startswith("/usr/"))
    mine = {"LAB": lab.cgroup, "OWN_ID": OWN_ID, "NEEDED": " ".join(paths)}
    # No address of a daemon: ocnetview is to find them.
    return {**mine, "DOCKER_HOST": "", "OVS_RUNDIR": "", **place.environment}


def run(
    lab: Lab, place: Container, *arguments: str, drop: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command of ocnetview in such a container."""
    return lab.run(*command(lab, place, "ocnetview", *arguments, drop=drop))


def ask(lab: Lab, place: Container, *arguments: str, drop: str = "") -> dict[str, Any]:
    """Return what a command of ocnetview answers there, as JSON."""
    done = run(lab, place, *arguments, "--json", drop=drop)
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout))
