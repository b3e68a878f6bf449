"""`unblocked hint`: one level more of help with the check that failed."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.advice import Shelf
    from grader.progress import Progress

LEVELS = ("A question", "A pointer", "Nearly the code")
NO_HINTS = "There are no hints for this check."
NOTHING_FAILED = (
    "no failed check of {stage} is remembered; grade it (nox -s grade -- {short}), or name a check: --check NAME"
)
MORE = "Ask again for the next level."
LAST = "That was the last level."
LOCKED = "The next level opens when this check has failed: grade first."


@click.command("hint")
@click.argument("stage", required=False, metavar="[STAGE]")
@click.option("--check", metavar="NAME", help="Of this check; by default of the first that failed.")
@click.option("--all", "everything", is_flag=True, help="Every level of every check: for instructors.")
@click.option(
    "--language", type=click.Choice(["en", "ko"]), default="en", help="Language of the hints."
)
def command(stage: str | None, check: str | None, everything: bool, language: str) -> None:
    """Give a hint for the first failed check of a stage; the next time, its next level.

    The second and the third level open once the check has failed in a run. Without STAGE, the one graded last.
    """
    from grader import advice, progress as memory  # noqa: PLC0415 - help needs none of it
    from grader.submissions import choose_stages  # noqa: PLC0415 - as above

    known, complaint = memory.load(memory.here())
    if complaint:
        click.echo(complaint, err=True)
    folders = choose_stages([name] if (name := stage or known.stage) else ())
    shelf = advice.shelf(folders if everything else folders[:1], language)
    if everything:
        click.echo("\n".join(_everything(shelf, check)))
        return
    wanted = _wanted(shelf, known, folders[0].name, check)
    known, levels = advice.next_hint(shelf, known, wanted)
    click.echo("\n".join(_shown(shelf, known, wanted, levels)))
    if wanted in known.failures and (complaint := memory.save(known, memory.here())):
        click.echo(complaint, err=True)


def _wanted(shelf: Shelf, known: Progress, stage: str, check: str | None) -> str:
    """The id of the check that is asked about."""
    from grader.advice import first_failing  # noqa: PLC0415 - as above

    found = named(shelf, check) if check else first_failing(shelf, known, stage)
    if found is None:
        raise UsageError(NOTHING_FAILED.format(stage=stage, short=stage.partition("_")[0]))
    return found


def named(shelf: Shelf, check: str) -> str:
    """The id of the check of this name.

    Raises:
        UsageError: There is none.
    """
    names = {name.partition("::")[2]: name for name in shelf.titles}
    found = names.get(check) or names.get(f"test_{check}")
    if found is None:
        near = difflib.get_close_matches(check, names, n=3, cutoff=0.4) or list(names)[:3]
        raise UsageError(f"there is no check {check!r}; did you mean: {', '.join(near)}?")
    return found


def _shown(
    shelf: Shelf, known: Progress, check: str, levels: Sequence[str]
) -> Iterator[str]:
    yield f"{check.partition('::')[2]}: {shelf.titles.get(check, '')}"
    yield ""
    yield from _levels(levels)
    failure = known.failures.get(check)
    if not levels:
        yield NO_HINTS
    elif failure is None:
        yield LOCKED
    else:
        yield MORE if len(levels) < len(shelf.of(check, failure.kind)) else LAST


def _levels(levels: Sequence[str]) -> Iterator[str]:
    for number, (name, text) in enumerate(zip(LEVELS, levels, strict=False), 1):
        yield from (f"{number}. {name}", "", text, "")


def _everything(shelf: Shelf, check: str | None) -> Iterator[str]:
    wanted = [named(shelf, check)] if check else list(shelf.titles)
    for one in wanted:
        yield from (f"── {one}: {shelf.titles[one]}", "", *_levels(shelf.of(one)))
