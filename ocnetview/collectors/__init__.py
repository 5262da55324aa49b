"""Continuous readers, one module a source."""
