"""The owner of a process's user namespace."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ocnetview.collectors.userns import userns_owner


def test_the_first_user_namespace_is_roots() -> None:
    """Init's namespace belongs to root; a pid that is nobody's has none."""
    if str(Path("/proc/self/ns/user").readlink()) != "user:[4026531837]":
        pytest.skip("runs in a user namespace of its own")
    assert userns_owner("/proc", os.getpid()) == 0
    assert userns_owner("/proc", 2**22 + 1) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be another user")
def test_a_made_one_is_its_makers() -> None:
    """A process that unshares as user 4242 is in a namespace of user 4242."""
    made = subprocess.Popen(
        ["unshare", "--user", "sh", "-c", "echo ready; read -r _"],
        user=4242,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert made.stdout
    said = made.stdout.readline()
    owner = userns_owner("/proc", made.pid)
    made.communicate()
    if said != b"ready\n":
        pytest.skip(f"no user namespaces here: {said!r}")
    assert owner == 4242
