"""The OVSDB collector against a real ovsdb-server of its own, where there is one."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from collectors.ovsdb_server import watching

from ocnetview.collectors.ovsdb import OvsdbCollector
from ocnetview.config import Settings
from ocnetview.errors import CollectorError
from ocnetview.facts import OvsFacts


@pytest.fixture
def real(tmp_path: Path) -> Iterator[str]:
    """Give the remote of a real ovsdb-server with an empty Open_vSwitch database."""
    schema = Path("/usr/share/openvswitch/vswitch.ovsschema")
    if not shutil.which("ovsdb-server") or not schema.exists():
        pytest.skip("needs ovsdb-server and its schema")
    with tempfile.TemporaryDirectory() as folder:
        remote, control = f"unix:{folder}/s", f"{folder}/c"
        database = f"{folder}/conf.db"
        subprocess.run(["ovsdb-tool", "create", database, schema], check=True)
        daemon = ["ovsdb-server", "--detach", "--no-chdir", f"--remote=p{remote}"]
        places = [f"--unixctl={control}", f"--pidfile={folder}/pid"]
        log = f"--log-file={tmp_path}/log"
        subprocess.run([*daemon, *places, log, database], check=True)
        try:
            vsctl(remote, "init")
            yield remote
        finally:
            subprocess.run(["ovs-appctl", "-t", control, "exit"], check=True)


def vsctl(remote: str, *command: str) -> str:
    """Return what ovs-vsctl prints."""
    arguments = ["ovs-vsctl", "--no-wait", "--timeout=10", f"--db={remote}", *command]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    return done.stdout


def ports_of(facts: OvsFacts) -> dict[str, list[str]]:
    """Return each bridge's ports' names."""
    return {one.name: [port.name for port in one.ports] for one in facts.bridges}


def test_a_real_server_is_followed(real: str) -> None:
    """Ports that ovs-vsctl adds and removes come and go, with what it sets."""
    with watching(OvsdbCollector(Settings(ovsdb=real))) as facts:
        assert next(facts) == OvsFacts()
        vsctl(real, "add-br", "br0")
        assert ports_of(next(facts)) == {"br0": ["br0"]}
        hostile = 'no {[/b]"\\ \u00e4\x1b[31m'
        add = ["add-port", "br0", "123", "tag=4", "--", "set", "Interface", "123"]
        vsctl(real, *add, "ofport=-1", f"error={json.dumps(hostile)}")
        port = next(facts).bridges[0].ports[0]
        assert (port.name, port.tag) == ("123", 4)
        assert (port.interfaces[0].ofport, port.interfaces[0].error) == (-1, hostile)
        vsctl(real, "del-port", "123", "--", "add-port", "br0", "vxlan0")
        assert ports_of(next(facts)) == {"br0": ["br0", "vxlan0"]}


def test_a_real_server_agrees_with_ovs_vsctl(real: str) -> None:
    """The first fact set holds the ports that ovs-vsctl lists, several hundred too."""
    names = [f"veth{number:08x}" for number in range(300)]
    adds = [word for name in names for word in ("--", "add-port", "br0", name)]
    vsctl(real, "add-br", "br0", *adds)
    with watching(OvsdbCollector(Settings(ovsdb=real))) as facts:
        ports = ports_of(next(facts))["br0"]
    listed = vsctl(real, "list-ports", "br0").split()
    assert [name for name in ports if name != "br0"] == sorted(listed)


def test_a_real_server_that_ends_is_down(real: str) -> None:
    """When the daemon ends, so does the watch, with an error; a new one may begin."""
    with watching(OvsdbCollector(Settings(ovsdb=real))) as facts:
        next(facts)
        control = real.removeprefix("unix:").removesuffix("/s") + "/c"
        reconnect = ["ovs-appctl", "-t", control, "ovsdb-server/reconnect"]
        subprocess.run(reconnect, check=True)
        with pytest.raises(CollectorError, match="the daemon has gone"):
            next(facts)
    with watching(OvsdbCollector(Settings(ovsdb=real))) as facts:
        assert next(facts) == OvsFacts()
