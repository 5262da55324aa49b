"""The short-lived step between us and tcpdump: enters a namespace, becomes tcpdump.

It sees to it that tcpdump ends with us, however we end, and that it is in the namespace
that is meant before it opens anything.
"""

from __future__ import annotations

import json
import os
import sys

from ocnetview.collectors.entry import enter
from ocnetview.probes.child import end_with

ENTER_FAILED = 97
"""Our exit status where the namespace may not be entered; tcpdump has no such one."""
EXEC_FAILED = 98


def main() -> None:
    """Do what the argument asks for."""
    asked = json.loads(sys.argv[2])
    end_with(asked["parent"])
    if asked["netns"] is not None:
        try:
            enter(asked["netns"])
        except OSError as error:
            _fail(ENTER_FAILED, error)
        finally:
            os.close(asked["netns"])
    try:
        os.execv(asked["command"][0], asked["command"])  # noqa: S606 - no shell, as meant
    except OSError as error:
        _fail(EXEC_FAILED, error)


def _fail(status: int, error: OSError) -> None:
    sys.stderr.write(error.strerror or str(error))
    sys.stderr.flush()
    os._exit(status)
