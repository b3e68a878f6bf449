"""What learners get: starters, pages, public checks, and a noxfile that brings the grader along."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import shop
from grader.errors import ExerciseError, UsageError
from grader.hints import LANGUAGES
from grader.release import wheel
from grader.release.reading import tree
from grader.scaffold.checks import read_checks, stage_points
from grader.submissions import choose_stages, is_bonus

if TYPE_CHECKING:
    from collections.abc import Sequence

FILES = Path(__file__).parent / "files"
PAGE = LANGUAGES["en"]
WHEELS = "wheels"


@dataclass(frozen=True)
class Assignment:
    """What to release.

    Attributes:
        stages: Names or prefixes; empty for all.
        language: Of the pages and the hints.
        requirement: What pip installs as the grader: a requirement, or the path of a wheel, which is copied; "" for
            the grader that runs here.
    """

    stages: Sequence[str] = ()
    language: str = "en"
    requirement: str = ""


def contents(assignment: Assignment) -> dict[str, bytes]:
    """Every file of the assignment, by its name.

    Raises:
        UsageError: There is no such stage, or no such wheel.
        ExerciseError: A starter is no starter any more.
    """
    stages = choose_stages(assignment.stages, bonus=True)
    everything = stages == choose_stages((), bonus=True)
    grader, wheels = _grader(assignment.requirement)
    return {
        ".gitignore": (FILES / "gitignore.txt").read_bytes(),
        "LICENSE": (wheel.installed().read_text("licenses/LICENSE") or "").encode(),
        "README.md": _page(stages, assignment.language),
        "assignment.toml": settings(
            grader, assignment.language, [] if everything else [stage.name for stage in stages]
        ),
        "noxfile.py": (FILES / "noxfile.py").read_bytes(),
        **tree(Path(shop.__file__).parent, "exercises/shop"),
        **{n: d for stage in stages for n, d in _stage(stage, assignment.language).items()},
        **wheels,
    }


def settings(grader: str, language: str, stages: Sequence[str]) -> bytes:
    """What the noxfile has to know; without stages all that the grader has."""
    lines = [
        "# What this assignment is graded with, and how. `noxfile.py` reads it.",
        f"grader = {_quoted(grader)}",
        f"language = {_quoted(language)}",
    ]
    if stages:
        lines.append(f"stages = [{', '.join(map(_quoted, stages))}]")
    return "".join(f"{line}\n" for line in lines).encode()


def _quoted(text: str) -> str:
    """As a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _grader(requirement: str) -> tuple[str, dict[str, bytes]]:
    """What pip installs, and the wheels that go along."""
    if requirement and not requirement.endswith(".whl"):
        return requirement, {}
    name, data = _wheel(Path(requirement)) if requirement else wheel.pack()
    return f"{WHEELS}/{name}", {f"{WHEELS}/{name}": data}


def _wheel(path: Path) -> wheel.Wheel:
    try:
        return wheel.Wheel(path.name, path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"the wheel {str(path)!r} cannot be read: {error.strerror}; build one, or leave out --requirement"
        ) from error


def _stage(folder: Path, language: str) -> dict[str, bytes]:
    """One stage's files, with its page in one language; the catalogues are the grader's, and in the wheel."""
    place = f"exercises/{folder.name}"
    if b"# TODO:" not in (folder / "pipeline.py").read_bytes():
        raise ExerciseError(
            f"{folder.name}/pipeline.py is no starter: it holds no `# TODO:`; restore it, or you hand out a solution"
        )
    pages = {f"{place}/{name}" for name in LANGUAGES.values()}
    files = {
        name: data
        for name, data in tree(folder, place).items()
        if name not in pages and not name.startswith(f"{place}/locale/")
    }
    return {**files, f"{place}/{PAGE}": _page_of(folder, language).read_bytes()}


def _page_of(folder: Path, language: str) -> Path:
    """The stage's page; the English one where there is no other."""
    page = folder / LANGUAGES[language]
    return page if page.is_file() else folder / PAGE


def _page(stages: Sequence[Path], language: str) -> bytes:
    rows = "\n".join(_row(stage, language) for stage in stages)
    text = (FILES / LANGUAGES[language]).read_text(encoding="utf-8")
    first = stages[0].name
    names = {"rows": rows, "first": first, "short": first.partition("_")[0]}
    return Template(text).safe_substitute(names).encode()  # the prompt "$ " stays


def _row(stage: Path, language: str) -> str:
    first = _page_of(stage, language).read_text(encoding="utf-8").partition("\n")[0]
    points = f"{'+' * is_bonus(stage)}{stage_points(read_checks(stage)):g}"
    title = first.removeprefix("# ")
    place = f"exercises/{stage.name}"
    return f"| [{title}]({place}/{PAGE}) | [`{stage.name}/pipeline.py`]({place}/pipeline.py) | {points} |"
