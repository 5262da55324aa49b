"""What an error was made from."""

from __future__ import annotations

from ocnetview.errors import causes


def test_an_error_is_followed_to_what_it_was_made_from() -> None:
    """Causes, contexts, arguments and the fields of libraries, each once."""
    inner, beside, field = OSError("inner"), KeyError("beside"), EOFError("field")
    middle = ValueError("middle", beside)
    middle.__cause__ = inner
    inner.__context__ = middle
    outer = RuntimeError(middle)
    outer.reason = field  # type: ignore[attr-defined]  # as urllib3 does
    assert list(causes(outer)) == [outer, middle, field, beside, inner]
