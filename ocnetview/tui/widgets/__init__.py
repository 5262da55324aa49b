"""Widgets that draw rows and know nothing of nodes."""
