"""One module per reader of a result: each turns the same `Report` into the text that reader wants.

A format is a module of this package with a `NAME` and a `render`; putting it here is all it takes.
The modules without a `NAME` hold what several formats share.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from grader.errors import UsageError
from grader.report.content import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMATS", "Format", "Report", "render"]


class Format(Protocol):
    """What a module must hold to be a format."""

    NAME: str

    def render(self, report: Report) -> str:
        """Turn a report into text that ends in a newline; never raises, whatever was submitted."""
        ...


def _formats() -> dict[str, Format]:
    names = sorted(module.name for module in iter_modules(__path__, f"{__name__}."))
    modules = [import_module(name) for name in names]
    return {module.NAME: cast("Format", module) for module in modules if hasattr(module, "NAME")}


FORMATS: Mapping[str, Format] = _formats()
"""Every format by its name."""


def render(name: str, report: Report) -> str:
    """Turn a report into the text of one format.

    Raises:
        UsageError: No format has this name.
    """
    if name not in FORMATS:
        raise UsageError(f"there is no format {name!r}; choose one of: {', '.join(FORMATS)}")
    return FORMATS[name].render(report)
