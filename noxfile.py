"""Every job of the project, by name: `nox --list`. Without `-s`, nox grades.

A bare `nox` grades, since whoever types only that is a learner; developers and CI name a session.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from pathlib import Path

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["grade"]
nox.options.reuse_venv = "yes"
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = False

ROOT = Path(__file__).resolve().parent
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
HATCH = PYPROJECT["tool"]["hatch"]
PYTHONS = nox.project.python_versions(PYPROJECT)
STARTER_SHARE = 1 / 3
"""A starter earns less than this share of its stage's points."""


@nox.session
def grade(session: nox.Session) -> None:
    """Grade your exercises: `nox -s grade`, one stage: `nox -s grade -- s03`."""
    install(session)
    run_grader(session, "grade", *session.posargs)


@nox.session
def report(session: nox.Session) -> None:
    """Grade your exercises, and write a page with their timelines: `nox -s report -- s03`."""
    install(session)
    page = ROOT / "report.html"
    page.unlink(missing_ok=True)
    try:
        run_grader(session, "grade", "--report", f"html={page}", *session.posargs)
    finally:
        if page.is_file():
            session.log(f"The page: {page.as_uri()}")


@nox.session
def watch(session: nox.Session) -> None:
    """Grade a stage at each save, with keys for hints and more: `nox -s watch`, `nox -s watch -- s03`."""
    install(session, "watch")
    run_grader(session, "watch", *session.posargs)


@nox.session
def shootout(session: nox.Session) -> None:
    """Measure the servers of stage 10 under the same load: `nox -s shootout -- --submission exercises`."""
    install(session, "shootout")
    run_grader(session, "shootout", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests with the Python that runs nox."""
    install(session, "test")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Test the page in headless Chromium: `apt-get install chromium`, or CHROMIUM=PATH."""
    install(session, "test", "browser")
    needed = {"UNBLOCKED_BROWSER": "1"}
    session.run("python", "-m", "pytest", "tests/browser", *session.posargs, env=needed)


@nox.session(python=PYTHONS)
def matrix(session: nox.Session) -> None:
    """Run the tests with each supported Python that is installed; skip the others."""
    install(session, "test")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format, spelling, and which way imports point."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("lint-imports", "--no-cache")


@nox.session
def typecheck(session: nox.Session) -> None:
    """Check types with mypy and pyright, both strict."""
    install(session, "type")
    session.run("mypy")
    session.run("pyright", "--project", "pyproject.toml")  # whatever lies in parent folders


@nox.session
def solutions(session: nox.Session) -> None:
    """Check that each solution gets full marks, and each starter less than a third of them."""
    install(session)
    complaints = [
        f"the solution of {stage} lost marks: {score:g} of {most:g}"
        for stage, score, most in scores(session, "solutions")
        if score < most
    ] + [
        f"the starter of {stage} earns too much: {score:g} of {most:g}"
        for stage, score, most in scores(session, "exercises")
        if score >= most * STARTER_SHARE
    ]
    if complaints:
        session.error("; ".join(complaints))


@nox.session
def repeat(session: nox.Session) -> None:
    """Grade every program 10 times, or `-- N` times, and tell verdicts that differ; `-- N --load 6`."""
    install(session)
    session.run("python", "-m", "bench.repeat", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the grader and its detector: the scripts of bench/, or those named, with what else is given."""
    install(session, "bench")
    named = {word: [*Path("bench").rglob(f"{word}.py")] for word in session.posargs or ["*"]}
    arguments = [word for word, scripts in named.items() if not scripts]
    for script in sorted({script for scripts in named.values() for script in scripts}):
        if "def main(" in script.read_text(encoding="utf-8"):
            session.run("python", str(script), *arguments)


@nox.session(python="3.11")
def fuzz(session: nox.Session) -> None:
    """Fuzz framing, messages, vetting and reports: 30 seconds each, or `-- SECONDS`."""
    install(session, "fuzz")
    seconds = session.posargs[0] if session.posargs else "30"
    for harness in sorted(Path("fuzz").glob("*.py")):
        if "def main(data" in harness.read_text(encoding="utf-8"):
            session.run("python", "fuzz/run.py", harness.stem, seconds)


@nox.session
def golden(session: nox.Session) -> None:
    """Rewrite what is generated: golden reports, and the tables in the stages' READMEs."""
    install(session, "test")
    session.run("python", "-m", "grader", "tables")
    session.run("python", "-m", "pytest", "-q", "tests/report", env={"UNBLOCKED_GOLDEN": "1"})


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into site/; a warning is an error. `-- serve` shows it while it is written."""
    install(session, "docs")
    session.run("mkdocs", *(session.posargs or ["build"]), env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def messages(session: nox.Session) -> None:
    """Bring the catalogues of other languages up to date, compile them, and say what is missing."""
    install(session, "message")
    session.run("python", "-m", "translation")


@nox.session
def new(session: nox.Session) -> None:
    """Scaffold a stage: `nox -s new -- s13_retries`."""
    install(session)
    session.run("python", "-m", "grader", "new", *session.posargs)


def run_grader(session: nox.Session, *arguments: str) -> None:
    """Run the grader, and end as it does: it has the last word, for lost marks are no failure of nox's."""
    logging.disable()
    try:
        session.run("python", "-m", "grader", *arguments)
    except CommandFailed as failure:
        sys.exit(getattr(failure, "return_code", None) or 1)  # older nox does not tell which code
    finally:
        logging.disable(logging.NOTSET)


def install(session: nox.Session, *groups: str) -> None:
    """Install the project, editable, unless this session's environment is up to date already."""
    requirements = nox.project.dependency_groups(PYPROJECT, *groups)
    needs = (ROOT, PYPROJECT["build-system"], PYPROJECT["project"], HATCH, requirements)
    wanted = hashlib.sha256(repr(needs).encode()).hexdigest()
    stamp = Path(session.virtualenv.location, "installed")
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    session.log("Installing what this session needs; only the first run has to.")
    session.install("--editable", ".", *requirements)
    stamp.write_text(wanted, encoding="utf-8")


def scores(session: nox.Session, submission: str) -> list[tuple[str, float, float]]:
    """Grade a submission; each stage with its score and the most it could be."""
    report = session.run(
        *(
            "python",
            "-m",
            "grader",
            "grade",
            "--submission",
            submission,
            "--bonus",
            "--format",
            "json",
        ),
        silent=True,
        stderr=None,
        success_codes=[0, 1],
    )
    stages = json.loads(report or '{"stages": []}')["stages"]
    return [(stage["stage"], stage["score"], stage["max_score"]) for stage in stages]
