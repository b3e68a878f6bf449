"""A class as web pages: one for all with plots, and one for each student; they need no network and no script."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec
from jinja2 import Environment, PackageLoader, select_autoescape

from grader.batch import plots
from grader.batch.figures import commonest, figures_of
from grader.output import written_whole
from grader.report.harmless import harmless, with_every_text
from grader.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from jinja2 import Template

    from grader.batch.figures import Figures
    from grader.batch.store import Standing

SHOWN = 20
"""First findings that the class page tells."""


def write(folder: Path, students: Callable[[], Iterable[Standing]]) -> None:
    """Write all pages.

    Args:
        folder: Where to; it is there.
        students: Gives everybody, anew each time.

    Raises:
        UsageError: A page cannot be written.
    """
    (folder / "students").mkdir(exist_ok=True)
    templates = _templates()
    figures = figures_of(students())
    rows = _rows(folder, templates.get_template("student.html.jinja"), students())
    with written_whole(folder / "index.html", "class page") as file:
        told = _told(figures)
        for part in templates.get_template("class.html.jinja").generate(**told, rows=rows):
            file.write(part)


def page_name(student: str) -> str:
    """A file name for anybody's page, whatever they are called."""
    plain = re.sub(r"[^A-Za-z0-9_-]", "_", student)[:60]
    mark = "" if plain == student else "-" + sha256(student.encode()).hexdigest()[:10]
    return f"{plain}{mark}.html"


def student_page(template: Template, name: str, result: Result) -> str:
    """The page of one result."""

    def visible(field: str, text: str) -> str:
        return harmless(text) if field == "output" else harmless(text).replace("\n", " ")

    return template.render(name=name, result=with_every_text(result, visible))


def _rows(
    folder: Path, template: Template, students: Iterable[Standing]
) -> Iterator[dict[str, object]]:
    """One row for each student; their page is written on the way."""
    for student in students:
        name = harmless(student.more.get("name") or student.student).replace("\n", " ")
        row: dict[str, object] = {
            "name": name,
            "status": student.status,
            "problem": student.problem,
        }
        if student.result is None:
            yield row
            continue
        result = msgspec.json.decode(student.result, type=Result)
        page = f"students/{page_name(student.student)}"
        with written_whole(folder / page, "student's page") as file:
            file.write(student_page(template, name, result))
        yield {**row, "page": page, "score": result.score, "most": result.max_score}


def _told(figures: Figures) -> dict[str, object]:
    return {
        "figures": figures,
        "histogram": plots.histogram(figures),
        "failures": plots.failures(figures) if figures.failed else "",
        "findings": list(commonest(figures, SHOWN)),
    }


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("grader.batch"),
        autoescape=select_autoescape(["html.jinja"], default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
