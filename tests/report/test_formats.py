"""Formats are found, not listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import grader.report
from grader.errors import UsageError
from grader.report import FORMATS, Report, content, render
from grader.results import whole_result

ROOT = Path(__file__).parents[2]


def test_every_module_named_for_a_reader_is_a_format() -> None:
    """Adding a module called as_NAME is all that a new format takes."""
    package = Path(grader.report.__file__).parent
    modules = {path.stem for path in package.glob("as_*.py")}

    assert {f"as_{name}" for name in FORMATS} == modules
    assert all(callable(vars(FORMATS[name])["render"]) for name in FORMATS)
    assert {"terminal", "json"} <= set(FORMATS)


def test_one_grading_serves_every_reader(grade, consumers, tmp_path):
    """Each format comes of the same run, and its reader finds the same score."""
    near_miss = ROOT / "tests/submissions/s01_callbacks/near_miss/both_callbacks.py"
    reports = [f"--report={name}={tmp_path / name}" for name in FORMATS]

    done = grade("s01", "--submission", near_miss, "--format", "github", *reports)

    read = {name: consumer((tmp_path / name).read_text()) for name, consumer in consumers.items()}
    score = json.loads((tmp_path / "json").read_text())["score"]
    assert (done.returncode, done.stdout) == (1, (tmp_path / "github").read_text())
    assert read["gradescope"]["score"] == score == float(read["github_output"]["score"]) < 15
    assert read["github"][0].properties["file"] == "s01_callbacks/pipeline.py"
    assert sum(suite.failures for suite in read["junit"]) == len(
        {result["properties"]["check"] for result in read["sarif"]["results"]}
    )
    assert {path.name for path in tmp_path.iterdir()} == set(FORMATS)


def test_unknown_format_is_the_callers_mistake() -> None:
    """The error says what there is."""
    report = Report(whole_result("exercises", 1, "linux", ()))

    with pytest.raises(UsageError, match=r"no format 'pdf'; choose one of: .*json, .*terminal"):
        render("pdf", report)


def test_paths_follow_from_the_file_that_is_graded() -> None:
    """Without a path given, a stage's file is called as in an exercises folder."""
    result = whole_result("exercises", 1, "linux", ())

    given = content.Report(result, files={"s03_async_await": "work/s03_async_await/pipeline.py"})

    assert given.file_of("s02_futures") == "s02_futures/pipeline.py"
    assert given.readme_of("s03_async_await") == "work/s03_async_await/README.md"
    assert given.run_again("s03_async_await") == "nox -s grade -- s03"
