"""The CRI's messages are those of their source."""

from __future__ import annotations

from pathlib import Path

import pytest
from collectors.cri_generate import GENERATED, PROTO, ROOT, generate


@pytest.mark.parametrize("name", GENERATED)
def test_the_messages_are_what_the_source_gives(tmp_path: Path, name: str) -> None:
    """Writing them again changes no byte of the generated modules."""
    generate(tmp_path)
    committed = PROTO.with_name(name)
    again = tmp_path / committed.relative_to(ROOT)
    assert again.read_bytes() == committed.read_bytes()
