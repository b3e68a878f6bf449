"""What the judge writes down of a session: its history, and the notes and findings that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.judge import facts
from grader.judge.evidence import Focus
from grader.judge.findings import finding
from grader.protocol.values import unpack
from grader.results import Finding, Kind
from grader.world import Event, History, World

if TYPE_CHECKING:
    from grader.judge.operations import Operation, Request
    from grader.protocol.messages import Note
    from grader.results import What

KINDS = {
    "loop_error": Kind.LOOP_ERROR,
    "never_awaited": Kind.NEVER_AWAITED,
    "leak": Kind.LEAK,
    "crash": Kind.CRASH,
    "wrong_thread": Kind.BEHAVIOUR,
    "thread_died": Kind.LOOP_ERROR,
    "breakpoint": Kind.CRASH,
    "disturbed": Kind.BEHAVIOUR,
}


class Noting:
    """The history of a session, and what is known of its operations and calls."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.history = History()
        self.now = 1_000.0
        self.operations: dict[int, Operation] = {}
        self.requests: dict[int, Request] = {}
        self.findings: list[Finding] = []
        self.about: dict[Finding, Focus] = {}
        """What those findings are about of which that is known."""
        self.notes: list[Note] = []
        self.spins: Finding | None = None
        """What is to be said of a loop that turns without ever being idle."""

    def note(self, what: What, subject: str, *, number: int = 0, line: int | None = None) -> None:
        """Write an entry about an operation into the history."""
        self.history.add(Event(what, self.now, subject, None, number, line))

    def _note_request(
        self, what: What, request: Request, text: str = "", *, failed: bool = False
    ) -> None:
        user = request.customer.id if request.customer else None
        number, line = request.number, request.line
        self.history.add(Event(what, self.now, request.step, user, number, line, text, failed))

    def _note(self, note: Note) -> None:
        self.notes.append(note)
        if note.error is not None and note.error.is_a("CallersBug"):
            return  # wanted by the judge, who looks for it
        if note.kind == "spin":
            self.spins = finding(Kind.BLOCKING, facts.noted(note), note.line)
            return
        line = note.line or (None if note.kind == "leak" else self.history.last_line())
        found = finding(KINDS[note.kind], facts.noted(note), line)
        self.findings.append(found)
        if len(self.history):
            self.about.setdefault(found, Focus(at=len(self.history) - 1))

    def value_of(self, operation: Operation) -> Any:  # noqa: ANN401 - the submission's
        """What an operation gave."""
        return unpack(operation.ends[0].value) if operation.ends else None

    def describe(self, operation: Operation) -> str:
        """An operation in words."""
        users = ", ".join(str(c.id) for c in operation.customers[:3])
        more = ", …" if len(operation.customers) > 3 else ""
        return (
            f"{operation.what}([{users}{more}])"
            if operation.batch
            else f"{operation.what}({users})"
            if users
            else operation.what
        )
