"""What is said about a shootout, and the questions that its figures answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.language import later, say
from grader.shootout.results import MEASURED

if TYPE_CHECKING:
    from grader.shootout.results import Left, Row, Shootout

WORKS = {
    "waits": later("each request waits for the card network"),
    "computes": later("each request computes"),
}
TITLE = later("{work}, {connections} clients at a time")
HELD = later("While {clients} clients are connected and quiet")
MEDIANS = later(
    "Medians of {rounds} rounds, all servers in turn; ratios are to {yardstick}, round by round."
)
LIMITED = later(
    "No more than {most} clients at a time: this user may not have more open files (ulimit -n)."
)
BUSY = later("* The load itself was at its limit: this server can do more.")
FAILED = later("! Of its answers {failed} were wrong, or never came.")
BUSY_FROM = 0.9
"""Share of the time from which the load is at its limit."""
QUESTIONS = (
    later("Where requests wait: who answers most, with few clients and with many, and why?"),
    later(
        "Where requests compute: who can use a second processor, and what keeps the others from it?"
    ),
    later("What does a process or a thread for each client cost when there are many? Divide."),
    later("Where does the reactor's line bend, and which number in your program bends it?"),
    later("Whose slowest hundredth is far above the median, and for whom did those requests wait?"),
    later("Which of them would you take for a chat, for thumbnails, for a shop with a slow bank?"),
)
RIGHT = later("{question} is {said}: so it was measured.")
WRONG = later("{question} is {said}, and {best} did better here.")
EMPTY = later("{question} is empty; the figures say {best}.")
PARTLY = later("not measured: {server}: {why}")
NOT_AT = later("not measured: {server} with {connections} clients: {why}")


def title(work: str, connections: int) -> str:
    """Of one load."""
    return say(TITLE, work=say(WORKS[work]), connections=connections)


def left_out(left: Left) -> str:
    """Why a server was not measured."""
    if left.connections:
        return say(NOT_AT, server=left.server, connections=left.connections, why=left.why)
    return say(PARTLY, server=left.server, why=left.why)


def marks(row: Row) -> str:
    """Signs beside a server's name; the notes explain them."""
    return ("*" if row.busy > BUSY_FROM else "") + ("!" if row.failed else "")


def notes(shootout: Shootout) -> list[str]:
    """What whoever reads the figures has to know."""
    said = [say(MEDIANS, rounds=turns(shootout), yardstick=shootout.yardstick)]
    if shootout.limited_to:
        said.append(say(LIMITED, most=shootout.limited_to))
    if any("*" in marks(row) for row in shootout.rows):
        said.append(say(BUSY))
    if failed := sum(row.failed for row in shootout.rows):
        said.append(say(FAILED, failed=failed))
    return [*said, *map(left_out, shootout.left_out)]


def turns(shootout: Shootout) -> int:
    """How many rounds counted."""
    return len({each.turn for each in shootout.rounds})


def verdicts(shootout: Shootout) -> list[str]:
    """The program's own answers beside what was measured, where a shootout can tell."""
    return [_verdict(shootout, name) for name in shootout.winners if name in MEASURED]


def _verdict(shootout: Shootout, question: str) -> str:
    said, best = shootout.winners[question], MEASURED[question](shootout)
    if not best or said in best:
        return say(RIGHT, question=question, said=said)
    names = ", ".join(sorted(best))
    if not said:
        return say(EMPTY, question=question, best=names)
    return say(WRONG, question=question, said=said, best=names)
