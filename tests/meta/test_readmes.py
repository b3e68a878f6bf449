"""Every stage has its page, in both languages, short, complete and fresh."""

import re

import pytest

from grader.errors import ExerciseError
from grader.scaffold.checks import read_checks
from grader.scaffold.stage import TO_WRITE
from grader.scaffold.tables import READMES, checks_table, with_table


@pytest.fixture
def checks(stage):
    """What the stage's checks say about themselves."""
    try:
        return read_checks(stage)
    except ExerciseError as error:
        pytest.fail(f"{error} The stage's author must act.")


def test_title_names_the_stage(readme):
    """The page begins with the stage's number."""
    number = int(readme.stage[1:3])

    assert re.match(rf"Stage {number}: \S|{number}단계: \S", readme.title), (
        f"{readme.place} must begin with `# Stage {number}: ...`, in Korean `# {number}단계: ...`"
    )


def test_headings_are_in_order(readme, expected_headings):
    """Learners find the same headings in the same order at each stage."""
    lacking = [heading for heading in expected_headings if heading not in readme.headings]

    assert not lacking, f"{readme.place} lacks the headings {', '.join(lacking)}"
    assert readme.headings == expected_headings, f"{readme.place}: other headings, or another order"


def test_nothing_is_left_to_write(readme):
    """No place of the scaffold waits for its author any more."""
    left = readme.text.count(TO_WRITE)

    assert not left, f"{readme.place} has {left} places that still say `{TO_WRITE}...`"


def test_page_is_short(readme, expected_words):
    """A stage is read in two minutes, but does say what it wants."""
    fewest, most = expected_words

    assert fewest <= readme.words <= most, (
        f"{readme.place} has {readme.words} words outside of hints, code and headings; "
        f"its author brings that to between {fewest} and {most}"
    )


def test_table_is_fresh(readme, language, checks):
    """The page's table of checks is what the checks say."""
    try:
        fresh = with_table(readme.text, checks_table(checks, READMES[language]), readme.place)
    except ExerciseError as error:
        pytest.fail(str(error))

    assert readme.text == fresh, f"{readme.place}: the table is stale; run `nox -s golden`"


def test_each_check_has_hints(readme, checks, expected_levels):
    """Every topic that a check points to is there, in three levels."""
    lacking = {
        topic: [level for level in expected_levels if level not in readme.hints.get(topic, [])]
        for topic in sorted({check.hint for check in checks} - {""})
    }
    complaints = [f"{topic} ({', '.join(levels)})" for topic, levels in lacking.items() if levels]

    assert not complaints, f"{readme.place} lacks hints: {'; '.join(complaints)}"


def test_hints_are_complete(readme, expected_levels):
    """Every topic has a question, a pointer, and nearly the code, in this order."""
    broken = [topic for topic, levels in readme.hints.items() if levels != expected_levels]

    assert not broken, f"{readme.place}: {broken[0]!r} must have {', '.join(expected_levels)}"


def test_hints_are_the_same_in_both_languages(stage, read_readme):
    """A finding points to a topic, whatever its reader's language."""
    english, korean = (list(read_readme(stage, name).hints) for name in READMES)

    assert korean == english, f"exercises/{stage.name}: READMEs with other topics, or another order"


def test_each_check_names_its_hint(stage, checks):
    """A learner who fails a check is given something to think about."""
    without = [check.name for check in checks if not check.hint]

    assert not without, f"{stage.name}: {without[0]} has no hint=...; name a topic under `## Hints`"
