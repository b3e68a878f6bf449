"""`unblocked batch`: a folder of submissions, graded into a gradebook."""

from __future__ import annotations

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.errors import MachineError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.batch.jobs import Terms
    from grader.batch.lateness import Policy
    from grader.batch.progress import Tally
    from grader.batch.store import Store
    from grader.batch.workers import Workers
    from grader.walls.layers import Wall

HERE = click.Path(path_type=Path)
TOLD = 20
"""Problems that are told one by one; the gradebook has all."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for."""

    folder: Path
    output: Path
    results: Path
    roster: Path | None
    shape: str
    policy: Policy
    stages: list[Path]
    seed: int | None
    bonus: bool
    language: str
    strangers: bool
    walls: frozenset[Wall]
    private_checks: Path | None


@click.command("batch")
@click.argument("folder", type=HERE)
@click.option(
    "--output", type=HERE, required=True, metavar="FILE", help="Where the gradebook goes (CSV)."
)
@click.option(
    "--results",
    type=HERE,
    metavar="FILE",
    help="Where every verdict is kept (SQLite); by default beside the gradebook.",
)
@click.option("--roster", type=HERE, metavar="FILE", help="Who is in the class (CSV).")
@click.option(
    "--workers", type=click.IntRange(1), metavar="N", help="Processes; by default one a core."
)
@click.option("--cluster", metavar="ADDRESS", help="Grade on a Dask cluster: tcp://scheduler:8786.")
@click.option("--stages", multiple=True, metavar="STAGE", help="Only these; may be repeated.")
@click.option(
    "--gradebook",
    "shape",
    type=click.Choice(["plain", "canvas", "moodle"]),
    default="plain",
    help="Whose import the gradebook is for.",
)
@click.option("--due", metavar="TIME", help="When the work was due, ISO 8601.")
@click.option(
    "--late",
    multiple=True,
    metavar="RULE",
    help="none, per-day=10%, at-most=50%, grace=30m; may be repeated.",
)
@click.option("--seed", type=int, help="Grade all from this seed; by default that of the results.")
@click.option("--bonus", is_flag=True, help="Judge the bonus checks and the bonus stages, too.")
@click.option(
    "--language",
    type=click.Choice(["en", "ko"]),
    default="en",
    help="Language of titles, findings and hints.",
)
@click.option(
    "--private-checks",
    type=HERE,
    metavar="DIR",
    help="Judge by the checks in DIR/sNN_topic/test_*.py, too, and tell only their points.",
)
@click.option("--no-strangers", is_flag=True, help="Grade without walls, too: you trust everybody.")
@click.option("--bwrap", is_flag=True, help="Put bubblewrap in front, too, where it runs.")
def command(
    folder: Path,
    output: Path,
    results: Path | None,
    roster: Path | None,
    workers: int | None,
    cluster: str | None,
    stages: tuple[str, ...],
    shape: str,
    due: str | None,
    late: tuple[str, ...],
    seed: int | None,
    bonus: bool,
    language: str,
    private_checks: Path | None,
    no_strangers: bool,
    bwrap: bool,
) -> None:
    """Grade every submission in FOLDER: each subfolder, zip or git bundle is one.

    A second run grades only what changed, and one that was killed goes on where it was. Exit codes: 0 all were graded,
    whatever their marks; 2 wrong usage; 3 some failed to grade.
    """
    from grader.batch.lateness import policy_of  # noqa: PLC0415 - help and usage errors need none of it
    from grader.submissions import choose_stages  # noqa: PLC0415 - as above
    from grader.walls.plan import wanted as walls  # noqa: PLC0415 - as above

    wanted = Wanted(
        folder,
        output,
        results or output.with_suffix(".sqlite"),
        roster,
        shape,
        policy_of(due, late),
        choose_stages(stages),
        seed=seed,
        bonus=bonus,
        language=language,
        strangers=not no_strangers,
        walls=walls(bwrap=bwrap),
        private_checks=private_checks,
    )
    if wanted.results == wanted.output:
        raise UsageError("--results and --output name the same file")
    tally = _grade_all(wanted, _workers(wanted, workers, cluster))
    sys.exit(3 if tally.lost else 0)


