"""The result as one page for a browser: self-contained, with the timeline of each check."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.language import spoken
from grader.report import focus
from grader.report.harmless import harmless_report
from grader.report.page.views import causes, stages

if TYPE_CHECKING:
    from grader.report.content import Report

TIMELINES = True
PAGE = Path(__file__).with_name("page")


def render(report: Report) -> str:
    """Lay a report out as HTML that fetches nothing, runs only our own script, and works without it."""
    report = harmless_report(report)
    script = (PAGE / "page.js").read_text(encoding="utf-8")
    views = stages(report)
    page = _environment().get_template("page.html")
    return page.render(
        language=spoken().code,
        report=report,
        result=report.result,
        stages=views,
        causes=causes(views),
        drawn=any(check.figure for view in views for check in view.checks),
        first=_first_cause(report),
        focus=focus,
        script=script,
        style=(PAGE / "page.css").read_text(encoding="utf-8"),
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )


def _environment() -> Environment:
    """Templates whose every value is escaped, and whose sentences can be translated."""
    environment = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    words = spoken().words
    environment.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension's
    environment.filters["code"] = _code
    return environment


def _code(text: str) -> Markup:
    """Escape a text, and set what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    set_apart = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    both = zip_longest(map(escape, parts[::2]), set_apart, fillvalue="")
    return Markup("").join(part for pair in both for part in pair)


def _first_cause(report: Report) -> str:
    """Id of the check to look at first; "" if there is none."""
    stage = focus.next_stage(report)
    check = focus.first_cause(stage) if stage else None
    return check.id if check else ""
