"""`unblocked hint`: one level more of help with the check that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from grader.errors import UsageError
from grader.language import later, say
from grader.options import language_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.advice import Shelf
    from grader.progress import Progress

LEVELS = (later("A question"), later("A pointer"), later("Nearly the code"))
NO_HINTS = later("There are no hints for this check.")
NOTHING_FAILED = later(
    "no failed check of {stage} is remembered; grade it (nox -s grade -- {short}), "
    "or name a check: --check NAME"
)
MORE = later("Ask again for the next level.")
LAST = later("That was the last level.")
LOCKED = later("The next level opens when this check has failed: grade first.")


@click.command("hint")
@click.argument("stage", required=False, metavar="[STAGE]")
@click.option("--check", metavar="NAME", help="Of this check; by default of the first that failed.")
@click.option(
    "--all", "everything", is_flag=True, help="Every level of every check: for instructors."
)
@language_option
def command(stage: str | None, check: str | None, everything: bool) -> None:
    """Give a hint for the first failed check of a stage; the next time, its next level.

    The second and the third level open once the check has failed in a run. Without STAGE, the one graded last.
    """
    from grader import advice  # noqa: PLC0415 - help needs none of it
    from grader import progress as memory  # noqa: PLC0415 - as above
    from grader.submissions import choose_stages  # noqa: PLC0415 - as above

    known, complaint = memory.load(memory.here())
    if complaint:
        click.echo(complaint, err=True)
    folders = choose_stages([name] if (name := stage or known.stage) else ())
    shelf = advice.shelf(folders if everything else folders[:1])
    if everything:
        click.echo("\n".join(_everything(shelf, check)))
        return
    wanted = _wanted(shelf, known, folders[0], check)
    known, levels = advice.next_hint(shelf, known, wanted)
    click.echo("\n".join(_shown(shelf, known, wanted, levels)))
    if wanted in known.failures and (complaint := memory.save(known, memory.here())):
        click.echo(complaint, err=True)


def _wanted(shelf: Shelf, known: Progress, stage: Path, check: str | None) -> str:
    """The id of the check that is asked about."""
    from grader.advice import first_failing  # noqa: PLC0415 - as above
    from grader.scaffold.checks import check_of  # noqa: PLC0415 - as above

    if check:
        return f"{stage.name}::{check_of(stage, check)}"
    found = first_failing(shelf, known, stage.name)
    if found is None:
        short = stage.name.partition("_")[0]
        raise UsageError(say(NOTHING_FAILED, stage=stage.name, short=short))
    return found


def _shown(shelf: Shelf, known: Progress, check: str, levels: Sequence[str]) -> Iterator[str]:
    yield f"{check.partition('::')[2]}: {shelf.titles.get(check, '')}"
    yield ""
    yield from _levels(levels)
    failure = known.failures.get(check)
    if not levels:
        yield say(NO_HINTS)
    elif failure is None:
        yield say(LOCKED)
    else:
        yield say(MORE if len(levels) < len(shelf.of(check, failure.kind)) else LAST)


def _levels(levels: Sequence[str]) -> Iterator[str]:
    for number, (name, text) in enumerate(zip(LEVELS, levels, strict=False), 1):
        yield from (f"{number}. {say(name)}", "", text, "")


def _everything(shelf: Shelf, check: str | None) -> Iterator[str]:
    for one in shelf.titles:
        if check and one.partition("::")[2] not in (check, f"test_{check}"):
            continue
        yield from (f"── {one}: {shelf.titles[one]}", "", *_levels(shelf.of(one)))
