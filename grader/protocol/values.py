"""Values as they cross the wire: the shop's records, errors by name, everything else as text.

A hostile `__repr__`, `__eq__` or `__reduce__` stays in the child: the judge receives only numbers, short texts and the
five shapes below, and builds the shop's own frozen values out of them.
"""

from __future__ import annotations

import builtins
import math
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import msgspec

import shop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
TEXT = 200
"""Longest text of a foreign value or an error, in characters."""
SAFE = 1 << 53
"""Numbers below cross as they are; readers of JSON may bend larger ones."""
OCTETS = 1_000
"""Most bytes of one value that cross."""
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
        ValueError,
        OSError,
        ConnectionResetError,
        TimeoutError,
    )
}


class CallersBug(shop.ShopError):
    """What the caller's own callback raises when the judge wants it to.

    It looks like a failure of the shop's: who sorts errors by their class takes it for one.
    """


# The attributes themselves: a subclass, or a metaclass, may put something else in their place.
_NAME: Callable[[object], str] = vars(type)["__name__"].__get__
_BASES: Callable[[object], Any] = vars(type)["__mro__"].__get__
_ARGUMENTS: Callable[[object], Any] = vars(BaseException)["args"].__get__
_MEMBERS: Callable[[object], Any] = vars(BaseExceptionGroup)["exceptions"].__get__
_SLICE: Callable[[object, slice], list[object]] = vars(list)["__getitem__"]
# Classes are looked up by identity: to hash or compare one may run code of its metaclass.
_FIELDS = {id(kind): names for kind, names in FIELDS.items()}
_KNOWN = {
    id(kind): kind.__name__
    for kind in (
        *(
            thing
            for thing in vars(builtins).values()
            if isinstance(thing, type) and issubclass(thing, BaseException)
        ),
        *ERRORS.values(),
        CallersBug,
    )
}
"""Names of the classes that an exception may be told to derive from."""


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
        return f"{self.name}({inside or (repr(self.text) if self.text else '')})"


class Foreign(Shape, frozen=True):
    """A value that is none of the shop's."""

    name: str
    text: str

    def __str__(self) -> str:
        return self.text


class Listed(Shape, frozen=True):
    """A list, item by item."""

    items: tuple[Value, ...]


class Octets(Shape, frozen=True):
    """Bytes."""

    data: bytes


class Given(Shape, frozen=True):
    """A callable of the child's own, which the judge can only name: it is given to the submission.

    Attributes:
        name: "call_soon" of the loop, or a service.
        arguments: Those that are bound to it already.
    """

    name: str
    arguments: tuple[int, ...] = ()


Value: TypeAlias = bool | int | float | str | Record | Raised | Foreign | Listed | Octets | None
"""What a message may carry."""


def pack(value: object, depth: int = DEPTH) -> Value:
    """Reduce a value to what may cross; never raises, and asks nothing that a class could answer with a lie."""
    kind = type(value)
    if value is None or kind is bool:
        return cast("Value", value)
    if plain := _PLAIN.get(id(kind)):
        return plain(value)
    if names := _FIELDS.get(id(kind)):
        return _pack_record(value, kind, names)
    bases = _bases(kind)
    if depth and any(base is list for base in bases):
        return Listed(tuple(pack(item, depth - 1) for item in _SLICE(value, slice(ITEMS))))
    if any(base is BaseException for base in bases):
        return pack_error(cast("BaseException", value), depth)
    return Foreign(_name(kind), _text(value))


def pack_error(error: BaseException, depth: int = DEPTH, line: int | None = None) -> Raised:
    """Reduce an exception to its class, its known bases, a short text and its line."""
    bases = _bases(type(error))
    members: tuple[BaseException, ...] = ()
    if depth and any(base is BaseExceptionGroup for base in bases):
        members = _MEMBERS(error)[:ITEMS]
    arguments: tuple[object, ...] = _ARGUMENTS(error)
    return Raised(
        name=_name(type(error)),
        text=_text(arguments[0]) if arguments else "",
        bases=tuple(_KNOWN[id(base)] for base in bases if id(base) in _KNOWN),
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
        case Octets(data):
            return data
        case Record(name=name, fields=data) if name in RECORDS:
            return msgspec.convert(data, RECORDS[name])
        case Record():
            raise msgspec.ValidationError(f"no record is called {value.name[:TEXT]!r}")
        case _:
            return value


def check_depth(value: Value, depth: int = DEPTH + 2) -> None:
    """Refuse what is nested deeper than anything that `pack` makes.

    Raises:
        msgspec.ValidationError: It is.
    """
    match value:
        case Listed(items=inside) | Raised(members=inside) if inside:
            if not depth:
                raise msgspec.ValidationError("a value that is nested too deeply")
            for item in inside:
                check_depth(item, depth - 1)
        case _:
            return


def unpack_error(raised: Raised) -> Exception:
    """Build the exception that a service gives to the submission."""
    return ERRORS[raised.name](raised.text)


def _pack_int(value: int) -> Value:
    return value if abs(value) < SAFE else Foreign("int", "a huge number")


def _pack_float(value: float) -> Value:
    return value if math.isfinite(value) else Foreign("float", repr(value))


def _pack_bytes(value: bytes) -> Value:
    return Octets(value) if len(value) <= OCTETS else Foreign("bytes", f"{len(value)} bytes")


def _pack_str(value: str) -> str:
    """Cut, and with what no encoding knows spelt out."""
    if value.isascii() and len(value) <= TEXT:
        return value
    return value[:TEXT].encode("utf-8", "backslashreplace").decode()


_PLAIN: Mapping[int, Callable[[Any], Value]] = {
    id(int): _pack_int,
    id(float): _pack_float,
    id(str): _pack_str,
    id(bytes): _pack_bytes,
}


def _pack_record(value: object, kind: type[Any], names: Iterable[str]) -> Value:
    data: dict[str, int | str] = {}
    for name in names:
        item = getattr(value, name, None)
        if type(item) is int and abs(item) < SAFE:
            data[name] = item
        elif type(item) is str:
            data[name] = _pack_str(item)
        else:
            return Foreign(kind.__name__, _text(value))
    return Record(kind.__name__, data)


def _name(kind: type) -> str:
    """A class's own name, whatever its metaclass says; it may be of a class derived from `str`."""
    return _pack_str(str.__str__(_NAME(kind)))


def _bases(kind: type) -> tuple[type, ...]:
    bases: tuple[type, ...] = _BASES(kind)
    return bases


def _text(value: object) -> str:
    """A text as it is, anything else as it shows itself."""
    if type(value) is str:
        return _pack_str(value)
    try:
        shown = str.__getitem__(repr(value), slice(2 * TEXT))
    except BaseException:  # noqa: BLE001 - a hostile or broken __repr__ may raise anything
        return f"<{_name(type(value))} without a readable repr>"
    return _pack_str(_ADDRESS.sub("", shown))
