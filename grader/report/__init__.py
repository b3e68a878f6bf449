"""One module per reader of a result: each turns the same `Report` into the text that reader wants.

A format is a module of this package called `as_NAME` with a `render`; putting it here is all it takes.
It is imported when it is asked for, so that nobody waits for the libraries of a format not wanted.
The other modules hold what several formats share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

from grader.errors import UsageError
from grader.language import later, say
from grader.report.content import Report

__all__ = ["FORMATS", "Format", "Report", "draws_timelines", "render"]

PREFIX = "as_"


class Format(Protocol):
    """What a module must hold to be a format."""

    def render(self, report: Report) -> str:
        """Turn a report into text that ends in a newline; never raises, whatever was submitted."""
        ...


class Formats(Mapping[str, Format]):
    """Every format by its name; a format is imported by looking it up."""

    def __getitem__(self, name: str) -> Format:
        if name not in list(self):
            raise KeyError(name)
        return cast("Format", import_module(f"{__name__}.{PREFIX}{name}"))

    def __iter__(self) -> Iterator[str]:
        names = (module.name for module in iter_modules(__path__))
        return iter(sorted(n.removeprefix(PREFIX) for n in names if n.startswith(PREFIX)))

    def __len__(self) -> int:
        return len(list(iter(self)))


FORMATS = Formats()


def draws_timelines(names: Iterable[str]) -> bool:
    """Whether any of these formats shows the histories of checks, which are kept only on demand.

    A format says so by `TIMELINES = True`.
    """
    return any(getattr(FORMATS[name], "TIMELINES", False) for name in names)


def render(name: str, report: Report) -> str:
    """Turn a report into the text of one format.

    Raises:
        UsageError: No format has this name.
    """
    try:
        return FORMATS[name].render(report)
    except KeyError:
        known = ", ".join(FORMATS)
        text = later("there is no format {name!r}; choose one of: {formats}")
        raise UsageError(say(text, name=name, formats=known)) from None
