"""Screens that open above the panes."""
