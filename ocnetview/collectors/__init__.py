"""Continuous readers, one module a source; `registry` names them all."""
