"""Packets that pass two places -> what became of each between them."""
