"""The demo's Open vSwitch: daemons of its own, and br0 as OpenShift SDN sets it up."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ocnetview.demo.flows import flows
from ocnetview.demo.links import BRIDGE
from ocnetview.demo.plan import (
    LEAKED_ADDRESS,
    LEAKED_POD,
    POD_MTU,
    DemoPod,
    digest,
    veth_name,
)
from ocnetview.errors import DemoError
from ocnetview.units import printable

_RUNDIR = "/run/openvswitch"
_SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
_TUN = "/dev/net/tun"
_TOOLS = ("ovsdb-tool", "ovsdb-server", "ovs-vswitchd", "ovs-vsctl", "ovs-ofctl")
_SYSTEM_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
_TIMEOUT = 20
"""Seconds that a tool waits for a daemon; an idle machine needs well under one."""


def why_no_ovs() -> str:
    """Return what keeps OVS from running here; empty when nothing seems to."""
    for tool in _TOOLS:
        if _find(tool) is None:
            return f"{tool} is not installed"
    if not Path(_SCHEMA).exists():
        return f"{_SCHEMA} is not there"
    # The userspace datapath makes a tap device for each bridge and internal port.
    try:
        os.close(os.open(_TUN, os.O_RDWR | os.O_CLOEXEC))
    except OSError as error:
        return f"{_TUN}: {error.strerror}"
    return ""


def tell_absence(problem: str) -> None:
    """Say on stderr why br0 is not Open vSwitch's; nobody asked, but it looks other."""
    told = f"the demo's br0 is a Linux bridge, for want of Open vSwitch: {problem}"
    sys.stderr.write(f"ocnetview: {printable(told)}\n")
    sys.stderr.flush()


def _find(tool: str) -> str | None:
    """Return a tool's path; the daemons are where only root's PATH looks."""
    path = os.environ.get("PATH", os.defpath)
    if not path:
        return None
    return shutil.which(tool, path=os.pathsep.join((path, *_SYSTEM_FOLDERS)))


def _run(tool: str, *arguments: str) -> None:
    """Run a tool to its end.

    Raises:
        DemoError: it failed, with what it said.
    """
    environment = {
        **os.environ,
        "OVS_RUNDIR": _RUNDIR,
        "OVS_DBDIR": _RUNDIR,
        "OVS_LOGDIR": _RUNDIR,
    }
    command = [_find(tool) or tool, *arguments]
    log = Path(_RUNDIR, f"{tool}.err")
    # A daemon keeps its standard error open, so a pipe would never end.
    with log.open("wb") as errors:
        try:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=environment,
            )
        except OSError as error:
            raise DemoError(f"{tool}: {error}") from error
    if done.returncode:
        said = log.read_text("utf-8", "replace").strip().splitlines()
        last = said[-1] if said else f"exit code {done.returncode}"
        raise DemoError(f"{tool}: {last}")


def start(pods: Sequence[DemoPod]) -> None:
    """Start the daemons and set br0 up with every pod's port.

    Raises:
        DemoError: a daemon or a tool failed, with what it said.
    """
    Path(_RUNDIR).mkdir(parents=True, exist_ok=True)
    database, socket = f"{_RUNDIR}/conf.db", f"{_RUNDIR}/db.sock"
    quiet = ("-vconsole:err", "-vsyslog:off", "-vfile:off")
    _run("ovsdb-tool", "create", database, _SCHEMA)
    _run("ovsdb-server", *quiet, *_daemon("ovsdb-server"), _punix(socket), database)
    # The first transaction is there before the switch, which then sets up once.
    _run("ovs-vsctl", "--no-wait", *_configuration(pods))
    _run("ovs-vswitchd", *quiet, *_daemon("ovs-vswitchd"), f"unix:{socket}")
    timeout = f"--timeout={_TIMEOUT}"
    # A change of any kind makes ovs-vsctl wait until the switch has done it all.
    mark = ("add", "bridge", BRIDGE, "external_ids", "ocnetview=demo")
    _run("ovs-vsctl", timeout, *mark)
    program = Path(_RUNDIR, "flows")
    program.write_text("\n".join(flows(_on_bridge(pods))), "ascii")
    ofctl = ("ovs-ofctl", timeout, "-OOpenFlow13", "add-flows", BRIDGE)
    _run(*ofctl, str(program))
    program.unlink()


def _on_bridge(pods: Sequence[DemoPod]) -> list[tuple[int, DemoPod]]:
    """Return the pods that have a port, each with its number."""
    mine = [pod for pod in pods if pod.address and pod.namespace]
    return list(enumerate(mine, 3))


def _daemon(name: str) -> tuple[str, ...]:
    """Return the options that put a daemon in the background once it is ready."""
    return ("--detach", "--no-chdir", f"--pidfile={_RUNDIR}/{name}.pid")


def _punix(path: str) -> str:
    """Return the option that makes ovsdb-server listen."""
    return f"--remote=punix:{path}"


def _configuration(pods: Sequence[DemoPod]) -> Iterator[str]:
    """Yield the commands of one ovs-vsctl transaction for the whole bridge."""
    yield from ("init", "--", "set", "Open_vSwitch", ".")
    # One thread of each kind: a demo has no use for one per core.
    yield "other_config={n-handler-threads=1,n-revalidator-threads=1}"
    yield from ("--", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE)
    yield from ("datapath_type=netdev", "fail_mode=secure", "protocols=OpenFlow13")
    yield from _port("vxlan0", 1, "type=vxlan", "options={remote_ip=flow,key=flow}")
    yield from _port("tun0", 2, "type=internal", f"mtu_request={POD_MTU}")
    on_bridge = _on_bridge(pods)
    for ofport, pod in on_bridge:
        names = _names(pod.sandbox_id, pod.noted or pod.address)
        yield from _port(pod.veth, ofport, names)
    gone = digest("sandbox", LEAKED_POD, "")
    leaked = veth_name(LEAKED_POD)
    yield from _port(leaked, 3 + len(on_bridge), _names(gone, LEAKED_ADDRESS))


def _port(name: str, ofport: int, *columns: str) -> tuple[str, ...]:
    """Return the commands for one port and the columns of its interface."""
    add = ("--", "add-port", BRIDGE, name, "--", "set", "interface", name)
    return (*add, *columns, f"ofport_request={ofport}")


def _names(sandbox: str, address: str) -> str:
    """Return external_ids as OpenShift SDN writes them, quoted for ovs-vsctl."""
    return f'external_ids={{sandbox="{sandbox}",ip="{address}"}}'


def stop() -> None:
    """End the daemons and forget their folder, when the switch did not come up."""
    for name in ("ovs-vswitchd", "ovsdb-server"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(Path(_RUNDIR, f"{name}.pid").read_text("ascii"))
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(_RUNDIR, ignore_errors=True)
