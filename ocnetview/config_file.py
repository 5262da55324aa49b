"""Writing single tables of the settings file, the rest of it left as it is."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ocnetview.errors import ConfigError

Value = bool | str | Sequence[str]
Tables = Mapping[tuple[str, str], Mapping[str, Value]]
"""By the two parts of a table's name, what its keys are to be; no keys: no table."""
_ESCAPES = {'"': r"\"", "\\": r"\\"}


def write_tables(path: Path, tables: Tables) -> None:
    """Write these tables into a file, which is made where there is none.

    Raises:
        ConfigError: it cannot be read or written, or holds one of them in another
            form than as a table of its own.
    """
    path = path.resolve()  # the file itself, where the path is a link to it
    try:
        before = path.read_bytes().decode()  # with the line ends that it has
    except FileNotFoundError:
        before = ""
    except OSError as error:
        raise ConfigError(f"{path}: cannot read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        after = with_tables(before, tables)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except ValueError as error:
        raise ConfigError(f"{path}: left as it is: {error}") from error
    if after != before:
        try:
            _replace(path, after)
        except OSError as error:
            raise ConfigError(f"{path}: cannot write: {error.strerror}") from error


def with_tables(text: str, tables: Tables) -> str:
    """Return the text of a TOML file with these tables, all else as it was.

    Raises:
        ValueError: it is not TOML, or holds one of them in a form that is not ours.
    """
    for name, values in tables.items():
        wanted = _merged(tomllib.loads(text), name, values)
        text = _with_table(text, name, values)
        found = None
        with suppress(tomllib.TOMLDecodeError):
            found = _filled(tomllib.loads(text))
        if found is None or found != wanted:
            raise ValueError(f"[{'.'.join(name)}] has to be a table of its own there")
    return text


def toml_lines(values: Mapping[str, Value]) -> list[str]:
    """Return keys with values as lines of TOML."""
    return [f"{key} = {_toml(value)}" for key, value in values.items()]


def _toml(value: Value) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{"".join(map(_escaped, value))}"'
    return f"[{', '.join(map(_toml, value))}]"


def _escaped(char: str) -> str:
    """Return a character as it stands in a basic string."""
    if char < " " or char == "\x7f":
        return f"\\u{ord(char):04x}"
    return _ESCAPES.get(char, char)


def _merged(
    content: Mapping[str, Any], name: tuple[str, str], values: Mapping[str, Value]
) -> Mapping[str, Any] | None:
    """Return what a file is to hold with this table; None where it cannot."""
    outer, inner = name
    group = content.get(outer, {})
    if not isinstance(group, dict):
        return None
    table = tomllib.loads("\n".join(toml_lines(values)))
    return _filled({**content, outer: {**group, inner: table}})


def _filled(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a file holds without tables, and groups of tables, that are empty."""
    groups = {
        outer: {inner: one for inner, one in group.items() if one != {}}
        if isinstance(group, dict)
        else group
        for outer, group in content.items()
    }
    return {outer: group for outer, group in groups.items() if group != {}}


def _with_table(text: str, name: tuple[str, str], values: Mapping[str, Value]) -> str:
    """Return the text with one table; comments within it stay."""
    parts = list(_statements(text))
    start = next((n for n, part in enumerate(parts) if _header(part) == name), None)
    if start is None:
        if not values:
            return text
        gap = "\n" if text and not text.endswith("\n\n") else ""
        gap = f"\n{gap}" if text and not text.endswith("\n") else gap
        return text + gap + "\n".join((f"[{'.'.join(name)}]", *toml_lines(values), ""))
    end = start + 1
    while end < len(parts) and not parts[end].lstrip().startswith("["):
        end += 1
    kept = [part for part in parts[start + 1 : end] if _is_aside(part)]
    head = parts[start] if parts[start].endswith("\n") else f"{parts[start]}\n"
    own = [head, *(f"{line}\n" for line in toml_lines(values))] if values else []
    return "".join((*parts[:start], *own, *kept, *parts[end:]))


def _is_aside(part: str) -> bool:
    """Claim that a line says nothing: it is blank or a comment."""
    return not part.strip() or part.lstrip().startswith("#")


def _header(part: str) -> tuple[str, ...]:
    """Return the parts of a table's name; empty for what begins no table."""
    if not part.lstrip().startswith("["):
        return ()
    content: object = tomllib.loads(part)
    names: list[str] = []
    while isinstance(content, dict) and content:
        name, content = next(iter(content.items()))
        names.append(name)
    return tuple(names) if isinstance(content, dict) else ()


def _statements(text: str) -> Iterator[str]:
    """Yield headers, keys with their values, blanks and comments, with line ends.

    A value may go on over several lines, which may look like anything: what begins
    with a line is whole as soon as it is TOML.
    """
    part = ""
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        part += line
        with suppress(tomllib.TOMLDecodeError):
            tomllib.loads(part)
            yield part
            part = ""
    if part:
        yield part


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file at once; whoever reads sees one or the other.

    Mode and owner are those of the file before; a new one is its owner's alone.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            with suppress(FileNotFoundError):
                before = path.stat()
                os.fchmod(handle, before.st_mode & 0o777)
                if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                    os.fchown(handle, before.st_uid, before.st_gid)
            os.fsync(handle)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
