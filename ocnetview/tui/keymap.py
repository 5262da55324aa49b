"""The user's own keys, checked against the commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.binding import Binding
from textual.keys import Keys

from ocnetview.errors import ConfigError

_WITH = ("ctrl+", "shift+", "alt+", "super+")


def checked(
    keys: Mapping[str, str], *places: Iterable[Binding], where: str = "[keys]"
) -> dict[str, str]:
    """Return the keys by the id of what they do, as Textual names them.

    Args:
        keys: what the settings say: keys with commas, or single characters.
        places: all that can be given other keys, by where it is there together.
        where: what an error names as the place.

    Raises:
        ConfigError: an unknown id, an unknown key, or one key for two things.
    """
    known = [{one.id: one for one in place if one.id} for place in places]
    every = {name for place in known for name in place}
    for name in keys:
        if name not in every:
            names = ", ".join(sorted(every))
            raise ConfigError(f"{where}: there is no {name!r} to do; known: {names}")
    mine = {name: _spelled(text, name, where) for name, text in keys.items()}
    for place in known:
        _check_apart(mine, place, where)
    return mine


def _check_apart(
    mine: Mapping[str, str], place: Mapping[str, Binding], where: str
) -> None:
    """See that no key that the user chose is for two things in one place."""
    owners: dict[str, str] = {}
    for name, binding in place.items():
        for key in mine.get(name, binding.key).split(","):
            other = owners.setdefault(key, name)
            if other != name and {name, other} & mine.keys():
                raise ConfigError(
                    f"{where}: {key!r} is for {other!r} and for {name!r};"
                    " give one of them another key"
                )


def _spelled(text: str, name: str, where: str) -> str:
    """Return keys as Textual names them."""
    found = [_named(part.strip()) for part in text.split(",")]
    for key, part in zip(found, text.split(","), strict=True):
        if not _is_key(key):
            raise ConfigError(
                f"{where}: {name}: there is no key {part.strip()!r}; a key is a"
                " character or a name such as enter, comma, f2, ctrl+k, shift+up"
            )
    return ",".join(found)


def _named(key: str) -> str:
    """Return a key as Textual names it: slash for /."""
    made = Binding.make_bindings([Binding(key, "")]) if key else ()
    return next((binding.key for binding in made), "")


def _is_key(key: str) -> bool:
    """Claim that a terminal can send this key."""
    bare = key
    while bare.startswith(_WITH):
        bare = bare.partition("+")[2]
    return bare in _NAMES or (len(bare) == 1 and bare.isprintable())


_NAMES = frozenset(key.value for key in Keys) | {
    "comma",
    *(_named(chr(code)) for code in range(0x21, 0x7F) if chr(code) != ","),
}
"""What Textual calls the keys: enter, f2, and slash for the sign."""
