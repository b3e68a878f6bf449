"""The tables of the checks in a stage's READMEs. The plans are pure; only `write_tables` writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from grader.errors import ExerciseError
from grader.language import language
from grader.scaffold.checks import read, read_checks, stage_points

if TYPE_CHECKING:
    from pathlib import Path

    from grader.scaffold.checks import Check

STAGE_GLOB = "s[0-9][0-9]_*"
TABLE_BEGIN = "<!-- checks: begin -->"
TABLE_END = "<!-- checks: end -->"


class Words(NamedTuple):
    """The words of the table in one language, by its code."""

    code: str
    points: str
    check: str
    rules: str
    bonus: str
    total: str


READMES = {
    "README.md": Words("en", "Points", "What is checked", "Rules", "bonus", "**all**"),
    "README.ko.md": Words("ko", "배점", "확인하는 것", "규칙", "보너스", "**합계**"),
}


def write_tables(root: Path) -> list[Path]:
    """Write the table of the checks into each stage's READMEs; the files that changed.

    Raises:
        ExerciseError: A stage's checks cannot be read, or a README has no place for the table.
    """
    changed: list[Path] = []
    for stage in sorted((root / "exercises").glob(STAGE_GLOB)):
        for path, text in fresh_readmes(stage).items():
            if text != path.read_text(encoding="utf-8"):
                path.write_text(text, encoding="utf-8", newline="\n")
                changed.append(path)
    return changed


def fresh_readmes(stage: Path) -> dict[Path, str]:
    """Plan a stage's READMEs: as they are, with the table that its checks ask for."""
    checks = read_checks(stage)
    return {
        stage / name: with_table(
            read(stage / name), checks_table(checks, words), f"{stage.name}/{name}"
        )
        for name, words in READMES.items()
    }


def with_table(text: str, table: str, place: str) -> str:
    """Put the table between its two marks in a README.

    Raises:
        ExerciseError: The marks are not there, once each and in order.
    """
    before, begin, rest = text.partition(f"{TABLE_BEGIN}\n")
    _, end, after = rest.partition(TABLE_END)
    if not end or TABLE_BEGIN in rest or TABLE_END in after:
        raise ExerciseError(
            f"{place} needs one line {TABLE_BEGIN} and, below it, one line {TABLE_END}."
        )
    return f"{before}{begin}{table}{end}{after}"


def checks_table(checks: tuple[Check, ...], words: Words) -> str:
    """Show the checks as a table in Markdown, in the order of the exercise."""
    titles = language(words.code).words
    rows = [
        (points_cell(check, words), titles.gettext(check.title), check.rules) for check in checks
    ]
    total = (f"**{stage_points(checks):g}**", words.total, "")
    lines = [(words.points, words.check, words.rules), ("---:", "---", "---"), *rows, total]
    return "".join(f"| {' | '.join(escape(cell) for cell in line)} |\n" for line in lines)


def points_cell(check: Check, words: Words) -> str:
    """Say what a check is worth."""
    return f"+{check.points:g} {words.bonus}" if check.bonus else f"{check.points:g}"


def escape(cell: str) -> str:
    """Keep a cell in one piece."""
    return cell.replace("|", r"\|")
