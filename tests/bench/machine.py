"""Which machine and which versions a table was measured with."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

from node.lab import path_of_tools

VERSIONS = {
    "iproute2": ("ip", "-V"),
    "Open vSwitch": ("ovs-vsctl", "--version"),
    "Docker": ("dockerd", "--version"),
    "plotnetcfg": ("plotnetcfg", "--version"),
    "htop": ("htop", "--version"),
    "btop": ("btop", "--version"),
    "psmisc": ("pstree", "--version"),
    "util-linux": ("lsns", "--version"),
}
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def describe() -> str:
    """Return the machine, the kernel, and what was run on it."""
    cores = os.cpu_count()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    peers = [f"{name} {found}" for name in VERSIONS if (found := version_of(name))]
    ours = [f"{name} {version(name.lower())}" for name in ("Textual", "psutil")]
    python = f"Python {platform.python_version()}"
    return (
        f"On {processor()}, {cores} cores, Linux {platform.release()},"
        f" load {load}; {', '.join([python, *ours, *peers])}."
    )


def processor() -> str:
    """Return the processor's name, as the kernel tells it."""
    text = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found.group(1).strip() if found else platform.machine()


def version_of(name: str) -> str:
    """Return a program's version; empty where it is not there or does not say it."""
    environment = {"PATH": path_of_tools(), "LANG": "C.UTF-8", "HOME": "/nonexistent"}
    try:
        done = subprocess.run(
            VERSIONS[name],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        return ""
    plain = _COLOUR.sub("", done.stdout + done.stderr)
    found = _VERSION.search(plain)
    return found.group(0) if found else ""
