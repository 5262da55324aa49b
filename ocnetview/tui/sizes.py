"""How large a terminal must be, and what its size is called in the stylesheet."""

from __future__ import annotations

LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""Cells below which the panes hold nothing that can be read."""
WIDTHS: list[tuple[int, str]] | None = [
    (0, "-tiny"),
    (LEAST_WIDTH, "-narrow"),
    (150, "-wide"),
    (300, "-broad"),
]
HEIGHTS: list[tuple[int, str]] | None = [
    (0, "-flat"),
    (LEAST_HEIGHT, "-slim"),
    (20, "-low"),
    (30, "-high"),
]
"""Classes of the screen, from so many cells on."""
