"""Frozen records, as `dataclasses` makes them, at a third of the usual cost.

Python 3.11 and 3.12 compile each of six methods of each class by itself, for all of
ours a third of the time in which a command starts. Here three are compiled at once,
and the others are every record's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The checker knows the fields of this one.
    from dataclasses import dataclass
else:
    import dataclasses
    from dataclasses import MISSING, FrozenInstanceError

    def dataclass(*, frozen, slots):  # noqa: ANN001, ANN201 - the types are those above
        """Return what makes a class a frozen dataclass with slots.

        Raises:
            TypeError: it is to be another one.
        """
        if not (frozen and slots):
            raise TypeError("of a record that is frozen and has slots only")
        return _made

    def _made(kind):  # noqa: ANN001, ANN202 - the same
        made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(kind)

        # Of most kinds a command makes no record: what these do is compiled once
        # one of them is called, and stands in their place from then on.
        def __init__(self, *args, **named):  # noqa: ANN001, ANN002, ANN003, ANN202, N807
            _compile(made)
            made.__init__(self, *args, **named)

        def __eq__(self, other):  # noqa: ANN001, ANN202, N807
            _compile(made)
            return made.__eq__(self, other)

        def __hash__(self):  # noqa: ANN001, ANN202, N807
            _compile(made)
            return made.__hash__(self)

        for method in (__init__, __eq__, __hash__):
            setattr(made, method.__name__, method)
        made.__repr__ = _repr
        made.__setattr__, made.__delattr__ = _refuse_to_set, _refuse_to_delete
        made.__getstate__, made.__setstate__ = _state, _set_state
        return made

    def _compile(made):  # noqa: ANN001, ANN202 - the same
        """Give a record the three methods that depend on its fields."""
        every = dataclasses.fields(made)
        # Each slot is set by its descriptor: `__setattr__` refuses.
        scope = {f"set_{f.name}": vars(made)[f.name].__set__ for f in every}
        scope |= {f"default_{f.name}": f.default for f in every}
        scope |= {f"make_{f.name}": f.default_factory for f in every}
        scope["MISSING"] = MISSING
        exec(_text(every), scope)  # noqa: S102 - of names that stand in our own classes
        for name in ("__init__", "__eq__", "__hash__"):
            method = scope[name]
            method.__qualname__ = f"{made.__qualname__}.{name}"
            setattr(made, name, method)

    def _text(every):  # noqa: ANN001, ANN202 - the same
        """Return three methods over these fields."""
        arguments, sets = "", ""
        for one in every:
            name, value = one.name, one.name
            arguments += f", {name}"
            if one.default is not MISSING:
                arguments += f"=default_{name}"
            elif one.default_factory is not MISSING:
                arguments += "=MISSING"
                value = f"make_{name}() if {name} is MISSING else {name}"
            sets += f"  set_{name}(self, {value})\n"
        mine = "".join(f"self.{one.name}," for one in every if one.compare)
        theirs = mine.replace("self.", "other.")
        return (
            f"def __init__(self{arguments}):\n{sets}"
            f"def __eq__(self, other):\n"
            f"  if other.__class__ is self.__class__: return ({mine}) == ({theirs})\n"
            f"  return NotImplemented\n"
            f"def __hash__(self): return hash(({mine}))\n"
        )

    def _repr(self):  # noqa: ANN001, ANN202 - the same
        names = self.__dataclass_fields__
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({values})"

    def _state(self):  # noqa: ANN001, ANN202 - the same
        return [getattr(self, name) for name in self.__dataclass_fields__]

    def _set_state(self, state):  # noqa: ANN001, ANN202 - the same
        for name, value in zip(self.__dataclass_fields__, state, strict=True):
            object.__setattr__(self, name, value)

    def _refuse_to_set(self, name, value):  # noqa: ANN001, ANN202, ARG001 - the same
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_to_delete(self, name):  # noqa: ANN001, ANN202, ARG001 - the same
        raise FrozenInstanceError(f"cannot delete field {name!r}")


__all__ = ["dataclass"]
