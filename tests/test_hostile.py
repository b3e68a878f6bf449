"""Programs that were handed in to cheat or to do harm, and odd ones that are right: nobody gains, nobody is hurt.

Each is graded by the command line in a process of its own, in a copy of the project that nothing happens to, beside a
home folder, a secret and the solutions. What a program tries and what must come of it stands in its first lines.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]

HERE = Path(__file__).parent
CORPUS = HERE / "hostile"
ABOUT = "about.txt"
PROGRAMS = sorted({*CORPUS.glob("s[0-9][0-9]_*/*.py"), *(f.parent for f in CORPUS.rglob(ABOUT))})
HEADER = re.compile(r"^# (tries|expect|kind): (.*)$", re.MULTILINE)
SCHEMA = json.loads(files("grader.report").joinpath("schema_v1.json").read_text("utf-8"))
PATIENCE = 180
"""Seconds of real time for a grading, on a busy machine."""
MEMORY = 150 << 20
"""Bytes that the judge itself may have, whatever its children do."""
NOBODY = 65534
PRIVATE = '''
@pytest.mark.check(points=1)
async def test_private(shop, submission):
    """SECRET"""
'''
"""The instructor's own check: it passes, and nobody may learn what is written in it."""
ROOT = "<ROOT>"
"""What a program writes for the folder in which all that must not be touched lies."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs the walls of Linux")


@dataclass(frozen=True)
class Expected:
    """What a program says of itself."""

    full: bool
    none: bool
    failed: tuple[str, ...]
    passed: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What a grading came to.

    Attributes:
        told: What its overseer says.
        written: All that it printed.
        touched: What must not be touched, and was.
        secret: What nobody may learn.
    """

    told: dict[str, Any]
    written: str
    errors: str
    touched: list[str]
    secret: str

    @property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.written)
        return report

    @property
    def checks(self) -> dict[str, dict[str, Any]]:
        """The checks by their names."""
        stage = self.report["stages"][0]
        return {c["id"].partition("::")[2]: c for c in stage["checks"] if "private" not in c}

    @property
    def verdicts(self) -> dict[str, str]:
        """Check name to verdict."""
        return {name: check["verdict"] for name, check in self.checks.items()}

    @property
    def score(self) -> float:
        return float(sum(check["earned"] for check in self.checks.values()))

    @property
    def kinds(self) -> set[str]:
        """Kinds of the first finding of each failed check."""
        return {c["findings"][0]["kind"] for c in self.checks.values() if c["verdict"] == "failed"}


def header(path: Path) -> dict[str, list[str]]:
    """The first lines of a program, by their first words."""
    text = (path / ABOUT if path.is_dir() else path).read_text(encoding="utf-8")
    found: dict[str, list[str]] = {"tries": [], "expect": [], "kind": []}
    for name, value in HEADER.findall(text):
        found[name].append(value.strip())
    return found


def expected(path: Path) -> Expected:
    """Read what must come of a program."""
    lines = header(path)
    words = [line.split() for line in lines["expect"]]
    return Expected(
        full="full marks" in lines["expect"],
        none="no marks" in lines["expect"],
        failed=tuple(
            check for verdict, *checks in words if verdict == "failed" for check in checks
        ),
        passed=tuple(
            check for verdict, *checks in words if verdict == "passed" for check in checks
        ),
        kinds=tuple(lines["kind"][0].split("|")) if lines["kind"] else (),
    )


# ---- one grading


def grade(path: Path, user: int | None = None) -> Outcome:
    """Grade one program, in a world of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="hostile-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        secret = f"canary-{secrets.token_hex(16)}"
        lay_out(root, path, secret)
        if user is not None:
            give_away(root, user)
        before = untouched(root)
        done = run(root, path.parent.name, secret, user)
        after = untouched(root)
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    *_, told = done.stderr.splitlines() or [done.stdout]
    return Outcome(json.loads(told), done.stdout, done.stderr, changed, secret)


def lay_out(root: Path, path: Path, secret: str) -> None:
    """A submission, and beside it all that it may not touch."""
    for name in ("grader", "exercises", "solutions", "pyproject.toml"):
        source = HERE.parent / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        (root / "project").mkdir(exist_ok=True)
        copy(source, root / "project" / name)
    for name in ("home", "tmp"):
        (root / name).mkdir()
    (root / "home" / ".netrc").write_text(secret)
    (root / "secret.txt").write_text(secret)
    (root / "secret.py").write_text(f"{secret} = (\n")
    own = root / "project" / "private" / path.parent.name / "test_own.py"
    own.parent.mkdir(parents=True)
    contract = (root / "project" / "exercises" / path.parent.name / "test_pipeline.py").read_text()
    own.write_text(contract.partition("@pytest.mark.check")[0] + PRIVATE.replace("SECRET", secret))
    lay_down(root / "submission", path)
    for program in (root / "submission").rglob("*.py"):
        if not program.is_symlink():
            text = program.read_text(encoding="utf-8")
            program.write_text(text.replace(ROOT, str(root)), encoding="utf-8")


def lay_down(target: Path, path: Path) -> None:
    """One file is a stage's pipeline.py; a folder is handed in as it is."""
    if path.is_dir():
        shutil.copytree(path, target, symlinks=True, ignore=shutil.ignore_patterns(ABOUT))
        return
    stage = target / path.parent.name
    stage.mkdir(parents=True)
    shutil.copy(path, stage / "pipeline.py")


def give_away(root: Path, user: int) -> None:
    """All of it belongs to somebody else."""
    for entry in (root, *root.rglob("*")):
        os.chown(entry, user, user, follow_symlinks=False)


