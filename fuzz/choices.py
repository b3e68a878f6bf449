"""Bytes read as decisions: so a fuzzer that only knows bytes writes messages, programs and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

import msgspec

from grader.protocol.values import Value

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
WORST = "\x1b\x9b\x00\r\n\t\u2028\u202e\u200b\ufeff\ud800\U000e0001[]\\%:,<&\"'"
NUMBERS = (0, 1, -1, 2, 3, 1 << 31, 1 << 53, 1 << 63, -(1 << 63), 10**30)
REALS = (0.0, -1.0, 0.5, 1e308, -1e308, 5e-324)


class Choices:
    """Decides by the next bytes; when they are used up, the first of everything is chosen."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        """The next byte, or 0."""
        self._at += 1
        return self._data[self._at - 1] if self._at <= len(self._data) else 0

    def one_of(self, things: Sequence[T]) -> T:
        """One of these."""
        return things[self.byte() % len(things)]

    def rest(self) -> bytes:
        """All that was not used."""
        return self._data[self._at :]

    def some(self, most: int) -> range:
        """Up to so many times."""
        return range(self.byte() % (most + 1))

    def number(self) -> int:
        """Small as a rule, and else one at which something may break."""
        byte = self.byte()
        return byte // 4 if byte % 4 else self.one_of(NUMBERS)

    def text(self) -> str:
        """Up to some dozen characters, of the worst kind."""
        return "".join(
            chr(self.byte()) if self.byte() % 2 else self.one_of(WORST) for _ in self.some(24)
        )

    def struct(self, kind: type[T], depth: int = 8) -> T:
        """An instance of a message's class, or of what it is made of."""
        fields = msgspec.structs.fields(kind)  # type: ignore[type-var]
        return kind(**{field.name: self.value(field.type, depth - 1) for field in fields})

    def value(self, annotation: Any, depth: int = 8) -> Any:  # noqa: ANN401 - whatever the annotation says
        """A value of any type that a message has."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if annotation in SIMPLE:
            return SIMPLE[annotation](self)
        if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
            return self.struct(annotation, depth)
        if origin is tuple:
            return tuple(self.value(arguments[0], depth) for _ in self.some(3 if depth > 0 else 0))
        if origin is dict:
            return {self.text(): self.value(arguments[1], depth) for _ in self.some(3)}
        if annotation == Value and depth <= 0:
            return None
        return self.value(self.one_of(arguments), depth)  # of a union


SIMPLE: dict[Any, Any] = {
    type(None): lambda choices: None,
    bool: lambda choices: choices.byte() % 2 == 1,
    int: Choices.number,
    float: lambda choices: choices.one_of(REALS),
    str: Choices.text,
    bytes: lambda choices: choices.text().encode(errors="replace"),
}
