"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# The machines are shared: how long an example takes says nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