def untouched(root: Path) -> dict[str, tuple[int, int, int]]:
    """Whatever must not change: name to mode, time and links; byte code is the interpreter's own affair."""
    entries = (e for top in root.iterdir() if top.name != "tmp" for e in (top, *top.rglob("*")))
    return {
        str(entry.relative_to(root)): about(entry)
        for entry in entries
        if "__pycache__" not in entry.parts
    }


def about(entry: Path) -> tuple[int, int, int]:
    """Of a folder only the mode: its time changes with the byte code in it."""
    stat = entry.lstat()
    return (
        (stat.st_mode, 0, 0) if entry.is_dir() else (stat.st_mode, stat.st_mtime_ns, stat.st_nlink)
    )


def run(root: Path, stage: str, secret: str, user: int | None) -> subprocess.CompletedProcess[str]:
    """The command line, under its overseer."""
    project = root / "project"
    overseer = [sys.executable, "-I", "-S", str(HERE / "overseer.py"), str(PATIENCE)]
    command = [sys.executable, "-B", "-m", "grader", "grade", stage]
    options = ["--submission", str(root / "submission"), "--bonus", "--format", "json"]
    options += ["--private-checks", "private"]
    return subprocess.run(
        [*overseer, "-" if user is None else str(user), *command, *options],
        capture_output=True,
        check=False,
        text=True,
        cwd=project,
        env={
            "PATH": os.defpath,
            "HOME": str(root / "home"),
            "TMPDIR": str(root / "tmp"),
            "PYTHONPATH": os.pathsep.join([str(project), str(project / "exercises")]),
            "TOKEN": secret,
        },
    )


@cache
def grading(path: Path) -> Future[Outcome]:
    """One grading; all are begun when the first is asked for."""
    return _pool().submit(grade, path)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor((os.cpu_count() or 1) + 1)


@pytest.fixture(scope="module", autouse=True)
def _begin_all(request: pytest.FixtureRequest) -> None:
    """Keep all cores busy: begin what was selected, in the order of the tests."""
    for item in request.session.items:
        callspec = getattr(item, "callspec", None)
        if item.path == Path(__file__) and callspec and "path" in callspec.params:
            grading(callspec.params["path"])


# ---- what must come of each


def name(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def must_be_as_expected(outcome: Outcome, wanted: Expected) -> None:
    """The verdicts are those that the program's header names, and the exit code says the same."""
    verdicts = outcome.verdicts
    assert outcome.told["status"] == (0 if set(verdicts.values()) == {"passed"} else 1), (
        outcome.errors
    )
    assert "unknown" not in verdicts.values()
    assert not wanted.full or set(verdicts.values()) == {"passed"}, findings(outcome)
    assert not wanted.none or outcome.score == 0, verdicts
    assert {verdicts[check] for check in wanted.failed} <= {"failed"}, verdicts
    assert {verdicts[check] for check in wanted.passed} <= {"passed"}, verdicts
    assert not wanted.kinds or outcome.kinds <= set(wanted.kinds), findings(outcome)


def must_be_harmless(outcome: Outcome) -> None:
    """Nothing was changed, told, or left behind, and the judge kept its measure."""
    assert not outcome.told["late"]
    assert not outcome.told["left"]
    assert not outcome.touched
    assert outcome.secret not in outcome.written + outcome.errors
    assert outcome.told["memory"] < MEMORY
    Draft202012Validator(SCHEMA).validate(outcome.report)


def findings(outcome: Outcome) -> dict[str, list[str]]:
    """For whoever reads a failure of these tests."""
    return {
        name: [f["message"] for f in c["findings"]]
        for name, c in outcome.checks.items()
        if c["findings"]
    }


@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_nobody_gains_and_nobody_is_hurt(path: Path) -> None:
    """The marks are those that were earned, and what must not be touched or told is not."""
    outcome = grading(path).result()

    must_be_harmless(outcome)
    must_be_as_expected(outcome, expected(path))


@pytest.mark.parametrize("path", PROGRAMS, ids=name)
def test_every_program_says_what_it_tries(path: Path) -> None:
    """One sentence on what it tries, and what must come of it: a verdict that was earned, or none."""
    lines, wanted = header(path), expected(path)

    assert len(lines["tries"]) == 1
    assert wanted.full or wanted.none or wanted.failed
    assert wanted.full != bool(wanted.kinds)


def test_corpus_is_not_small() -> None:
    """As many kinds of hostility as the threat model names, and right programs among them."""
    right = [path for path in PROGRAMS if expected(path).full]

    assert len(PROGRAMS) >= 60
    assert len(right) >= 10


# ---- the same for an ordinary user, when the tests are run by the superuser


def ordinary_user_can_run() -> bool:
    """Whether we may be somebody without rights, and he may use this interpreter at all."""
    if sys.platform != "linux" or os.getuid() != 0:
        return False
    command = [sys.executable, "-c", "import msgspec, pytest"]
    somebody: dict[str, Any] = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    try:
        return (
            subprocess.run(command, capture_output=True, check=True, cwd="/", **somebody)
            is not None
        )
    except (OSError, subprocess.CalledProcessError):
        return False


HANDFUL = [
    "answers_for_the_loop",
    "kills_others",
    "learns_the_secret",
    "memory_without_end",
    "reads_the_solution",
    "right_elsewhere",
    "starts_programs",
    "threads_without_end",
    "writes_where_it_can",
]


@pytest.mark.skipif(not ordinary_user_can_run(), reason="there is no other user to be")
@pytest.mark.parametrize("path", [p for p in PROGRAMS if p.stem in HANDFUL], ids=name)
def test_the_same_for_an_ordinary_user(path: Path) -> None:
    """Whoever grades without the superuser's rights is as safe."""
    outcome = grade(path, NOBODY)

    must_be_harmless(outcome)
    must_be_as_expected(outcome, expected(path))
