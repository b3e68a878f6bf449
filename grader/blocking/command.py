"""The command line of the detector: `probe FILE`.

What it says goes through gettext: it is translated if whoever runs the command has set that up.
"""

import json
import os
import sys
from gettext import gettext
from pathlib import Path
from typing import Any

import click

from .findings import Cause, Finding, Guarantees, KeptOut, Report
from .hints import later
from .probe import Wish
from .probe import probe as probe_file
from .runner import Outcome
from .wire import encode

VERBS = {
    Cause.WAITS: (later("waited for {ms:.0f} ms"), later("waited for {ms:.0f} ms ({times} times)")),
    Cause.COMPUTES: (
        later("computed for {ms:.0f} ms"),
        later("computed for {ms:.0f} ms ({times} times)"),
    ),
}
"""What a line did once, and more than once."""


@click.command("probe")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--threshold",
    metavar="MS",
    type=click.FloatRange(min=1),
    default=25.0,
    show_default=True,
    help="How long one step may hold the loop, in milliseconds.",
)
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(min=0.1),
    default=20.0,
    show_default=True,
    help="How long the program may run.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["terminal", "json"]),
    default="terminal",
    show_default=True,
)
@click.option(
    "--portable", is_flag=True, help="Do without what only Linux offers; the report says so."
)
def probe(file: Path, threshold: float, timeout: float, style: str, *, portable: bool) -> None:
    """Run FILE's `async def main()` and say what blocked its event loop.

    Ends with 0 if nothing did, 1 if something did, and 2 if the program could not be judged.
    """
    wish = Wish(
        threshold=threshold / 1000, patience=timeout, portable=portable, quiet=style == "json"
    )
    outcome = probe_file(file.resolve(), wish)
    if style == "json":
        click.echo(json.dumps(_relative(encode(outcome.report)) | {"error": outcome.error}))
    else:
        click.echo(describe(outcome.report, threshold), nl=False)
    if outcome.error:
        click.echo(gettext("Error: {message}").format(message=outcome.error), err=True)
    sys.exit(exit_code(outcome))


def exit_code(outcome: Outcome) -> int:
    """0 nothing blocked, 1 something did, 2 nothing can be said."""
    if outcome.report.blocked:
        return 1
    return 2 if outcome.error else 0


def describe(report: Report, threshold: float) -> str:
    """A report as text for a person.

    Args:
        report: What was found.
        threshold: Milliseconds.
    """
    lines = [line for finding in report.blocked for line in _describe_finding(finding)]
    lines += [_describe_stall(stall) for stall in report.kept_out]
    if report.inconclusive:
        lines.append(
            gettext(
                "Inconclusive: the machine was too busy to tell. Run it again when it is quiet."
            )
        )
    elif not report.blocked and report.intact:
        text = gettext("No line of the program held the event loop for {ms:g} ms.")
        lines.append(text.format(ms=threshold))
    if report.guarantees is Guarantees.PORTABLE:
        lines.append(
            gettext("Judged without the kernel's books: waits may be missed, lines may be late.")
        )
    return "".join(line + "\n" for line in lines)


def _describe_finding(finding: Finding) -> list[str]:
    place = f"{_near(finding.file)}:{finding.line}" if finding.file else gettext("unknown line")
    what = f"{finding.call} " if finding.call else ""
    once, often = VERBS[finding.cause]
    held = gettext(once if finding.times == 1 else often)
    held = held.format(ms=finding.seconds * 1000, times=finding.times)
    return [f"{place}  {what}{held}", f"    {gettext(finding.hint)}"]


def _describe_stall(stall: KeptOut) -> str:
    text = gettext(
        "the loop waited {ms:.0f} ms for the GIL, taken most of the time by {thread!r}; "
        "no line of the loop is at fault."
    )
    return text.format(ms=stall.seconds * 1000, thread=stall.thread)


def _relative(values: dict[str, Any]) -> dict[str, Any]:
    """Name the files as seen from here."""
    return values | {
        "blocked": [entry | {"file": _near(entry["file"])} for entry in values["blocked"]]
    }


def _near(file: str | None) -> str | None:
    if file is None or not file.startswith(str(Path.cwd()) + os.sep):
        return file
    return os.path.relpath(file)
