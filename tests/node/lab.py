"""A node of its own: namespaces with real OVS, containerd and Docker inside."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
KEEPER = Path(__file__).with_name("keeper.py")
TOOLS = (
    *("unshare", "nsenter", "setpriv", "mount", "ip", "tar"),
    *("ovsdb-tool", "ovsdb-server", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl"),
    *("dockerd", "docker", "containerd", "runc", "busybox", "tcpdump"),
)
"""What the live tests run; `tests/run` installs them where it can."""

NOBODY = 65534
CONTAINERD = """
version = 2
oom_score = 0
root = "/run/lab/containerd"
state = "{state}"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
address = "{state}/containerd.sock"
"""
"""Docker's, without the plugins that need a CNI, or that write to /opt."""


class LabError(Exception):
    """A step of the lab that failed, with what its command said."""


def path_of_tools() -> str:
    """Return PATH with the folders of this interpreter and of system tools in it."""
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    return os.pathsep.join([*folders, "/usr/local/sbin", "/usr/sbin", "/sbin"])


def why_not() -> str:
    """Return why this machine cannot hold a lab; empty when it can, so far."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux"
    missing = [tool for tool in TOOLS if not shutil.which(tool, path=path_of_tools())]
    if missing:
        return f"needs {', '.join(missing)}"
    if not Path("/dev/net/tun").exists():
        return "needs /dev/net/tun"
    if REPOSITORY.is_relative_to("/run"):
        return "needs a checkout outside of /run"
    busybox = Path(str(shutil.which("busybox", path=path_of_tools())))
    if b"/ld-" in busybox.read_bytes()[:4096]:
        return "needs a static busybox (Debian: busybox-static)"
    made = subprocess.run(
        ["unshare", "--net", "--mount", "--pid", "--fork", "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return made.stderr.strip()


def until(done: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Wait for something that only a look can tell; the lab's one place that polls.

    Raises:
        LabError: it did not come in time.
    """
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if done():
            return
        pause.wait(0.05)
    raise LabError(f"{what}: not within {seconds:.0f} s")


