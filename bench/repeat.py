"""Are the verdicts steady? `nox -s repeat -- 50` grades every program 50 times, each round with a seed of its own.

The programs are the solutions, the right programs and the near misses; each is graded by the checks of its stage, the
bonus checks, too. What is printed is each check that did not come to the same verdict in all rounds, with the seeds.

    python -m bench.repeat [ROUNDS] [--load K] [--seed N] [--only TEXT]
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bench.gradings import Job, Outcome, grade_all
from bench.load import MOST, busy
from grader.results import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = (
    "solutions/s[0-9][0-9]_*/pipeline.py",
    "tests/submissions/s[0-9][0-9]_*/right/*.py",
    "tests/submissions/s[0-9][0-9]_*/near_miss/*.py",
)
ROUNDS = 10
SHOWN = 5
"""Seeds that are printed for a verdict."""

Verdicts = dict[tuple[str, str], dict[Verdict, list[int]]]
"""Program and check to each verdict that it ever got, with the seeds for which it did."""


def programs(root: Path, only: str = "") -> list[Path]:
    """What is graded, as paths below the root; those whose path contains a text."""
    found = [path.relative_to(root) for form in PROGRAMS for path in sorted(root.glob(form))]
    return [path for path in found if only in str(path)]


def stage_of(path: Path) -> str:
    """The stage that a program answers, by its path."""
    return next(part for part in path.parts if part.startswith("s") and part[1:3].isdigit())


def seeds(first: int, rounds: int) -> list[int]:
    """One for each round."""
    draw = random.Random(first)  # noqa: S311 - reproducible by its seed
    return [draw.randrange(1 << 31) for _ in range(rounds)]


def until_broken_off(outcomes: Iterable[Outcome], *, every: int) -> Iterator[Outcome]:
    """All of them, or those that came before Ctrl-C; says on stderr how many rounds there are."""
    with suppress(KeyboardInterrupt):
        for count, outcome in enumerate(outcomes, 1):
            yield outcome
            if count % every == 0:
                print(f"{count // every} rounds", file=sys.stderr, flush=True)


def collected(outcomes: Iterable[Outcome]) -> Verdicts:
    """All verdicts, by program and check."""
    verdicts: Verdicts = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        for check, verdict in outcome.verdicts.items():
            verdicts[outcome.job.name, check][verdict].append(outcome.job.seed)
    return verdicts


def unsteady(verdicts: Verdicts) -> Iterator[str]:
    """A line for each check that a program did not always come out of in the same way."""
    for (program, check), got in sorted(verdicts.items()):
        if len(got) > 1 or Verdict.UNKNOWN in got:
            told = "; ".join(_told(verdict, got[verdict]) for verdict in sorted(got))
            yield f"{program} {check}: {told}"


def _told(verdict: Verdict, seeds: list[int]) -> str:
    shown = ", ".join(map(str, sorted(seeds)[:SHOWN]))
    return f"{verdict} {len(seeds)} times (seeds {shown}{', …' if len(seeds) > SHOWN else ''})"


def jobs(paths: list[Path], seeds: list[int]) -> Iterator[Job]:
    """Every program in every round."""
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path in paths}
    for seed in seeds:
        for path in paths:
            yield Job(str(path), stage_of(path), sources[path], seed, bonus=True)


def repeat(arguments: list[str]) -> int:
    """Grade, and print what differed; 0 if nothing did."""
    parser = argparse.ArgumentParser(prog="nox -s repeat --", description=__doc__)
    parser.add_argument("rounds", type=int, nargs="?", default=ROUNDS)
    parser.add_argument("--load", type=int, default=0, choices=range(MOST + 1), metavar="K")
    parser.add_argument("--seed", type=int, help="draw the rounds' seeds from this one")
    parser.add_argument("--only", default="", help="programs whose path contains this")
    wanted = parser.parse_args(arguments)
    paths = programs(ROOT, wanted.only)
    if not paths or wanted.rounds < 1:
        parser.error("there is nothing to repeat")
    first = secrets.randbelow(1 << 31) if wanted.seed is None else wanted.seed
    wave = jobs(paths, seeds(first, wanted.rounds))
    with busy(wanted.load):
        outcomes = list(until_broken_off(grade_all(wave), every=len(paths)))
    verdicts = collected(outcomes)
    lines = list(unsteady(verdicts))
    print(*lines, sep="\n", end="\n" if lines else "")
    print(
        f"{len(paths)} programs, {len(outcomes) / len(paths):g} of {wanted.rounds} rounds beside"
        f" {wanted.load} busy processes, seed {first}: {len(lines)} of {len(verdicts)} verdicts differed"
    )
    return int(bool(lines) or len(outcomes) < len(paths) * wanted.rounds)


if __name__ == "__main__":
    sys.exit(repeat(sys.argv[1:]))
