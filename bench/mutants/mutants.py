"""Mutation of the four solutions: `nox -s bench -- mutants`.

Each mutant is a solution with one small mistake, graded by its stage's checks; the prints are the share that lost
marks, per stage, and every other one as a difference. `docs/mutants.md` says which of those are no mistakes, and why.

    python bench/mutants/mutants.py [--seed N] [STAGE ...]
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

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "mutants.md"
BAR = 0.95


def all_mutants(stages: list[str]) -> Iterator[Mutant]:
    """The mutants of the solutions to these stages, or to all."""
    for solution in sorted(ROOT.glob("solutions/*/pipeline.py")):
        stage = solution.parent.name
        if not stages or stage.startswith(tuple(stages)):
            yield from mutants_of(stage, solution.read_text(encoding="utf-8"))


def main(arguments: list[str]) -> int:
    """Print the figures and the survivors; 0 if enough were killed and the others are explained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    mutants = {str(n): mutant for n, mutant in enumerate(all_mutants(wanted.stages))}
    jobs = [Job(n, m.stage, m.source, wanted.seed, bonus=True) for n, m in mutants.items()]
    print(f"{len(jobs)} mutants are graded; that takes some minutes", flush=True)
    outcomes = {outcome.job.name: outcome for outcome in grade_all(jobs)}
    return report([(mutant, outcomes[n]) for n, mutant in mutants.items()])


def report(judged: list[tuple[Mutant, Outcome]]) -> int:
    """Print what became of the mutants; 0 if all is well."""
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
            f"{stage:20} {killed:3} of {count:3} mutants killed, {killed / count:.1%};"
            f" of {alive[stage]} others {unclear[stage]} are not explained"
        )
    share = 1 - len(survivors) / len(judged)
    print(
        f"{'all':20} {len(judged) - len(survivors)} of {len(judged)}, {share:.1%} (bar {BAR:.0%})"
    )
    return int(bool(open_cases) or share < BAR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
