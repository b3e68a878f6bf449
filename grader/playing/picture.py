"""What was told, as lanes of text: one for each checkout, one for the loop; it grows with the time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from grader.language import say
from grader.playing import words
from grader.playing.scene import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS: dict[str, str] = dict(zip(STEPS, "uodp", strict=True))
STYLES = {"u": "cyan", "o": "blue", "d": "magenta", "p": "yellow", "!": "bold red"}
ENDS = {"done": "#", "lost": "x"}
SHORTEST = 2.0
"""Seconds that a lane shows at least."""
LINES = 5
"""Printed lines that are shown, at most."""


class Told(msgspec.Struct, frozen=True):
    """One event, as the program that plays tells it.

    Attributes:
        at: Seconds since the play began.
        user: Whom it is about; 0 for the program.
        call: Number of the call; 0 for none.
    """

    what: str
    at: float
    step: str = ""
    user: int = 0
    call: int = 0
    seconds: float = 0.0
    text: str = ""


@dataclass(frozen=True)
class Bar:
    """A service call, from its beginning to its end; None while it lasts."""

    user: int
    letter: str
    begin: float
    end: float | None = None


@dataclass(frozen=True)
class Picture:
    """All that has happened so far.

    Attributes:
        bars: Call to its bar.
        ends: User to the moment at which the checkout ended, and how.
        stalls: From when to when the loop stood still.
        over: When the play ended; None while it lasts.
        spoken: What the program printed, or broke off with.
    """

    name: str
    users: tuple[int, ...]
    bars: tuple[tuple[int, Bar], ...] = ()
    ends: tuple[tuple[int, float, str], ...] = ()
    stalls: tuple[tuple[float, float], ...] = ()
    over: float | None = None
    spoken: tuple[str, ...] = ()


def after(picture: Picture, told: Told) -> Picture:
    """The picture when one thing more has happened."""
    match told.what:
        case "called":
            bar = Bar(told.user, LETTERS.get(told.step, "?"), told.at)
            return replace(picture, bars=(*picture.bars, (told.call, bar)))
        case "answered" | "failed" | "cancelled":
            return replace(picture, bars=tuple(_closed(picture, told)))
        case "done" | "lost":
            return replace(picture, ends=(*picture.ends, (told.user, told.at, told.what)))
        case "stalled":
            stall = (told.at - told.seconds, told.at)
            return replace(picture, stalls=(*picture.stalls, stall))
        case "curtain":
            return replace(picture, over=told.at)
        case _:
            return replace(picture, spoken=(*picture.spoken, line(told)))


def _closed(picture: Picture, told: Told) -> Iterator[tuple[int, Bar]]:
    for call, bar in picture.bars:
        yield call, replace(bar, end=told.at) if call == told.call and bar.end is None else bar


# ── as text ──────────────────────────────────────────────────────────────────────────────────────


def lanes(picture: Picture, now: float, width: int, *, span: float) -> Iterator[tuple[str, str]]:
    """Draw the lanes, each a label and so many characters.

    Args:
        picture: What has happened.
        now: Seconds since the play began.
        width: Characters of a lane.
        span: Seconds that a lane shows, > 0: pictures side by side have the same.
    """
    scale = (width - 1) / span
    for user in picture.users:
        yield say(words.CUSTOMER, user=user), _lane(picture, user, now, scale, width)
    lane = [" "] * width
    for begin, end in picture.stalls:
        _fill(lane, "!", begin * scale, end * scale)
    yield say(words.LOOP), "".join(lane)


def _lane(picture: Picture, user: int, now: float, scale: float, width: int) -> str:
    lane = [" "] * width
    for _, bar in picture.bars:
        if bar.user == user:
            _fill(
                lane, bar.letter, bar.begin * scale, (now if bar.end is None else bar.end) * scale
            )
    for who, at, how in picture.ends:
        if who == user:
            lane[min(width - 1, round(at * scale))] = ENDS[how]
    return "".join(lane)


def _fill(lane: list[str], letter: str, begin: float, end: float) -> None:
    first = min(len(lane) - 1, round(max(0.0, begin)))
    for place in range(first, min(len(lane), max(first + 1, round(end)))):
        lane[place] = letter


SENTENCES = {
    "called": words.CALLED,
    "answered": words.ANSWERED,
    "failed": words.FAILED,
    "cancelled": words.CANCELLED,
    "done": words.DONE,
    "lost": words.LOST,
    "stalled": words.STALLED,
    "printed": words.PRINTED,
    "broke": words.BROKE,
    "curtain": words.CURTAIN,
}


def line(told: Told) -> str:
    """An event in one line, for a pipe."""
    text = told.text or f"{told.at:.2f} s"
    said = say(SENTENCES.get(told.what, "{text}"), step=told.step, text=text)
    who = f"{say(words.CUSTOMER, user=told.user)}  " if told.user else ""
    return f"{told.at:6.2f} s  {who}{said}"
