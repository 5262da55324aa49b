"""How the parts of a table look, in the colours of any theme."""

from __future__ import annotations

from ocnetview.tui.widgets.row import Tone

PARTS = frozenset(
    f"row-table--{part}" for part in ("header", "cursor", "lit", "mark", *Tone)
)
"""What a style is asked for by."""
CSS = """
RowTable {
    overflow-x: hidden;
    scrollbar-size-vertical: 1;
    .row-table--header { color: $text-primary; text-style: bold; }
    .row-table--cursor {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    .row-table--lit {
        background: $block-cursor-blurred-background;
        text-style: $block-cursor-blurred-text-style;
    }
    &:ansi .row-table--lit { text-style: bold underline; }
    .row-table--mark { color: $text-primary; text-style: bold; }
    .row-table--muted { text-style: dim; }
    .row-table--accent { color: $text-accent; }
    .row-table--second { color: $text-success; }
    .row-table--warning { color: $text-warning; }
    .row-table--error { color: $text-error; }
}
"""
