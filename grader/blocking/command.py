"""The command line of the detector: `probe FILE`."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from .findings import Cause, Finding, Guarantees, Report
from .probe import Wish
from .probe import probe as probe_file
from .runner import Outcome
from .wire import encode

_VERBS = {Cause.WAITS: "waited", Cause.COMPUTES: "computed"}


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
        click.echo(f"Error: {outcome.error}", err=True)
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
    lines += [f"{stall}; no line of the loop is at fault." for stall in report.kept_out]
    if report.inconclusive:
        lines.append(
            "Inconclusive: the machine was too busy to tell. Run it again when it is quiet."
        )
    elif not report.blocked and report.intact:
        lines.append(f"No line of the program held the event loop for {threshold:g} ms.")
    if report.guarantees is Guarantees.PORTABLE:
        lines.append("Judged without the kernel's books: waits may be missed, lines may be late.")
    return "".join(line + "\n" for line in lines)


def _describe_finding(finding: Finding) -> list[str]:
    place = f"{_near(finding.file)}:{finding.line}" if finding.file else "unknown line"
    what = f"{finding.call} " if finding.call else ""
    often = f" ({finding.times} times)" if finding.times > 1 else ""
    held = f"{place}  {what}{_VERBS[finding.cause]} for {finding.seconds * 1000:.0f} ms{often}"
    return [held, f"    {finding.hint}"]


def _relative(values: dict[str, Any]) -> dict[str, Any]:
    """Name the files as seen from here."""
    return values | {
        "blocked": [entry | {"file": _near(entry["file"])} for entry in values["blocked"]]
    }


def _near(file: str | None) -> str | None:
    if file is None or not file.startswith(str(Path.cwd()) + os.sep):
        return file
    return os.path.relpath(file)