def _grade_all(wanted: Wanted, workers: Workers) -> Tally:
    from grader.batch import roster, sources  # noqa: PLC0415
    from grader.batch.opening import opened  # noqa: PLC0415
    from grader.batch.progress import watching  # noqa: PLC0415
    from grader.batch.schedule import Batch  # noqa: PLC0415
    from grader.output import demand_place  # noqa: PLC0415
    from grader.report.console import console_for  # noqa: PLC0415

    total = sum(1 for _ in sources.find(wanted.folder))
    demand_place(wanted.output, "gradebook")
    with opened(wanted.results) as store:
        store.begin(roster.read(wanted.roster) if wanted.roster else ())
        console = console_for(sys.stderr, {})
        with watching(console, total) as tally:
            batch = Batch(store, _terms(wanted, store), wanted.stages, tally)
            batch.grade_all(sources.find(wanted.folder), workers)
        _write(wanted, store)
        _tell(wanted, store, tally)
    return tally


def _terms(wanted: Wanted, store: Store) -> Terms:
    from grader.batch.jobs import Terms, installed_version  # noqa: PLC0415
    from grader.batch.keys import checks_digest  # noqa: PLC0415
    from grader.batch.own_checks import packed  # noqa: PLC0415

    kept = store.setting("seed")
    drawn = int(kept) if kept is not None else secrets.randbelow(1 << 31)
    seed = drawn if wanted.seed is None else wanted.seed
    store.set("seed", seed)
    return Terms(
        stages=tuple(folder.name for folder in wanted.stages),
        seed=seed,
        bonus=wanted.bonus,
        language=wanted.language,
        walls=tuple(sorted(wanted.walls)),
        strangers=wanted.strangers,
        checks=checks_digest(wanted.stages),
        version=installed_version(),
        private=packed(wanted.private_checks, wanted.stages),
    )


def _workers(wanted: Wanted, count: int | None, cluster: str | None) -> Workers:
    if cluster:
        from grader.batch.cluster import ClusterWorkers  # noqa: PLC0415

        return ClusterWorkers(cluster)
    from grader.batch.workers import LocalWorkers  # noqa: PLC0415

    if wanted.strangers:
        _demand_walls(wanted.walls)
    return LocalWorkers(count)


def _demand_walls(walls: frozenset[Wall]) -> None:
    """Before anything is read: what the workers would each find out."""
    import asyncio  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    from grader.nursery import new_nursery  # noqa: PLC0415

    with closing(new_nursery(wanted=walls)) as nursery:
        standing = asyncio.run(nursery.standing())
    if not standing.fit_for_strangers:
        raise MachineError(
            "this machine cannot keep strangers' programs from your files: it has no Landlock (Linux 5.13 or newer, "
            "switched on) and bwrap was not asked for or does not run. Grade in a container or on another machine, try "
            "--bwrap, or say --no-strangers if you trust whoever wrote the programs"
        )


def _write(wanted: Wanted, store: Store) -> None:
    from grader.batch import gradebook  # noqa: PLC0415
    from grader.output import written_whole  # noqa: PLC0415

    with written_whole(wanted.output, "gradebook") as file:
        gradebook.write(file, wanted.shape, wanted.policy, store.standings)


def _tell(wanted: Wanted, store: Store, tally: Tally) -> None:
    """What could not be done, on the error stream, and what was, on the other."""
    from grader.report.harmless import harmless  # noqa: PLC0415

    number = 0
    for number, (student, trouble) in enumerate(_troubles(store), 1):
        if number <= TOLD:
            line = harmless(f"unblocked: {student}: {trouble}").replace("\n", " ")
            click.echo(line, err=True)
    if number > TOLD:
        click.echo(f"unblocked: and {number - TOLD} more, see {wanted.output}", err=True)
    click.echo(
        f"{tally.seen} submissions: {tally.done} graded, {tally.kept} known already, "
        f"{tally.lost} failed to grade; {wanted.output}"
    )


def _troubles(store: Store) -> Iterator[tuple[str, str]]:
    """Students who have no marks, or are not in the roster, and why."""
    for student in store.standings():
        if student.result is None:
            yield student.student, student.problem or "nothing was handed in"
        elif not student.listed:
            yield student.student, "graded, but not in the roster"
