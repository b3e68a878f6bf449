"""Workflow commands, outputs and the points for Classroom, as GitHub's runner understands them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from grader.report import render
from grader.report.as_github import command

TOKENS = (
    "%",
    "%25",
    "%0A",
    "%3A",
    "%2C",
    "::",
    ":",
    ",",
    "=",
    " ",
    "\r",
    "\n",
    "##[error]",
    "]",
    "a",
)
WORST = st.lists(st.sampled_from(TOKENS), max_size=6).map("".join)


@given(WORST, WORST.map(lambda text: f"a{text}z"))
def test_runner_reads_what_was_meant(consumers, text, title):
    """No text ends a command early, or is another text when it is read."""
    (read,) = consumers["github"](command("error", text, file="a.py", title=title))

    assert read == ("error", {"file": "a.py", "title": title}, text)


def test_learners_line_is_annotated_once(consumers, marks_lost):
    """Two checks that fail of one cause are one annotation, and the score is a notice."""
    error, notice = consumers["github"](render("github", marks_lost))

    assert error.properties == {
        "file": "work/s02_futures/pipeline.py",
        "line": "12",
        "title": "s02_futures",
    }
    assert error.text == (
        "order 11 was paid 2 times: 100%, ok\nHint: What if step 1 answers twice?"
    )
    assert (notice.name, notice.text) == (
        "notice",
        "3 of 12 points; next: s02_futures, 3 checks to go",
    )


def test_what_was_printed_never_reaches_the_log(marks_lost):
    """A submission cannot give commands to the runner."""
    assert "forged" not in render("github", marks_lost)
    assert "forged" not in render("classroom", marks_lost)


def test_ungradable_annotates_no_line(consumers, ungradable):
    """The one annotation is about the grading, not about the program."""
    (error,) = consumers["github"](render("github", ungradable))

    assert error.properties == {"title": "Could not be graded"}
    assert "not the program" in error.text


def test_outputs_name_the_score(consumers, marks_lost, ungradable):
    """A later step reads the score, and finds none where there is none."""
    graded = consumers["github_output"](render("github_output", marks_lost))
    lost = consumers["github_output"](render("github_output", ungradable))

    assert (graded["gradable"], graded["score"], graded["max_score"]) == ("true", "3", "12")
    assert (lost["gradable"], lost["score"]) == ("false", "")


def test_classroom_gets_its_two_notices(consumers, marks_lost, ungradable):
    """Points come with the titles that Classroom looks for, and not without a grade."""
    *_, text, totals = consumers["classroom"](render("classroom", marks_lost))
    lost = consumers["classroom"](render("classroom", ungradable))

    assert (text.properties["title"], text.text) == ("Autograding complete", "Points 3/12")
    assert totals.properties["title"] == "Autograding report"
    assert json.loads(totals.text) == {"totalPoints": 3.0, "maxPoints": 12.0}
    assert not [command for command in lost if command.name == "notice"]
