"""Writes the CRI's messages, cri_pb2.py and cri_pb2.pyi, from cri.proto."""

from __future__ import annotations

import sys
from pathlib import Path

from grpc_tools import protoc

ROOT = Path(__file__).parents[2]
PROTO = ROOT / "ocnetview" / "collectors" / "cri.proto"
GENERATED = ("cri_pb2.py", "cri_pb2.pyi")


def generate(into: Path) -> None:
    """Write the generated modules below this folder, at the package's path in it."""
    arguments = (f"-I{ROOT}", f"--python_out={into}", f"--pyi_out={into}", str(PROTO))
    if protoc.main(("protoc", *arguments)):
        sys.exit(1)


if __name__ == "__main__":
    generate(ROOT)
