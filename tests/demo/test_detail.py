"""The detail of a pod of the demo node, each tab read for real."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from demo.visits import Caller, need_namespaces

READER = Path(__file__).with_name("detail.py")


@pytest.fixture(scope="module")
def tabs() -> dict[str, str]:
    """Give what each tab shows, by its id."""
    if os.geteuid():
        pytest.skip("needs root")
    root = Caller("root")
    need_namespaces(root)
    done = subprocess.run(
        root.demo("linux", sys.executable, str(READER), "one", "two"),
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
        env={**os.environ, "PYTHONPATH": str(READER.parents[1])},
    )
    assert done.stdout, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("path", "⇄"),
        ("evidence", "= kernel, both ends"),
        ("interfaces", "10.128.0.6/23"),
        ("routes", "default"),
        ("neighbours", "source"),
        ("dns", "fixed names (/etc/hosts)"),
        ("sockets", "haproxy"),
        ("conntrack", "flows"),
        ("containers", "/usr/bin/openshift-router"),
    ],
)
def test_each_tab_shows_what_is_inside(
    tabs: dict[str, str], tab: str, said: str
) -> None:
    """Read by the probes and drawn; none of them failed."""
    assert said in tabs[tab]
    assert "cannot read" not in tabs[tab]


@pytest.mark.timeout(180)
def test_both_ends_of_the_veth_are_counted(tabs: dict[str, str]) -> None:
    """The one inside the pod, too, and they agree: nothing is lost between them."""
    lines = tabs["path"].splitlines()
    eth0, veth = (
        next(line for line in lines if name in line and "p/s" in line)
        for name in (" interface  eth0", " link  ")
    )
    assert eth0.split("tx")[1].split()[1] == veth.split("rx")[1].split()[1]
