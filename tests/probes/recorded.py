"""What a pod's namespace said once, beside what `ip` and `ss` said of it then."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

RECORDING = Path(__file__).parents[1] / "recordings" / "inside" / "pod.json"
NAMES = {1: "lo", 2: "eth0", 3: "down0"}
"""The links that it had, by index."""


def said(name: str) -> Any:  # noqa: ANN401 - JSON of many shapes
    """Return one of the recorded replies."""
    return json.loads(RECORDING.read_text("utf-8"))[name]


def bodies(name: str) -> list[bytes]:
    """Return the messages of a recorded dump."""
    return [b64decode(body) for body in said(name)]
