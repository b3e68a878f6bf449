"""`unblocked watch`: each save graded at once."""

from __future__ import annotations

from pathlib import Path

import click

from grader.errors import UsageError
from grader.language import say
from grader.options import language_option


@click.command("watch")
@click.argument("stage", required=False, metavar="[STAGE]")
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    default=Path("exercises"),
    show_default=True,
    metavar="PATH",
    help="The folder that holds sNN_topic/pipeline.py.",
)
@language_option
def command(stage: str | None, submission: Path) -> None:
    """Grade a stage whenever its file is saved, and show what came of it; keys are on the screen.

    Without STAGE, the one of the last time. Where there is no terminal, each verdict is appended.
    """
    import asyncio  # noqa: PLC0415 - help needs none of it

    from grader import advice  # noqa: PLC0415 - as above
    from grader import progress as memory  # noqa: PLC0415 - as above
    from grader.submissions import choose_stages, find, is_bonus  # noqa: PLC0415 - as above
    from grader.watching import words  # noqa: PLC0415 - as above
    from grader.watching.session import State, goodbye  # noqa: PLC0415 - as above
    from grader.watching.shell import watch  # noqa: PLC0415 - as above
    from grader.watching.terminal import surface  # noqa: PLC0415 - as above

    if not submission.is_dir():
        raise UsageError(say(words.NO_FOLDER, folder=str(submission)))
    known, complaint = memory.load(memory.here())
    named = choose_stages([stage])[0].name if stage else known.stage
    stages = [s for s in choose_stages((), bonus=True) if s.name == named or not is_bonus(s)]
    files = {file.folder.name: file.path for file in find(submission, stages, named=False)}
    state = State(
        stages=tuple(files),
        stage=named if named in files else next(iter(files)),
        files={name: str(path) for name, path in files.items()},
        shelf=advice.shelf(stages),
        progress=known,
        said=complaint,
    )
    with surface() as shown:
        state = asyncio.run(watch(state, files, shown))
    click.echo(goodbye(state))
