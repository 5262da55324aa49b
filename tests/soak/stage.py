"""The node of the soak: a lab with daemons, what spoils their answers, and a world."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from collectors.kube_shapes import NODE
from node.dind import DOCKERD, Dind
from node.lab import REPOSITORY, Lab, LabError, until
from node.wiring import BRIDGES, IMAGE

HERE = Path(__file__).parent
RUN = "/run/soak"
KUBE_PORT = 6443
ENVIRONMENT = {
    "PYTHONPATH": str(REPOSITORY / "tests"),
    "PYTHONDONTWRITEBYTECODE": "1",
    "OCNETVIEW_DOCKER_HOST": f"unix://{RUN}/docker.sock",
    "OCNETVIEW_OVSDB": f"unix:{RUN}/db.sock",
    "OCNETVIEW_CRI": f"unix://{RUN}/cri.sock",
    "OCNETVIEW_KUBECONFIG": f"{RUN}/kubeconfig",
    "OCNETVIEW_NODE_NAME": NODE,
    "OCNETVIEW_CNI_RESULTS": f"{RUN}/results",
    "OCNETVIEW_REFRESH": "0.5",
}
"""What ocnetview is told: to ask all daemons by way of what spoils their answers."""
PAIRS = {
    "ovsdb": (f"{RUN}/db.sock", "/run/openvswitch/db.sock"),
    "docker": (f"{RUN}/docker.sock", "/run/docker.sock"),
    "cri": (f"{RUN}/cri.sock", f"{RUN}/cri-server.sock"),
    "kube": (str(KUBE_PORT), "1"),
}
"""Of each source where ocnetview asks, and where its daemon answers."""
QUIET = ("quiet-0", "quiet-1", "quiet-2")
FORKS = "while [ -e /go ]; do sleep 0.05 & sleep 0.04; done"
LISTED = 8
"""So many pods the API, and the CRI, know of."""
STANDING = 24
"""Pods that stand through all of it."""


class Inside:
    """A program of ours that runs in the lab, asked line by line."""

    def __init__(self, lab: Lab, script: str, *arguments: str) -> None:
        """Start it; what it complains of is in a file of its name."""
        self.name = script.removesuffix(".py")
        self._lab = lab
        self._log = f"{RUN}/{self.name}.err"
        line = 'log=$1; shift; exec "$@" 2>>"$log"'
        command = (sys.executable, str(HERE / script), *arguments)
        self.popen = lab.start(
            "sh", "-c", line, "sh", self._log, *command, **ENVIRONMENT
        )

    def line(self) -> str:
        """Return the next line that it says.

        Raises:
            LabError: it ended instead, with what it complained of.
        """
        assert self.popen.stdout
        line = self.popen.stdout.readline()
        if not line:
            raise LabError(f"{self.name} ended: {self.complaints()}")
        return line.strip()

    def ask(self, line: str) -> str:
        """Send a line and return the answer."""
        assert self.popen.stdin
        self.popen.stdin.write(f"{line}\n")
        self.popen.stdin.flush()
        return self.line()

    @property
    def pid(self) -> int:
        """Return its pid in this machine's numbering: the child of `nsenter`."""
        parent = self.popen.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
        return int(children.split()[0])

    def freeze(self) -> None:
        """Stop it where it is."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on; `nsenter` stops with its child, and knows how to go on."""
        for pid in (self.popen.pid, self.pid):
            os.kill(pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash would."""
        os.kill(self.pid, signal.SIGKILL)
        self.popen.communicate(timeout=20)

    def complaints(self) -> str:
        """Return all that it wrote on stderr."""
        return self._lab.run("cat", self._log).stdout

    def close(self) -> str:
        """End its input, and return what it says at its end."""
        said, _ = self.popen.communicate(timeout=60)
        return said

    def end(self) -> None:
        """End it, however it fares, unless it has ended."""
        if self.popen.stdin and not self.popen.stdin.closed:
            # Its child may be gone by now, with the daemon that it was.
            with suppress(OSError, IndexError):
                self.thaw()
            with suppress(OSError, subprocess.TimeoutExpired):
                self.close()


@dataclass(slots=True)
class Stage:
    """The node, with everything on it."""

    lab: Lab
    pods: list[dict[str, Any]] = field(default_factory=list)
    """Those that stand."""
    listed: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The pods that the API, and the CRI, know of."""
    servers: dict[str, Inside] = field(default_factory=dict)
    focus: str = ""
    """What ocnetview is to look at, as JSON."""
    nested: Dind = field(init=False)
    """A container with Docker in it."""
    world: Inside = field(init=False)
    _proxy: Inside = field(init=False)
    _version: int = 1000

    def __post_init__(self) -> None:
        """Build it all, in some seconds."""
        lab = self.lab
        self.nested = Dind(lab)
        # So the socket that a container has mounted is a dead one from the beginning.
        lab.crash("/run/docker.pid")
        lab.start_dockerd()
        lab.sh(f"mkdir -p {RUN}/results")
        lab.start_ovs()
        lab.sh(BRIDGES)
        places = [place for pair in PAIRS.values() for place in pair]
        self._proxy = Inside(lab, "proxy.py", *places)
        assert self._proxy.line() == "ready"
        self._write_kubeconfig()
        self.world = Inside(lab, "orders.py")
        self.pods = self.ask("stand", count=STANDING)
        self.listed = {"cri": self.pods[:LISTED], "kube": self.pods[2 : 2 + LISTED]}
        for source in self.listed:
            self.serve(source)
        self._run_containers()

    def ask(self, what: str, **how: object) -> Any:  # noqa: ANN401 - JSON
        """Have the world do something, and return what it says."""
        return json.loads(self.world.ask(json.dumps({"do": what} | how)))

    def spoil(self, source: str, mode: str) -> None:
        """Let what a source's daemon answers fare like this from now on."""
        self._proxy.ask(f"{[*PAIRS].index(source)} {mode}")

    def serve(self, source: str) -> None:
        """Start the scripted daemon of a source, with the pods that it knows of."""
        pods = json.dumps(self.listed[source])
        self._version += 1000
        self.lab.do("rm", "-f", PAIRS["cri"][1]) if source == "cri" else None
        where = {"kube": str(self._version), "cri": PAIRS["cri"][1]}[source]
        server = Inside(self.lab, "servers.py", source, where, pods)
        said = json.loads(server.line())
        if source == "kube":
            self._proxy.ask(f"{[*PAIRS].index(source)} to {said}")
        self.servers[source] = server

    def change(self, source: str) -> None:
        """Let a scripted daemon know of the youngest pod, and of a few others."""
        pods = [*self.listed[source], self.ask("pick")]
        self._tell(source, pods[-1], gone=False)
        if len(pods) > LISTED:
            self._tell(source, pods.pop(0), gone=True)
        self.listed[source] = pods

    def _forget_others(self, numbers: set[int]) -> None:
        """Let scripted daemons know of none but these pods any more."""
        for source, pods in self.listed.items():
            for pod in pods:
                if pod["number"] not in numbers:
                    self._tell(source, pod, gone=True)
            self.listed[source] = [pod for pod in pods if pod["number"] in numbers]

    def _tell(self, source: str, pod: dict[str, Any], *, gone: bool) -> None:
        self.servers[source].ask(json.dumps(pod | {"gone": gone}))

    def signal_nested(self, name: str) -> None:
        """Send a signal to the daemon inside the container."""
        self.nested.within(f"kill -{name} $(cat /run/docker.pid)")

    def serve_nested(self) -> None:
        """Start the daemon inside the container, and what ran in it."""
        self.nested.within(f"rm -f /run/docker.pid\n{DOCKERD}")
        self.nested.ready("docker version", "dockerd")
        self.nested.within("docker start deep")

    def _write_kubeconfig(self) -> None:
        """Have ocnetview ask the API by way of what spoils its answers."""
        server = {"server": f"http://127.0.0.1:{KUBE_PORT}"}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": server}],
            "users": [{"name": "u", "user": {"token": "any"}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        self.lab.sh(f"cat >{RUN}/kubeconfig <<'END'\n{json.dumps(config)}\nEND")

    def _run_containers(self) -> None:
        """Run real containers, three with a veth, one that forks when it is told to."""
        program = "trap 'exit 0' TERM; while :; do sleep 100001 & wait; done"
        for name in ("worker", *QUIET):
            run = ("docker", "run", "--detach", "--network=none", f"--name={name}")
            self.lab.do(*run, IMAGE, "sh", "-c", program)
        pids = {name: self._pid(name) for name in ("worker", *QUIET)}
        for name in QUIET:
            self.lab.sh(
                f"ip link add {name} type veth peer name eth0 netns {pids[name]}\n"
                f"ip link set {name} up master lbr0"
            )
        ids = {
            name: self.lab.do("docker", "inspect", "--format={{.Id}}", name)
            for name in pids
        }
        looked_at = [[ids[name], pids[name]] for name in ("worker", "quiet-0")]
        self.focus = json.dumps(
            {"containers": looked_at, "pids": [pod["pid"] for pod in self.pods[:3]]}
        )

    def _pid(self, name: str) -> int:
        return int(self.lab.do("docker", "inspect", "--format={{.State.Pid}}", name))

    def fork(self) -> None:
        """Let processes come and go in a container that is looked at."""
        self.lab.do("docker", "exec", "worker", "busybox", "touch", "/go")
        self.lab.do("docker", "exec", "--detach", "worker", "sh", "-c", FORKS)

    def calm(self) -> None:
        """Let nothing change any more, and wait until the last change is done.

        A runtime's change goes before those of the kernel: they tell of it.
        """
        self.ask("churn", rate=0)
        self._forget_others(set(self.ask("living")))
        self.ask("pause")
        self.lab.do("docker", "exec", "worker", "busybox", "rm", "-f", "/go")
        still = ("docker", "exec", "worker", "ls", "/proc")
        until(lambda: self._processes(still) <= 3, "the container is quiet")

    def empty(self) -> None:
        """End all that came since the beginning."""
        self._forget_others({pod["number"] for pod in self.pods})
        self.ask("rest")
        self.lab.sh("docker ps -aq --filter name=flit | xargs -r docker rm -f")

    def _processes(self, command: tuple[str, ...]) -> int:
        """Return how many processes the container has, without the one that counts."""
        return sum(name.isdecimal() for name in self.lab.do(*command).split()) - 1

    def namespaces(self) -> int:
        """Return how many other network namespaces the node's knows, alive."""
        return len(self.lab.ip("netns", "list-id"))

    def close(self) -> None:
        """End what runs, as far as it still does."""
        for program in (self.world, self._proxy, *self.servers.values()):
            program.end()
