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
    from collections import _tuplegetter
    from dataclasses import MISSING, FrozenInstanceError

    _OURS = ("__dict__", "__weakref__")

    def dataclass(*, frozen, slots):  # noqa: ANN001, ANN201 - the types are those above
        """Return what makes a class a frozen dataclass with slots.

        Raises:
            TypeError: it is to be another one.
        """
        if not (frozen and slots):
            raise TypeError("of a record that is frozen and has slots only")
        return _made

    def _made(kind):  # noqa: ANN001, ANN202 - the same
        plain = dataclasses.dataclass(init=False, repr=False, eq=False)(kind)
        every = dataclasses.fields(plain)
        names = tuple(one.name for one in every)
        scope = {f"default_{f.name}": f.default for f in every}
        scope |= {f"make_{f.name}": f.default_factory for f in every}
        scope |= {"MISSING": MISSING, "new": tuple.__new__, "same": tuple.__eq__}
        exec(_text(every), scope)  # noqa: S102 - of names that stand in our own classes
        held = {k: v for k, v in vars(plain).items() if k not in (*names, *_OURS)}
        held |= {name: _tuplegetter(place, None) for place, name in enumerate(names)}
        held |= {name: scope[name] for name in ("__new__", "__eq__", "__hash__")}
        held |= {"__slots__": (), "__ne__": _differs, "__repr__": _repr}
        held |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
        held |= {"__getnewargs__": _values}
        bases = (*(base for base in plain.__bases__ if base is not object), tuple)
        made = type(kind)(plain.__name__, bases, held)
        for name in ("__new__", "__eq__", "__hash__"):
            scope[name].__qualname__ = f"{made.__qualname__}.{name}"
        return made

    def _text(every):  # noqa: ANN001, ANN202 - the same
        """Return three methods over these fields."""
        arguments, values = "", ""
        for one in every:
            name, value = one.name, one.name
            arguments += f", {name}"
            if one.default is not MISSING:
                arguments += f"=default_{name}"
            elif one.default_factory is not MISSING:
                arguments += "=MISSING"
                value = f"make_{name}() if {name} is MISSING else {name}"
            values += f"{value}, "
        mine = "".join(f"self.{one.name}," for one in every if one.compare)
        theirs = mine.replace("self.", "other.")
        whole = all(one.compare for one in every)
        same = "same(self, other)" if whole else f"({mine}) == ({theirs})"
        return (
            f"def __new__(cls{arguments}): return new(cls, ({values}))\n"
            f"def __eq__(self, other):\n"
            f"  if other.__class__ is self.__class__: return {same}\n"
            f"  return False if isinstance(other, tuple) else NotImplemented\n"
            f"def __hash__(self): return hash(({mine}))\n"
        )

    def _differs(self, other):  # noqa: ANN001, ANN202 - the same
        same = self.__eq__(other)
        return same if same is NotImplemented else not same

    def _repr(self):  # noqa: ANN001, ANN202 - the same
        names = self.__dataclass_fields__
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({values})"

    def _values(self):  # noqa: ANN001, ANN202 - the same
        return tuple(self)

    def _refuse_to_set(self, name, value):  # noqa: ANN001, ANN202, ARG001 - the same
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_to_delete(self, name):  # noqa: ANN001, ANN202, ARG001 - the same
        raise FrozenInstanceError(f"cannot delete field {name!r}")


__all__ = ["dataclass"]