class Lab:
    """The namespaces, and commands run inside them."""

    def __init__(self) -> None:
        """Make the namespaces; `close` undoes them."""
        self.cgroup = f"ocnetview-lab-{secrets.token_hex(4)}"
        self._keeper = subprocess.Popen(
            [sys.executable, str(KEEPER), self.cgroup],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={"PATH": path_of_tools()},
        )
        assert self._keeper.stdout
        said = self._keeper.stdout.readline().strip()
        if not said.isdecimal():
            self.close()
            raise LabError(f"cannot make namespaces: {said}")
        self.pid = int(said)
        """The first process of the pid namespace, in this machine's numbering."""
        self.environment = {
            "PATH": path_of_tools(),
            "HOME": "/run/lab/home",
            "LANG": "C.UTF-8",
            "DOCKER_HOST": "unix:///run/docker.sock",
            "OVS_RUNDIR": "/run/openvswitch",
            "OVS_DBDIR": "/run/openvswitch",
            "OVS_LOGDIR": "/run/openvswitch",
        }
        self.containerd = "/run/containerd"
        """Where Docker's containerd has its socket and its state."""

    def close(self) -> None:
        """End every process of the lab, and with them all that they held."""
        self._keeper.communicate(timeout=60)

    def command(self, *command: str, uid: int = 0) -> list[str]:
        """Return the command line that runs a command inside, as this user."""
        ids = (f"--reuid={uid}", f"--regid={uid}", "--clear-groups")
        as_user = ("setpriv", *ids, "--") if uid else ()
        enter = ("nsenter", f"--target={self.pid}", "--mount", "--net", "--pid")
        return [*enter, "--ipc", "--", *as_user, *command]

    def run(
        self, *command: str, uid: int = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside and return what it said, whatever its exit code."""
        return subprocess.run(
            self.command(*command, uid=uid),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=50,
            env=self.environment | environment,
        )

    def do(self, *command: str) -> str:
        """Run a command inside that must succeed, and return its output.

        Raises:
            LabError: it failed, with what it said.
        """
        done = self.run(*command)
        if done.returncode:
            raise LabError(f"{' '.join(command)}: {done.returncode}: {done.stderr}")
        return done.stdout.strip()

    def sh(self, script: str) -> str:
        """Run a shell script inside that must succeed, and return its output."""
        return self.do("sh", "-euc", script)

    def ip(self, *arguments: str) -> list[dict[str, Any]]:
        """Return what `ip -json` says; it writes names raw, control characters too."""
        said = self.do("ip", "-json", *arguments)
        return list(json.loads(said or "[]", strict=False))

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start a command inside whose output is read while it runs.

        It ends at the end of its input; should the tests die, it dies with them.
        """
        return subprocess.Popen(
            self.command("setpriv", "--pdeathsig", "KILL", "--", *command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment | environment,
        )

    def daemon(self, name: str, *command: str, ready: str) -> None:
        """Start a daemon inside and wait until this command succeeds.

        Raises:
            LabError: it did not start, with the end of its log.
        """
        log = f"/run/lab/{name}.log"
        line = 'log=$1; shift; "$@" </dev/null >>"$log" 2>&1 &'
        self.run("sh", "-c", line, "sh", log, *command)
        try:
            until(lambda: not self.run("sh", "-c", ready).returncode, f"{name} starts")
        except LabError as error:
            raise LabError(f"{error}\n{self.sh(f'tail -n 20 {log}')}") from error

    def start_ovs(self) -> None:
        """Start Open vSwitch, its sockets in /run/openvswitch."""
        schema = "/usr/share/openvswitch/vswitch.ovsschema"
        self.do("ovsdb-tool", "create", "/run/openvswitch/conf.db", schema)
        self.start_ovsdb()
        self.daemon(
            "ovs-vswitchd",
            *("ovs-vswitchd", "unix:/run/openvswitch/db.sock", "--pidfile"),
            ready="test -s /run/openvswitch/ovs-vswitchd.pid && ovs-appctl version",
        )

    def start_ovsdb(self) -> None:
        """Start the database server alone; what it holds outlives it."""
        run = "/run/openvswitch"
        self.daemon(
            "ovsdb-server",
            *("ovsdb-server", f"{run}/conf.db", f"--remote=punix:{run}/db.sock"),
            *("--pidfile", f"--unixctl={run}/ovsdb-server.ctl"),
            ready="ovs-vsctl --timeout=5 --no-wait init",
        )

    def start_docker(self) -> None:
        """Start Docker and its containerd; neither makes a bridge or a rule."""
        config = CONTAINERD.format(state=self.containerd)
        self.sh(f"cat >/run/lab/containerd.toml <<'END'\n{config}\nEND")
        self.daemon(
            "containerd",
            *("containerd", "--config=/run/lab/containerd.toml"),
            ready=f"test -S {self.containerd}/containerd.sock",
        )
        self.sh("echo '{}' >/run/lab/docker.json")
        self.start_dockerd()

    def start_dockerd(self) -> None:
        """Start the Docker daemon alone; running containers live on without it."""
        # Until version 25 it wants a score that takes CAP_SYS_RESOURCE; later
        # versions set none and do not know the flag.
        known = "--oom-score-adjust" in self.do("dockerd", "--help")
        self.daemon(
            "dockerd",
            *("dockerd", "--config-file=/run/lab/docker.json", "--bridge=none"),
            *("--iptables=false", "--ip6tables=false", "--ip-masq=false"),
            *("--ip-forward=false", "--data-root=/run/lab/docker"),
            *("--exec-root=/run/docker", "--pidfile=/run/docker.pid"),
            *(f"--containerd={self.containerd}/containerd.sock", "--live-restore"),
            *("--host=unix:///run/docker.sock", f"--cgroup-parent=/{self.cgroup}"),
            *("--exec-opt=native.cgroupdriver=cgroupfs",),
            *(("--oom-score-adjust=0",) if known else ()),
            ready="docker version",
        )

    def crash(self, pidfile: str) -> None:
        """Kill the daemon that wrote this file, as a crash would."""
        pid = self.do("cat", pidfile)
        self.do("kill", "-KILL", pid)
        gone = ("test", "!", "-d", f"/proc/{pid}")
        until(lambda: not self.run(*gone).returncode, f"{pidfile} ends")

    def cover(self) -> None:
        """Put empty folders over /tmp and those that only root may enter.

        So nothing is written to the machine's /tmp, and other users than root
        reach this interpreter and this checkout, which stay where they are.
        """
        needed = {REPOSITORY, Path(sys.prefix), Path(sys.base_prefix)}
        above = {parent for path in needed for parent in path.parents}
        closed = {path for path in above if not path.stat().st_mode & 0o001}
        tops = {Path("/tmp"), *closed}
        tops -= {path for path in tops if any(top in path.parents for top in tops)}
        hidden = sorted(p for p in needed if any(map(p.is_relative_to, tops)))
        aside = {path: f"/run/lab/aside/{n}" for n, path in enumerate(hidden)}
        lines = [f"mkdir -p {a}; mount --rbind '{p}' {a}" for p, a in aside.items()]
        lines += [f"mount -t tmpfs -o mode=1777 tmpfs '{path}'" for path in tops]
        lines += [f"mkdir -p '{p}'; mount --rbind {a} '{p}'" for p, a in aside.items()]
        self.sh("\n".join(lines))
