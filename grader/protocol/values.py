"""Values as they cross the wire: the shop's records, errors by name, everything else as text.

A hostile `__repr__`, `__eq__` or `__reduce__` stays in the child: the judge receives only numbers, short texts and the
five shapes below, and builds the shop's own frozen values out of them.
"""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

import shop

if TYPE_CHECKING:
    from collections.abc import Mapping

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
TEXT = 200
"""Longest text of a foreign value or an error, in characters."""
ITEMS = 5_000
"""Longest list that crosses."""
DEPTH = 4
"""Deepest nesting of lists and exception groups that crosses."""

RECORDS: Mapping[str, type[Any]] = {
    kind.__name__: kind for kind in (shop.User, shop.Order, shop.OrderDetails, shop.Payment)
}
FIELDS: Mapping[type[Any], tuple[str, ...]] = {
    kind: tuple(field.name for field in fields(kind)) for kind in RECORDS.values()
}
ERRORS: Mapping[str, type[Exception]] = {
    kind.__name__: kind
    for kind in (
        shop.ShopError,
        shop.UserNotFound,
        shop.OrdersUnavailable,
        shop.NoOrders,
        shop.DetailsUnavailable,
        shop.PaymentDeclined,
        KeyError,
        TypeError,
    )
}


class Shape(msgspec.Struct, frozen=True, tag=True):
    """Base of the structured values."""


class Record(Shape, frozen=True):
    """One of the shop's values by its field names."""

    name: str
    fields: dict[str, int | str]


class Raised(Shape, frozen=True):
    """An exception: its class, what the caller may take it for, and where it was raised.

    Attributes:
        name: Of the class.
        bases: Names of the known classes that it derives from, nearest first.
        line: Line of the submission where it was raised, if it passed there.
        members: The exceptions of a group.
    """

    name: str
    text: str = ""
    bases: tuple[str, ...] = ()
    line: int | None = None
    members: tuple[Raised, ...] = ()

    def is_a(self, name: str) -> bool:
        """Whether `except <name>` would catch it."""
        return name in self.bases

    def contains(self, name: str) -> bool:
        """Whether it, or anything in its group, is a `name`."""
        return self.is_a(name) or any(member.contains(name) for member in self.members)

    def __str__(self) -> str:
        inside = ", ".join(map(str, self.members))
        return f"{self.name}({inside or self.text})"


class Foreign(Shape, frozen=True):
    """A value that is none of the shop's."""

    name: str
    text: str

    def __str__(self) -> str:
        return self.text


class Listed(Shape, frozen=True):
    """A list, item by item."""

    items: tuple[Value, ...]


Value: TypeAlias = bool | int | float | str | Record | Raised | Foreign | Listed | None
"""What a message may carry."""


def pack(value: object, depth: int = DEPTH) -> Value:  # noqa: PLR0911 - one way out for each shape
    """Reduce a value to what may cross; never raises, and never trusts a subclass."""
    kind = type(value)
    if value is None or kind in (bool, float):
        return value  # type: ignore[return-value]  # narrowed by the exact type, not by isinstance
    if kind is int:
        return _pack_int(value)  # type: ignore[arg-type]  # as above
    if kind is str:
        return value[:TEXT]  # type: ignore[index,no-any-return]  # as above
    if kind is list and depth:
        return Listed(tuple(pack(item, depth - 1) for item in value[:ITEMS]))  # type: ignore[index]  # as above
    if RECORDS.get(kind.__name__) is kind:
        return _pack_record(value, kind)
    if isinstance(value, BaseException):
        return pack_error(value, depth)
    return Foreign(_name(kind), _text(value))


def pack_error(error: BaseException, depth: int = DEPTH, line: int | None = None) -> Raised:
    """Reduce an exception to its class, its bases, a short text and its line."""
    members: tuple[BaseException, ...] = ()
    if isinstance(error, BaseExceptionGroup) and depth:
        members = error.exceptions[:ITEMS]
    return Raised(
        name=_name(type(error)),
        text=_text(error.args[0]) if error.args else "",
        bases=tuple(_name(base) for base in type(error).__mro__[:-1]),
        line=line,
        members=tuple(pack_error(member, depth - 1) for member in members),
    )


def unpack(value: Value) -> Any:  # noqa: ANN401 - the shop's values, plain values, or shapes as they are
    """Build the shop's values; `Raised` and `Foreign` stay what they are.

    Raises:
        msgspec.ValidationError: A record has wrong fields, or fields of a wrong type.
    """
    match value:
        case Listed(items):
            return [unpack(item) for item in items]
        case Record(name=name, fields=data) if name in RECORDS:
            return msgspec.convert(data, RECORDS[name])
        case Record():
            raise msgspec.ValidationError(f"no record is called {value.name[:TEXT]!r}")
        case _:
            return value


def unpack_error(raised: Raised) -> Exception:
    """Build the exception that a service gives to the submission."""
    return ERRORS[raised.name](raised.text)


def _pack_int(value: int) -> Value:
    return value if abs(value) < 1 << 53 else Foreign("int", "a huge number")


def _pack_record(value: object, kind: type[Any]) -> Value:
    data = {name: getattr(value, name) for name in FIELDS[kind]}
    if all(
        type(item) is str or (type(item) is int and abs(item) < 1 << 53) for item in data.values()
    ):
        return Record(
            kind.__name__, {k: v[:TEXT] if type(v) is str else v for k, v in data.items()}
        )
    return Foreign(kind.__name__, _text(value))


def _name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))[:TEXT]


def _text(value: object) -> str:
    try:
        return _ADDRESS.sub("", str(repr(value)))[:TEXT]
    except BaseException:  # noqa: BLE001 - a hostile or broken __repr__ may raise anything
        return f"<{_name(type(value))} without a readable repr>"
