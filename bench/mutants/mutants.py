"""Mutation of the solutions: `nox -s bench -- mutants` for the core, `-- mutants s12` for a stage, `--bonus` for all.

Each mutant is a solution with one small mistake, graded by its stage's checks; the prints are the share that lost
marks, per stage, and every other one as a difference. `docs/mutants.md` says which of those are no mistakes, and why.
The core has to kill its share; of each stage every survivor has to be explained.

    python bench/mutants/mutants.py [--seed N] [--bonus] [STAGE ...]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from bench.gradings import Job, Outcome, grade_all
from bench.mutants.explained import explained
from bench.mutants.mutation import Mutant, mutants_of
from grader.submissions import choose_stages, is_bonus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mutants.md"
BAR = 0.95
"""Share of the core's mutants that have to be killed."""


def all_mutants(stages: Iterable[Path]) -> Iterator[Mutant]:
    """The mutants of the solutions to these stages, which are given as exercise folders."""
    for stage in stages:
        solution = ROOT / "solutions" / stage.name / "pipeline.py"
        yield from mutants_of(stage.name, solution.read_text(encoding="utf-8"))


def main(arguments: list[str]) -> int:
    """Print the figures and the survivors; 0 if enough were killed and the others are explained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*", help="by name; default: the core's")
    parser.add_argument("--bonus", action="store_true", help="the bonus ladder's, too")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    stages = choose_stages(wanted.stages, bonus=wanted.bonus)
    mutants = {str(n): mutant for n, mutant in enumerate(all_mutants(stages))}
    jobs = [Job(n, m.stage, m.source, wanted.seed, bonus=True) for n, m in mutants.items()]
    print(f"{len(jobs)} mutants are graded; that takes some minutes", flush=True)
    outcomes = {outcome.job.name: outcome for outcome in grade_all(jobs)}
    core = {stage.name for stage in stages if not is_bonus(stage)}
    return report([(mutant, outcomes[n]) for n, mutant in mutants.items()], core)


def report(judged: list[tuple[Mutant, Outcome]], core: set[str]) -> int:
    """Print what became of the mutants; 0 if all is well.

    Args:
        judged: Each with its outcome.
        core: Stages that are held to the bar together.
    """
    reasons = set(explained(PAGE.read_text(encoding="utf-8")))
    survivors = [mutant for mutant, outcome in judged if not outcome.failed]
    open_cases = [mutant for mutant in survivors if mutant.key not in reasons]
    for mutant in open_cases:
        print(f"solutions/{mutant.stage}/pipeline.py:{mutant.line}")
        print(mutant.diff, end="\n\n")
    made = Counter(mutant.stage for mutant, _ in judged)
    alive = Counter(mutant.stage for mutant in survivors)
    unclear = Counter(mutant.stage for mutant in open_cases)
    for stage, count in made.items():
        killed = count - alive[stage]
        print(
            f"{stage:26} {killed:3} of {count:3} mutants killed, {killed / count:.1%};"
            f" of {alive[stage]} others {unclear[stage]} are not explained"
        )
    count = sum(made[stage] for stage in core)
    killed = count - sum(alive[stage] for stage in core)
    if core:
        print(f"{'core':26} {killed:3} of {count:3}, {killed / count:.1%} (bar {BAR:.0%})")
    return int(bool(open_cases) or killed < BAR * count)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
