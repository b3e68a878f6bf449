"""Where a finding points, for readers that know the learner's repository and not the grader's machine."""

from __future__ import annotations

import pytest

from grader.report import Report
from grader.report.places import Place, place_of
from grader.results import Finding, Kind, whole_result


@pytest.mark.parametrize(
    ("submission", "file", "path"),
    [
        (".", "exercises/s01_a/pipeline.py", "exercises/s01_a/pipeline.py"),
        ("/home/somebody/work", "/home/somebody/work/s01_a/pipeline.py", "s01_a/pipeline.py"),
        ("../work", "../work/s01_a/pipeline.py", "s01_a/pipeline.py"),
        ("/tmp/mine.py", "/tmp/mine.py", "s01_a/pipeline.py"),
        ("work", "work/../../s01_a/pipeline.py", "s01_a/pipeline.py"),
        ("/kata", "/kata/../etc/pipeline.py", "s01_a/pipeline.py"),
    ],
)
def test_path_leads_down(submission, file, path):
    """A path of the grader's machine is cut down to what was handed in."""
    report = Report(whole_result(submission, 1, "linux", ()), files={"s01_a": file})
    finding = Finding(kind=Kind.CRASH, message="m", file="pipeline.py", line=3)

    assert place_of(report, "s01_a", finding) == Place(path, 3)
    assert str(Place(path, 3)) == f"{path}:3"


@pytest.mark.parametrize(("file", "line"), [(None, 3), ("elsewhere.py", 3)])
def test_no_place_outside_of_the_stages_file(file, line):
    """Only the learner's own file is pointed at."""
    finding = Finding(kind=Kind.CRASH, message="m", file=file, line=line)

    assert place_of(Report(whole_result(".", 1, "linux", ())), "s01_a", finding) is None


@pytest.mark.parametrize("line", [None, 0, -1])
def test_line_that_is_none_is_left_out(line):
    """The file is still named."""
    finding = Finding(kind=Kind.CRASH, message="m", file="pipeline.py", line=line)

    place = place_of(Report(whole_result(".", 1, "linux", ())), "s01_a", finding)

    assert place == Place("s01_a/pipeline.py")
    assert str(place) == "s01_a/pipeline.py"
