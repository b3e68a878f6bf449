"""`unblocked play`: a stage in real time, slow enough to watch."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import UsageError
from grader.language import say
from grader.options import language_option

if TYPE_CHECKING:
    from grader.playing.scene import Scene

HERE = click.Path(path_type=Path)
LONGEST = 60.0
"""Seconds that a step may be made to take."""


@click.command("play")
@click.argument("stage")
@click.option(
    "--submission",
    type=HERE,
    default=Path("exercises"),
    show_default=True,
    metavar="PATH",
    help="A folder that holds sNN_topic/pipeline.py, or one file.",
)
@click.option(
    "--compare", type=HERE, metavar="PATH", help="Play this one beside it: solutions, say."
)
@click.option(
    "--latency",
    "latencies",
    multiple=True,
    metavar="[STEP=]SECONDS",
    help="How long a step takes, or every step; may be repeated. By default 0.6.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="[USER:]STEP=KIND",
    help="A step that `fails`, or is `silent`, for everybody or for user 1, 2, 3 or 4; may be repeated.",
)
@language_option
def command(
    stage: str,
    submission: Path,
    compare: Path | None,
    latencies: tuple[str, ...],
    faults: tuple[str, ...],
) -> None:
    """Play a stage in real time: four checkouts at once, each service call a bar that grows.

    Two users pay, one has no orders, and one's card is refused. It runs the program with your rights.
    """
    import asyncio  # noqa: PLC0415 - help needs none of it
    import os  # noqa: PLC0415 - as above

    from grader.playing.show import Show  # noqa: PLC0415 - as above
    from grader.report.console import console_for  # noqa: PLC0415 - as above

    options = {"faults": dict(map(_fault, faults)), **_latencies(latencies)}
    paths = [submission, compare] if compare and compare != submission else [submission]
    scenes = {str(path): _scene(stage, path, options) for path in paths}
    asyncio.run(Show(scenes, console_for(sys.stdout, os.environ)).run())


def _scene(stage: str, path: Path, options: dict[str, Any]) -> Scene:
    """What is played: the stage's contract says how its program is called."""
    from grader.playing import words  # noqa: PLC0415 - as above
    from grader.playing.contracts import contract_of  # noqa: PLC0415 - as above
    from grader.playing.scene import Scene  # noqa: PLC0415 - as above
    from grader.submissions import choose_stages, find  # noqa: PLC0415 - as above

    (folder,) = choose_stages([stage])
    (file,) = find(path, [folder], named=True)
    if file.refusal:
        raise UsageError(file.refusal.message)
    order = contract_of(folder)
    names = [signature.name.rpartition(".")[2] for signature in order.signatures]
    if "checkout" not in names:
        raise UsageError(say(words.CANNOT_PLAY, stage=folder.name))
    return Scene(
        path=str(file.path.absolute()),
        services=order.services,
        ends_by=order.ends_by,
        desk=order.desk,
        batch="checkout_many" in names,
        patient=any("patience" in signature.keywords for signature in order.signatures),
        **options,
    )


def _fault(text: str) -> tuple[str, str]:
    from grader.playing import words  # noqa: PLC0415 - as above
    from grader.playing.scene import KINDS, STEPS, USERS  # noqa: PLC0415 - as above

    where, _, kind = text.partition("=")
    user, _, step = where.rpartition(":")
    if kind not in KINDS or step not in STEPS or user not in ("", *map(str, USERS)):
        kinds, steps = "|".join(KINDS), ", ".join(STEPS)
        raise UsageError(say(words.BAD_FAULT, kinds=kinds, steps=steps, text=text))
    return where, kind


def _latencies(texts: tuple[str, ...]) -> dict[str, Any]:
    from grader.playing import words  # noqa: PLC0415 - as above
    from grader.playing.scene import LATENCY, STEPS  # noqa: PLC0415 - as above

    each: dict[str, float] = {}
    for text in texts:
        step, _, number = text.rpartition("=")
        try:
            each[step] = float(number)
        except ValueError:
            each[step] = -1.0
        if step not in ("", *STEPS) or not 0 <= each[step] <= LONGEST:
            raise UsageError(say(words.BAD_LATENCY, steps=", ".join(STEPS), text=text))
    return {"latency": each.pop("", LATENCY), "latencies": each}
