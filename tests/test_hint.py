"""`unblocked hint`, as a learner types it."""

from contextlib import chdir

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.progress import FILE, Failure, Progress, save
from grader.results import Kind

CHECK = "s03_async_await::test_pays_the_first_order"


@pytest.fixture
def hint(tmp_path):
    """Runs the command in a folder of its own."""

    def hint(*arguments):
        with chdir(tmp_path):
            return CliRunner().invoke(main, ["hint", *arguments])

    return hint


@pytest.fixture
def failed(tmp_path):
    """A learner whose stage 3 does not pay."""
    known = Progress(stage="s03_async_await", failures={CHECK: Failure(Kind.BEHAVIOUR)})
    save(known, tmp_path / FILE)


def test_asking_again_shows_the_next_level(hint, failed):
    """Each time one level more is shown, the last one with all the others."""
    told = [hint().output for _ in range(3)]

    assert ["2. A pointer" in text for text in told] == [False, True, True]
    assert ["3. Nearly the code" in text for text in told] == [False, False, True]
    assert told[2].rstrip().endswith("That was the last level.")


def test_hint_is_in_the_language_that_is_asked_for(hint, failed):
    """The title, the level's name, the hint and what to do next are all in Korean."""
    told = hint("--language", "ko").output

    assert "1. 질문" in told
    assert "다시 부르면 다음 힌트가 나옵니다." in told
    assert "question" not in told


def test_check_that_has_not_failed_keeps_its_levels_closed(hint, failed):
    """The name of another check gives its question, and says when there will be more."""
    told = [hint("s03", "--check", "never_blocks").output for _ in range(2)]

    assert "1. A question" in told[1]
    assert "2. A pointer" not in told[1]
    assert told[1].rstrip().endswith("grade first.")


def test_nothing_failed_is_one_sentence(hint):
    """Without a failed check the learner is told to grade."""
    ended = hint("s02")

    assert ended.exit_code == 2
    assert "nox -s grade -- s02" in ended.output


def test_misspelt_check_is_told_its_neighbours(hint):
    """A check that is not there is answered with those that are like it."""
    ended = hint("s03", "--check", "test_never_bloks")

    assert ended.exit_code == 2
    assert "test_never_blocks" in ended.output


def test_instructors_see_every_level(hint):
    """`--all` shows each level of each check, and remembers nothing."""
    told = hint("s01", "--all").output

    assert told.count("3. Nearly the code") == told.count("── ") > 10
    assert hint("s01").exit_code == 2


def test_foreign_file_is_said_once(hint, tmp_path):
    """A file that is not ours is a sentence, and the hint comes all the same."""
    (tmp_path / FILE).write_text("not ours")

    told = hint("s03", "--check", "never_blocks").output

    assert "beginning anew" in told
    assert "1. A question" in told
