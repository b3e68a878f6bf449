"""A shootout on one page that needs nothing else: no network, no script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from grader.language import later, say, spoken
from grader.report.harmless import harmless
from grader.shootout import plots, words
from grader.shootout.results import groups
from grader.shootout.table import LOADED, QUIET

if TYPE_CHECKING:
    from grader.shootout.results import Shootout

HEADING = later("Shootout of five servers")
ABOUT = later("The servers of {submission}, on Python {python} with {processors} processors.")
TO_ANSWER = later("Questions for your own figures")
OWN = later("What the program says")


def render(shootout: Shootout) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("grader.shootout", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja").render(
        shootout=shootout,
        language=spoken().code,
        heading=say(HEADING),
        about=say(
            ABOUT,
            submission=harmless(shootout.submission),
            python=shootout.python,
            processors=shootout.processors,
        ),
        to_answer=say(TO_ANSWER),
        own=say(OWN),
        groups=groups(shootout.rows),
        title=words.title,
        marks=words.marks,
        loaded=list(map(say, LOADED)),
        quiet=list(map(say, QUIET)),
        held=say(words.HELD, clients=shootout.held[0].clients) if shootout.held else "",
        notes=list(map(harmless, words.notes(shootout))),
        verdicts=list(map(harmless, words.verdicts(shootout))),
        questions=list(map(say, words.QUESTIONS)),
        plots=[Markup(plot(shootout)) for plot in (plots.rates, plots.latenesses)],  # noqa: S704 - of our own making
    )
