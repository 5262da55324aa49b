"""The language of filters: what each term says, and what is said of a wrong one."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocnetview.columns.filters import How, Term, parse_filter, quoted
from ocnetview.errors import FilterError

_ANY = st.text(st.characters(exclude_categories=()), max_size=30)
_LIKELY = st.text(st.sampled_from('!/:"\\ []()*+?{}<>=ns,a1|^$\n'), max_size=30)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("   ", []),
        ("web", [Term("web")]),
        (" web  db ", [Term("web"), Term("db")]),
        ("!web", [Term("web", inverse=True)]),
        ("!!web", [Term("!web", inverse=True)]),
        ('"two words"', [Term("two words")]),
        ('!"two words"', [Term("two words", inverse=True)]),
        (r'"a\"b\\c"', [Term('a"b\\c')]),
        ("shop/web", [Term("shop/web")]),
        ("[/zz", [Term("[/zz")]),
        ("it's", [Term("it's")]),
        ("/^web-[0-9]+$/", [Term("^web-[0-9]+$", how=How.MATCHES)]),
        ("/a b/ c", [Term("a b", how=How.MATCHES), Term("c")]),
        (r"/a\/ b/", [Term(r"a\/ b", how=How.MATCHES)]),
        ("/a/b/", [Term("a/b", how=How.MATCHES)]),
        ("!/x/", [Term("x", how=How.MATCHES, inverse=True)]),
        ("ns:shop", [Term("shop", "ns")]),
        ("NS:Shop", [Term("Shop", "ns")]),
        ("!ns:shop", [Term("shop", "ns", inverse=True)]),
        ('ns:"a b"', [Term("a b", "ns")]),
        ("ns:/^a/", [Term("^a", "ns", How.MATCHES)]),
        ("ns:=shop", [Term("shop", "ns", How.IS)]),
        ("ns:=/shop", [Term("/shop", "ns", How.IS)]),
        ("ip:*", [Term("", "ip", How.THERE)]),
        ('ip:"*"', [Term("*", "ip")]),
        ("*", [Term("*")]),
        ("cpu:>50", [Term("50", "cpu", How.ABOVE)]),
        ("cpu:>=50", [Term("50", "cpu", How.LEAST)]),
        ("age:<5m", [Term("5m", "age", How.BELOW)]),
        ("age:<=5m", [Term("5m", "age", How.MOST)]),
        ("mac:0a:58:0a", [Term("0a:58:0a", "mac")]),
        ("0a:58:0a", [Term("0a:58:0a")]),
        ("fe80::1", [Term("fe80::1")]),
        ("net:[40", [Term("[40", "net")]),
    ],
)
def test_terms(text: str, terms: list[Term]) -> None:
    """Each term is a text, a regular expression, or a field with a value."""
    assert list(parse_filter(text)) == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!", "! needs a term behind it"),
        ("web !", "! needs a term behind it"),
        ("ns:", "ns: needs a value, as in ns:text"),
        ("cpu:>", "cpu:> needs a value, as in cpu:>5"),
        ('"web', 'a quoted text ends with "'),
        ('"a"b', 'a quoted text ends with "'),
        ("/web", 'ends with /; to find it as a text, quote it: "/web"'),
        ("/[/", "/[/ is no regular expression: unterminated character set"),
        ("/a{9999999999999}/", "no regular expression"),
        ("ns:/(/", "/(/ is no regular expression"),
    ],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    """A filter that is not finished, or cannot be understood, says what it lacks."""
    with pytest.raises(FilterError, match=re.escape(said)):
        parse_filter(text)


@given(_ANY | _LIKELY)
def test_nothing_else_goes_wrong(text: str) -> None:
    """Whatever is typed is understood or refused, and nothing else happens."""
    terms: tuple[Term, ...] = ()
    with suppress(FilterError):
        terms = parse_filter(text)
        assert bool(terms) is bool(text.strip())
    assert all(term.text or '"' in text or "*" in text for term in terms)


@given(_ANY | _LIKELY, st.sampled_from(["", "ns"]), st.booleans())
def test_what_is_quoted_is_meant_literally(text: str, key: str, inverse: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    """A quoted text comes back as it was, of a field or not, turned round or not."""
    written = ("!" if inverse else "") + (f"{key}:" if key else "") + quoted(text)
    assert parse_filter(f"a {written} b") == (
        Term("a"),
        Term(text, key, inverse=inverse),
        Term("b"),
    )
