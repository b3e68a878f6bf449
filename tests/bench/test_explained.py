"""An explanation of a survivor holds as long as the lines that it is about."""

from pathlib import Path

from bench.mutants.explained import explained
from bench.mutants.mutants import PAGE, all_mutants
from bench.mutants.mutation import mutants_of
from grader.submissions import choose_stages

SOURCE = "def f(x):\n    return x + 1\n"


def page(*mutants):
    """A page that explains these."""
    hunks = "".join(f"{mutant.diff}\n" for mutant in mutants)
    return f"# A page\n\nA reason.\n\n```diff\n{hunks}```\n\nMore words.\n"


def test_what_the_bench_prints_can_be_pasted():
    """The page is read back as it was printed."""
    mutants = list(mutants_of("s01_callbacks", SOURCE))

    assert set(explained(page(*mutants))) == {mutant.key for mutant in mutants}


def test_an_explanation_lapses_with_its_line():
    """Whoever changes the line has to think again."""
    before = next(mutants_of("s01_callbacks", SOURCE))
    after = {mutant.key for mutant in mutants_of("s01_callbacks", SOURCE.replace("x + 1", "x - 1"))}

    assert before.key not in after


def test_an_explanation_moves_with_its_line():
    """Lines above it do not matter."""
    before = {mutant.key for mutant in mutants_of("s01_callbacks", SOURCE)}
    after = {mutant.key for mutant in mutants_of("s01_callbacks", "\n\n" + SOURCE)}

    assert before == after


def test_no_explanation_is_void():
    """Every one of them fits a mutant of today's solutions."""
    keys = list(explained(Path(PAGE).read_text(encoding="utf-8")))
    stages = choose_stages(sorted({stage for stage, *_ in keys}))
    known = {mutant.key for mutant in all_mutants(stages)}
    void = [key for key in keys if key not in known]

    assert not void, f"docs/mutants.md explains what is not there any more: {void[0]}"
