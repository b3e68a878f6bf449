"""results.json as Gradescope documents it."""

from __future__ import annotations

from grader.report import render


def test_each_check_is_a_test_with_its_points(consumers, marks_lost):
    """Points are partial over the whole, and the score is their sum."""
    document = consumers["gradescope"](render("gradescope", marks_lost))

    tests = document["tests"]
    assert document["score"] == sum(test["score"] for test in tests) == 3.0
    assert [(t["number"], t["max_score"], t["status"]) for t in tests] == [
        ("1.1", 3.0, "passed"),
        ("1.2", 3.0, "failed"),
        ("1.3", 3.0, "failed"),
        ("1.4", 3.0, "failed"),
    ]
    assert "s02_futures: 3 of 12" in document["output"]
    assert tests[3]["output"].startswith("Not run")


def test_every_text_is_plain_and_visible(consumers, marks_lost):
    """What a submission printed is shown to its learner as it is, and rendered by nobody."""
    document = consumers["gradescope"](render("gradescope", marks_lost))

    assert {value for key, value in document.items() if key.endswith("_format")} == {"text"}
    assert {t["output_format"] for t in document["tests"]} == {"text"}
    assert {t["visibility"] for t in document["tests"]} == {"visible"}
    assert document["tests"][1]["output"].endswith("It printed:\n  ::error::forged")


def test_ungradable_has_a_message_and_no_score(consumers, ungradable):
    """No mark is recorded for what the grader could not do."""
    document = consumers["gradescope"](render("gradescope", ungradable))

    assert not {"score", "tests"} & set(document)
    assert "no process could be started" in document["output"]
    assert document["extra_data"]["gradable"] is False
