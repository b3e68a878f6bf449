"""The mutation test of the grader: right programs in many styles, and near misses wrong in one way each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

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


@cache
def grading(path: Path) -> Future[dict[str, Any]]:
    """One grading in a process of its own; all are begun when the first is asked for."""
    return _pool().submit(grade, path)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(os.cpu_count() or 1)


def grade(path: Path) -> dict[str, Any]:
    """The one stage of a JSON report."""
    stage = path.parents[1].name
    command = [sys.executable, "-m", "grader", "grade", stage, "--submission", str(path)]
    done = started([*command, "--bonus", "--format", "json"])
    assert done.returncode in (0, 1), done.stderr or done.stdout
    report: dict[str, Any] = json.loads(done.stdout)["stages"][0]
    return report


def started(command: list[str], tries: int = 3) -> subprocess.CompletedProcess[str]:
    """Run a command; a machine that could not start it (EFAULT from execve was seen) is asked again."""
    try:
        return subprocess.run(command, capture_output=True, check=False, text=True)
    except OSError:
        if tries == 1:
            raise
        return started(command, tries - 1)


def verdicts(path: Path) -> dict[str, str]:
    """Check name to verdict."""
    checks = grading(path).result()["checks"]
    return {check["id"].partition("::")[2]: check["verdict"] for check in checks}


def failures(path: Path) -> list[dict[str, Any]]:
    """The failed checks, in the order of the exercise."""
    return [c for c in grading(path).result()["checks"] if c["verdict"] == "failed"]


def name(path: Path) -> str:
    return f"{path.parents[1].name}-{path.stem}"


@pytest.fixture(scope="module", autouse=True)
def _begin_all(request: pytest.FixtureRequest) -> None:
    """Keep all cores busy: begin what was selected, in the order of the tests."""
    for item in request.session.items:
        callspec = getattr(item, "callspec", None)
        if callspec and isinstance(path := callspec.params.get("path"), Path):
            grading(path)


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
    checks = grading(path).result()["checks"]
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
