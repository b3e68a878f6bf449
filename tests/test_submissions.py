"""The mutation test of the grader: right programs in many styles, and near misses wrong in one way each."""

from __future__ import annotations

import re
import secrets
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from bench.gradings import Job, grade_all

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
CORPUS = HERE / "submissions"
RIGHT = sorted(CORPUS.glob("s[0-9][0-9]_*/right/*.py"))
NEAR_MISSES = sorted(CORPUS.glob("s[0-9][0-9]_*/near_miss/*.py"))
STAGES = sorted({path.parents[1].name for path in RIGHT})
HEADER = re.compile(r"^# (expect|kind|line|mistake|on|style): (.*)$", re.MULTILINE)


OURS = ("Services", "Answer(", "Record(", "Raised(", "grader", "_settle", "Traceback")
"""Words of the grader's own code, of which learners know nothing."""


@dataclass(frozen=True)
class Expected:
    """What a near miss says of itself."""

    failed: tuple[str, ...]
    passed: tuple[str, ...]
    kinds: tuple[str, ...]
    lines: range | None
    backend: str | None


def expected(path: Path) -> Expected:
    """Read the header of a near miss."""
    found: dict[str, list[str]] = {}
    for name, value in HEADER.findall(path.read_text(encoding="utf-8")):
        found.setdefault(name, []).append(value.strip())
    words = [line.split() for line in found["expect"]]
    return Expected(
        tuple(check for verdict, *checks in words if verdict == "failed" for check in checks),
        tuple(check for verdict, *checks in words if verdict == "passed" for check in checks),
        tuple(kind.strip() for kind in found["kind"][0].split("|")),
        _lines(found["line"][0]) if "line" in found else None,
        *found.get("on", [None]),
    )


def _lines(text: str) -> range:
    """`41`, or `41-42` for a loop that may be met in either."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


GRADINGS: dict[Path, Future[list[dict[str, Any]]]] = {}
"""What becomes of each program that is graded: its checks, as in a JSON report."""


def begin(paths: Iterable[Path]) -> None:
    """Have them graded by the workers of a batch, which keep all cores busy."""
    new = [path for path in dict.fromkeys(paths) if path not in GRADINGS]
    GRADINGS.update((path, Future()) for path in new)
    Thread(target=_grade, args=(new,), daemon=True).start()


def _grade(paths: list[Path]) -> None:
    try:
        for outcome in grade_all(map(_job, paths)):
            GRADINGS[Path(outcome.job.name)].set_result(msgspec.to_builtins(outcome.checks))
    except Exception as error:
        for path in paths:
            if not GRADINGS[path].done():
                GRADINGS[path].set_exception(error)
        raise


def _job(path: Path) -> Job:
    seed, source = secrets.randbelow(1 << 31), path.read_text(encoding="utf-8")
    return Job(str(path), path.parents[1].name, source, seed, bonus=True)


def checks_of(path: Path) -> list[dict[str, Any]]:
    """All checks of a program, in the order of the exercise."""
    if path not in GRADINGS:
        begin([path])
    return GRADINGS[path].result()


def verdicts(path: Path) -> dict[str, str]:
    """Check name to verdict."""
    return {check["id"].partition("::")[2]: check["verdict"] for check in checks_of(path)}


def failures(path: Path) -> list[dict[str, Any]]:
    """The failed checks, in the order of the exercise."""
    return [check for check in checks_of(path) if check["verdict"] == "failed"]


def name(path: Path) -> str:
    return f"{path.parents[1].name}-{path.stem}"


@pytest.fixture(scope="module", autouse=True)
def _begin_all(request: pytest.FixtureRequest) -> None:
    """Keep all cores busy: begin what was selected, in the order of the tests."""
    specs = [getattr(item, "callspec", None) for item in request.session.items]
    selected = [spec.params.get("path") for spec in specs if spec]
    begin(path for path in selected if isinstance(path, Path) and CORPUS in path.parents)


@pytest.mark.parametrize("path", RIGHT, ids=name)
def test_right_program_gets_full_marks(path: Path) -> None:
    """No style that keeps the rules loses a point."""
    lost = {c["id"]: [f["message"] for f in c["findings"]] for c in failures(path)}

    assert not lost
    assert set(verdicts(path).values()) == {"passed"}


@pytest.mark.parametrize("path", NEAR_MISSES, ids=name)
def test_near_miss_fails_for_its_reason(path: Path) -> None:
    """The checks that must fail do, for the right reason, on the right line; others do not."""
    wanted = expected(path)
    got = verdicts(path)
    findings = [finding for check in failures(path) for finding in check["findings"]]

    told = f"{got}, {findings}"
    assert {got[check] for check in wanted.failed} <= {"failed"}, told
    assert {got[check] for check in wanted.passed} <= {"passed"}, told
    assert findings[0]["kind"] in wanted.kinds, findings[0]
    if wanted.lines is not None:
        assert findings[0]["line"] in wanted.lines, findings[0]
    if wanted.backend is not None:
        assert findings[0]["message"].startswith(f"on {wanted.backend}: "), findings[0]


@pytest.mark.parametrize("path", NEAR_MISSES, ids=name)
def test_near_miss_is_told_of_as_it_happened(path: Path) -> None:
    """A finding has its events, with one at which it went wrong, and no word about what the judge runs."""
    checks = checks_of(path)
    messages = [finding["message"] for check in checks for finding in check["findings"]]

    assert not [text for text in messages if any(word in text for word in OURS)]
    for check in checks:
        events = check.get("events", [])
        assert check["verdict"] == "failed" or not events
        assert sum(event.get("wrong", False) for event in events) == bool(events)


@pytest.mark.parametrize("stage", STAGES)
def test_every_check_is_failed_by_a_near_miss(stage: str) -> None:
    """A check that nothing fails would prove nothing."""
    mine = [path for path in NEAR_MISSES if path.parents[1].name == stage]
    checks = set(verdicts(next(path for path in RIGHT if path.parents[1].name == stage)))
    failed = {
        check for path in mine for check, verdict in verdicts(path).items() if verdict == "failed"
    }

    assert checks - failed == set()
