"""What the judge makes of the child's words: state, history, notes. No word of the child's passes a check by itself."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import msgspec

from grader.judge import facts
from grader.judge.books import audit
from grader.judge.findings import UNMANNERLY, Broken
from grader.judge.operations import Agenda, Operation, Pending, Request
from grader.judge.session.noting import Noting
from grader.language import say
from grader.protocol.messages import (
    Abandoned,
    Answer,
    Awake,
    Blocked,
    Call,
    CalledBack,
    Closed,
    Compiled,
    Did,
    Ended,
    Entered,
    Idle,
    Lines,
    Loaded,
    Note,
    Pong,
    Reported,
    Started,
    Tasks,
    ToJudge,
)
from grader.protocol.values import Raised, Value, pack, pack_error, unpack
from grader.results import Finding, Kind
from grader.world import FAILURES, Event, Fault, Reply, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from grader.judge.kernel import Kernel, Step
    from grader.judge.link import Link
    from grader.judge.manners import Manners
    from grader.protocol.messages import TaskState
    from grader.results import What

    OfProgram: TypeAlias = Entered | Reported | Did | Lines


class Hearing(Noting):
    """The state of a session, as far as it follows from what the child said."""

    kernel: Kernel
    link: Link
    manners: Manners

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.idle: Idle | None = None
        self.accepted = 0
        """Number of the last delivery that the loop took."""
        self.code: bytes | None = None
        """The submission as a child has compiled it; None until one has."""
        self.loaded: Loaded | None = None
        self.closed: Closed | None = None
        self.agenda = Agenda()
        self.suspicions: list[Finding] = []
        """Findings of the books alone: believed when they come twice."""
        self.blocked: Blocked | None = None
        """The latest word of the child's detector."""
        self.stood_still: Finding | None = None
        """What was seen of a loop that slept where it should not."""
        self.doubt = False
        """Something was seen that the detector is to be asked about."""
        self.most_calls = 0
        self.pongs = 0
        self.task_states: tuple[TaskState, ...] = ()
        self.settled = False
        """Nothing can happen in the child until the judge acts."""
        self.alone = False
        """The loop is idle, and its thread is the only one: there is nobody who could start another."""
        self.in_step = True
        self.calls_in_step = 0
        self.where: int | None = None
        """Line at which the loop's thread was last seen standing in this step."""
        self.runs_free = False
        """Threads of the program move by themselves: the loop's idleness is all that the judge waits for."""
        self.hear_program: Callable[[OfProgram], None] | None = None
        """Takes what a program says that is called in threads of its own."""
        self._serial = itertools.count()

    # ---- hearing

    def hear_all(self) -> bool:
        """Take in all that has arrived; False if nothing had."""
        heard = False
        for message, stamp in self.link.received():
            heard = True
            try:
                self.manners.hear(message)
                self._hear(message, stamp)
            except (KeyError, msgspec.ValidationError, ValueError) as error:
                text = say(UNMANNERLY, why=repr(error)[:240])
                raise Broken(Kind.TAMPERING, text) from error
        return heard

    def _hear(self, message: ToJudge, stamp: int) -> None:
        match message:
            case Call():
                self._called(message, stamp)
            case Idle():
                self._idle(message, stamp)
            case Awake():
                self.idle = None
                self.begin_step(0)
            case Abandoned(number):
                self._abandoned(self.requests[number])
            case Started(number):
                self.operations[number].started = message
                self.note("started", self.operations[number].what, number=number, line=message.line)
            case Ended(number):
                self._ended(self.operations[number], message)
            case CalledBack(number):
                self._told(self.operations[number], message)
            case Note():
                self._note(message)
            case _:
                self._hear_rare(message)

    def _hear_rare(self, message: ToJudge) -> None:
        match message:
            case Pong():
                self.pongs += 1
            case Compiled(code) if self.code is None:
                self.code = code
            case Loaded():
                self.loaded = message
                if message.problem:
                    self.closed = Closed()
            case Tasks(states):
                self.task_states = states
            case Blocked():
                self.blocked = message
            case Closed():
                self.closed = message
            case Entered() | Reported() | Did() | Lines() if self.hear_program:
                self.hear_program(message)
            case _:
                raise ValueError(type(message).__name__)

    # ---- steps

    def begin_step(self, orders: int) -> None:
        """Open the books of a step."""
        self.kernel.begin_step()
        self.settled = self.alone = False
        self.most_calls = max(self.most_calls, self.calls_in_step)
        self.in_step, self.calls_in_step, self.where = True, orders, None

    def _idle(self, idle: Idle, stamp: int) -> None:
        self.idle = idle
        self.accepted = idle.accepted
        if self.in_step:
            step = self.kernel.end_step(stamp)
            self.stepped(step)
            # Waiting for the GIL spoils the books, so they speak only of a thread that is alone.
            self.alone = self.kernel.loop_rests_alone()
            audited = self.alone and idle.number > 1
            if audited and (suspicion := audit(step, self.calls_in_step, self.where)):
                self.suspicions.append(suspicion)
                self.doubt = True
        self.in_step = False

    def stepped(self, books: Step) -> None:
        """A step has ended; for whoever keeps its books."""

    # ---- calls

    def _called(self, call: Call, stamp: int) -> None:
        argument = unpack(call.argument)
        request = Request(
            call.call,
            call.step,
            argument,
            self.world.owner(call.step, argument),
            call.request_id,
            call.thread,
            call.line,
            blocks=call.step == "charge",
        )
        self.requests[call.call] = request
        self.calls_in_step += 1
        self._note_request("called", request)
        if request.blocks and self.loaded and call.thread == self.loaded.loop:
            text = say(
                "charge was called on the loop's thread, so the loop stands still until the SDK answers"
            )
            raise Broken(Kind.BLOCKING, text, call.line)
        replies = self.world.replies(call.step, argument, call.request_id)
        at_once = [r for r in replies if call.waits and r.after is None and not request.blocks]
        for reply in replies[len(at_once) :]:  # whatever is answered at once comes first
            self._promise(request, reply)
        if call.waits:
            self._answer_at_once(request, at_once, stamp)

    def _answer_at_once(self, request: Request, replies: list[Reply], stamp: int) -> None:
        for reply in replies:
            request.open = False
            misused = isinstance(reply.value, TypeError)
            what: What = (
                "misused" if misused else "raised" if reply.kind == "raises" else "answered"
            )
            text = _misuse(request) if misused else facts.reply(_packed(reply))
            self._note_request(what, request, text, failed=reply.kind != "done")
        self.kernel.excuse(stamp)
        self.link.send_frame([_answer(request, reply) for reply in replies])

    def _promise(self, request: Request, reply: Reply) -> None:
        when = round(self.now + (reply.after or 0.0), 6)  # what is due together is answered so
        if isinstance(reply.value, TypeError):
            self._note_request("misused", request, _misuse(request), failed=True)
        self.agenda.add(Pending(when, next(self._serial), request, _answer(request, reply)))

    def break_silence(self) -> None:
        """Have the services fail at last that never answered."""
        for request in self.requests.values():
            customer, step = request.customer, request.step
            if request.open and customer and customer.has(step, Fault.SILENT):
                self._promise(request, Reply("error", FAILURES[step]("no answer"), 0.0))

    def _abandoned(self, request: Request) -> None:
        request.open = False
        self.agenda.drop(request)
        self._note_request("abandoned", request)

    # ---- operations

    def _ended(self, operation: Operation, ended: Ended) -> None:
        operation.ends.append(ended)
        if operation.ended_at is None:
            operation.open_at_end = tuple(r for r in self.requests.values() if r.open)
            operation.ended_at = len(self.history)
        line = ended.value.line if isinstance(ended.value, Raised) else None
        text = ended.how if ended.how == "cancelled" else facts.value(unpack(ended.value))
        failed = ended.how == "error"
        event = Event("ended", self.now, operation.what, None, operation.number, line, text, failed)
        self.history.add(event)

    def _told(self, operation: Operation, told: CalledBack) -> None:
        operation.told.append(told)
        if operation.ended_at is None:
            operation.ended_at = len(self.history)
        text, failed = facts.value(unpack(told.value)), isinstance(told.value, Raised)
        event = Event("told", self.now, told.which, None, operation.number, told.line, text, failed)
        self.history.add(event)


def _misuse(request: Request) -> str:
    return say("{step} was given {what}", step=request.step, what=request.argument)[:150]


def _answer(request: Request, reply: Reply) -> Answer:
    return Answer(request.number, reply.kind, _packed(reply))


def _packed(reply: Reply) -> Value:
    return pack_error(reply.value) if isinstance(reply.value, Exception) else pack(reply.value)
