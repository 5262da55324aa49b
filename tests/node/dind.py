"""Docker in Docker on a node of its own, and a veth to a container two levels down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from node.lab import CONTAINERD, Lab, until
from node.wiring import ROOTFS

INSIDE = Path(__file__).with_name("nested_inside.py")
OUTER = (
    *("docker", "run", "--detach", "--name=outer", "--network=none"),
    *("--cap-add=SYS_ADMIN", "--cap-add=NET_ADMIN", "--cap-add=SYS_PTRACE"),
    *("--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"),
    "--security-opt=systempaths=unconfined",
    *("--tmpfs=/run:exec", "--tmpfs=/tmp", "--tmpfs=/var", "--tmpfs=/etc"),
    *("--volume=/usr:/usr:ro", "--volume=/usr/lib:/lib:ro"),
    *("--volume=/usr/lib64:/lib64:ro", "--env=DOCKER_HOST=unix:///run/docker.sock"),
    "--env=PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin",
    *("lab-busybox", "sleep", "100000"),
)
"""As privileged as this machine allows, with the node's programs."""
ENGINE = r"""
for controller in /sys/fs/cgroup/*; do
    mount -o remount,bind,rw "$controller" || true
done
mkdir -p /run/lab /run/root/bin
ln -s /run /var/run
echo 'root:x:0:0::/:/bin/sh' >/etc/passwd
echo 'root:x:0:' >/etc/group
cat >/run/lab/containerd.toml <<'END'
%s
END
echo '{}' >/run/lab/docker.json
containerd --config=/run/lab/containerd.toml >/run/lab/containerd.log 2>&1 &
"""
DOCKERD = """
known=$(dockerd --help | grep -o -e --oom-score-adjust || true)
dockerd --config-file=/run/lab/docker.json --bridge=none --iptables=false \\
    --ip6tables=false --ip-masq=false --ip-forward=false --storage-driver=vfs \\
    --data-root=/run/lab/docker --exec-root=/run/docker --pidfile=/run/docker.pid \\
    --containerd=/run/containerd/containerd.sock --host=unix:///run/docker.sock \\
    --exec-opt=native.cgroupdriver=cgroupfs ${known:+--oom-score-adjust=0} \\
    >/run/lab/dockerd.log 2>&1 &
"""
DEEP = """
cp /bin/busybox /run/root/bin/
ln -s busybox /run/root/bin/sleep
busybox tar -C /run/root -c . | docker import - deep
docker run --detach --name=deep --network=none deep sleep 100004
docker create --name=idle --network=none deep sleep 100005
mkdir /run/netns
: >/run/netns/kept
/usr/bin/unshare --net=/run/netns/kept true
"""
WIRE = 'nsenter --target "$1" --net ip link add vdeep type veth peer eth0 netns "$2"'


class Dind:
    """A lab node with Docker, a container with Docker in it, and one in that."""

    def __init__(self, lab: Lab) -> None:
        """Build it; some seconds."""
        self.lab = lab
        lab.cover()
        lab.start_docker()
        lab.sh(ROOTFS)
        lab.do(*OUTER)
        self.outer, pid = self.inspected(("docker",), "outer")
        self.outer_pid = pid
        self.within(ENGINE % CONTAINERD.format(state="/run/containerd"))
        self.ready("test -S /run/containerd/containerd.sock", "containerd")
        self.within(DOCKERD)
        self.ready("docker version", "dockerd")
        self.within(DEEP)
        engine = ("docker", "exec", "outer", "docker")
        self.deep, self.deep_inner_pid = self.inspected(engine, "deep")
        """The pid as the engine counts."""
        self.deep_pid = self.found(self.deep_inner_pid)
        """The pid as the lab counts."""
        lab.do("sh", "-euc", WIRE, "sh", str(self.outer_pid), str(self.deep_pid))
        mounted = ("--volume=/run/docker.sock:/run/docker.sock", "--network=none")
        name = ("--name=agent", "lab-busybox", "sleep", "100006")
        lab.do("docker", "run", "--detach", *mounted, *name)

    def within(self, script: str) -> str:
        """Run a shell script in the outer container that must succeed."""
        return self.lab.do("docker", "exec", "outer", "/bin/sh", "-euc", script)

    def ready(self, command: str, what: str) -> None:
        """Wait until a command in the outer container succeeds."""
        enter = ("docker", "exec", "outer", "/bin/sh", "-c", command)
        until(lambda: not self.lab.run(*enter).returncode, f"inner {what}")

    def inspected(self, docker: tuple[str, ...], name: str) -> tuple[str, int]:
        """Return a container's id and pid as its own engine says."""
        form = "{{.Id}} {{.State.Pid}}"
        said = self.lab.do(*docker, "inspect", "--format", form, name).split()
        return said[0], int(said[1])

    def found(self, inner: int) -> int:
        """Return the lab's pid of a process of the outer pid namespace, by NSpid."""
        script = "grep -H ^NSpid: /proc/[0-9]*/status"
        for line in self.lab.sh(script).splitlines():
            place, *numbers = line.split()
            if numbers[1:2] == [str(inner)]:
                return int(place.split("/")[2])
        raise LookupError(inner)

    def facts(self) -> dict[str, Any]:
        """Return what our collector tells."""
        return dict(json.loads(self.lab.do("python", str(INSIDE))))
