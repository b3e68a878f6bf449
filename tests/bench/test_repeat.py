"""Which verdicts differed between rounds, told by program, check and seed."""

from pathlib import Path

from bench.gradings import Job, Outcome
from bench.repeat import collected, jobs, programs, seeds, stage_of, unsteady, until_broken_off
from grader.results import Verdict

ROOT = Path(__file__).resolve().parents[2]


def outcome(seed, **verdicts):
    """What one round said of a program."""
    told = {check: Verdict(verdict) for check, verdict in verdicts.items()}
    return Outcome(Job("late.py", "s03_async_await", "", seed), told)


def test_the_same_in_every_round_is_steady():
    rounds = [outcome(seed, test_pays="passed", test_cancels="failed") for seed in (3, 4)]

    assert list(unsteady(collected(rounds))) == []


def test_a_verdict_that_differed_is_told_with_its_seeds():
    rounds = [outcome(seed, test_pays="passed", test_cancels="failed") for seed in (3, 4)]
    rounds.append(outcome(5, test_pays="passed", test_cancels="passed"))

    (line,) = unsteady(collected(rounds))

    assert line == "late.py test_cancels: failed 2 times (seeds 3, 4); passed 1 times (seeds 5)"


def test_an_unknown_verdict_is_never_steady():
    (line,) = unsteady(collected([outcome(3, test_pays="unknown")]))

    assert "unknown" in line


def test_rounds_have_seeds_of_their_own():
    """And the same ones again, when the first is given."""
    assert len(set(seeds(7, 50))) == 50
    assert seeds(7, 50) == seeds(7, 50)
    assert seeds(7, 50) != seeds(8, 50)


def test_every_program_is_graded_in_every_round():
    """The solutions, the right programs and the near misses, each by its own stage."""
    paths = programs(ROOT)
    kinds = {path.parts[0] if path.parts[0] == "solutions" else path.parts[3] for path in paths}

    made = list(jobs(paths[:2], [1, 2]))

    assert kinds == {"solutions", "right", "near_miss"}
    assert {stage_of(path) for path in paths} == {
        path.name for path in (ROOT / "exercises").glob("s[0-9][0-9]_*")
    }
    assert [(job.name, job.seed) for job in made] == [
        (str(path), seed) for seed in (1, 2) for path in paths[:2]
    ]


def test_whoever_breaks_off_keeps_what_was_graded(capsys):
    """The rounds so far are told, and what came before is judged."""

    def outcomes():
        yield from "abc"
        raise KeyboardInterrupt

    assert list(until_broken_off(outcomes(), every=2)) == ["a", "b", "c"]
    assert capsys.readouterr().err == "1 rounds\n"
