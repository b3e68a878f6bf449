"""What a coroutine of the judge's tells: that it begins, goes on, hears of an error, or has read; and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from grader.language import later, say
from grader.protocol.values import Raised

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 6
"""Moments of a story that a finding shows, at most."""
PLAIN = {"begins": later("begins at {when:g} s"), "goes on": later("goes on at {when:g} s")}
WITH = {
    "goes on": later("goes on with {value} at {when:g} s"),
    "hears": later("hears {value} at {when:g} s"),
    "has": later("reads {value} at {when:g} s"),
}


class Moment(NamedTuple):
    """What a coroutine has told, and when in the judge's time."""

    when: float
    what: str
    value: Any = None

    def __str__(self) -> str:
        words = PLAIN if self.value is None else WITH
        return say(words[self.what], value=self.value, when=self.when)


def begins(when: float) -> Moment:
    """It takes its first step."""
    return Moment(when, "begins")


def goes_on(when: float, value: object = None) -> Moment:
    """What it waited for has come, with this value."""
    return Moment(when, "goes on", value)


def hears(when: float, error: str, text: str = "") -> Moment:
    """An exception was thrown where it waited."""
    return Moment(when, "hears", Raised(error, text))


def reads(when: float, data: bytes) -> Moment:
    """It has received this from its socket."""
    return Moment(when, "has", data)


def is_told(what: object, value: object) -> bool:
    """Whether a coroutine may tell this."""
    return isinstance(what, str) and what in (PLAIN if value is None else WITH)


def comparable(moment: Moment) -> tuple[object, ...]:
    """An exception counts by its class and its text, wherever it was raised."""
    when, what, value = moment
    return when, what, (value.name, value.text) if isinstance(value, Raised) else value


def story(moments: Iterable[Moment]) -> str:
    """In words, one moment after the other."""
    told = [str(moment) for moment in moments]
    more = [f"(+{len(told) - SHOWN})"] if len(told) > SHOWN else []
    return ", ".join([*told[:SHOWN], *more]) or "-"
