"""Which verdicts differed between rounds, told by program, check and seed."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from bench.gradings import Job, Outcome, grade_all
from bench.load import busy
from bench.repeat import collected, jobs, programs, seeds, stage_of, unsteady
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


@pytest.mark.realtime
def test_gradings_are_those_of_the_command_line():
    """A solution passes every check, and a starter does not, side by side."""
    sources = {
        name: (ROOT / name / "s01_callbacks" / "pipeline.py").read_text(encoding="utf-8")
        for name in ("solutions", "exercises")
    }

    outcomes = {
        done.job.name: done
        for done in grade_all(Job(name, "s01", text, 1) for name, text in sources.items())
    }

    assert set(outcomes["solutions"].verdicts.values()) == {Verdict.PASSED}
    assert outcomes["exercises"].failed
    assert not outcomes["exercises"].unknown


ABANDONED = """
import multiprocessing, os, signal
from concurrent.futures import ProcessPoolExecutor
from bench.gradings import end_with_parent

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, context, initializer=end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.realtime
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when a stranger ends")
def test_workers_end_with_whoever_started_them(tmp_path):
    """A bench that was killed leaves nothing that goes on."""
    script = tmp_path / "abandoned.py"
    script.write_text(ABANDONED, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'exercises'}"}
    done = subprocess.run(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=env, check=False
    )

    try:
        worker = os.pidfd_open(int(done.stdout))
    except ProcessLookupError:
        return
    ended, _, _ = select.select([worker], [], [], 20)
    os.close(worker)

    assert ended


def test_busy_processes_end_with_what_they_disturb():
    with busy(2) as started:
        alive = subprocess.run(["ps", "-o", "pid=", "-p", ",".join(map(str, started))], check=False)

    left = [pid for pid in started if Path(f"/proc/{pid}").exists()]

    assert alive.returncode == 0
    assert not left


def test_nothing_to_repeat_is_wrong_usage():
    command = [sys.executable, "-m", "bench.repeat", "1", "--only", "no such program"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "nothing to repeat" in done.stderr
