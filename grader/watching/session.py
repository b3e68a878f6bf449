"""What a watch does next: a pure function from a state and an event to a state and commands."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from grader import advice
from grader import progress as memory
from grader.language import say
from grader.progress import Progress
from grader.report import focus
from grader.watching import words
from grader.watching.messages import Reply, report_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.advice import Shelf
    from grader.results import CheckResult, StageResult


class View(Enum):
    """What the lower part of the screen shows."""

    FAILURE = "the first failure"
    HINT = "its hints"
    TIMELINE = "what happened"
    LIST = "every check"


# ── what happens ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Key:
    """A key was pressed."""

    name: str


@dataclass(frozen=True)
class Saved:
    """The file of a stage changed; it may have been deleted."""

    stage: str
    there: bool = True


@dataclass(frozen=True)
class Graded:
    """The warm process has answered."""

    reply: Reply


@dataclass(frozen=True)
class Told:
    """Something is to be said to the learner."""

    sentence: str


@dataclass(frozen=True)
class Stopped:
    """Somebody wants an end: Ctrl-C, or a signal."""


Happening: TypeAlias = Key | Saved | Graded | Told | Stopped


# ── what is to be done ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Grade:
    """Grade this stage."""

    stage: str


@dataclass(frozen=True)
class Remember:
    """Write down how far the learner is."""

    progress: Progress


@dataclass(frozen=True)
class OpenPage:
    """Show the page of this stage in a browser."""

    stage: str


@dataclass(frozen=True)
class Quit:
    """Come to an end."""


Command: TypeAlias = Grade | Remember | OpenPage | Quit


# ── the state ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class State:
    """All that a watch knows.

    Attributes:
        stages: Every stage, in order.
        stage: The one at hand.
        files: Stage to its file, as the learner would type it.
        replies: Stage to its latest grading.
        running: The stage that is being graded; "" for none.
        waiting: The stage that is graded after that; "" for none.
        saved: The stages whose files were saved meanwhile.
        said: One sentence that is shown until the next thing happens.
    """

    stages: tuple[str, ...]
    stage: str
    files: Mapping[str, str]
    shelf: Shelf
    progress: Progress = field(default_factory=Progress)
    replies: Mapping[str, Reply] = field(default_factory=dict[str, Reply])
    view: View = View.FAILURE
    running: str = ""
    waiting: str = ""
    saved: frozenset[str] = frozenset()
    said: str = ""

    @property
    def reply(self) -> Reply | None:
        """The latest grading of the stage at hand."""
        return self.replies.get(self.stage)

    @property
    def result(self) -> StageResult | None:
        """What it came to."""
        report = report_of(self.reply) if self.reply else None
        return report.result.stages[0] if report else None

    @property
    def failed(self) -> CheckResult | None:
        """The failed check to look at now."""
        return focus.first_cause(self.result) if self.result else None

    @property
    def following(self) -> str:
        """The next stage on the path; "" after the last."""
        place = self.stages.index(self.stage) + 1
        return self.stages[place] if place < len(self.stages) else ""

    @property
    def all_done(self) -> bool:
        """Whether every stage has its points."""
        known = [self.replies.get(stage) for stage in self.stages]
        return all(r and r.result and r.result.stages[0].finished for r in known)


Step: TypeAlias = tuple[State, tuple[Command, ...]]


def begin(state: State) -> Step:
    """Grade the stage at hand; the others follow, so that the ladder is whole."""
    return _graded_next(state, state.stage)


def step(state: State, event: Happening) -> Step:
    """Decide what an event means."""
    state = replace(state, said="")
    match event:
        case Key(name):
            return KEYS.get(name, _nothing)(state)
        case Saved(stage, there):
            return _saved(state, stage, there=there)
        case Graded(reply):
            return _heard(state, reply)
        case Told(sentence):
            return replace(state, said=sentence), ()
        case Stopped():
            return state, (Quit(),)


def _nothing(state: State) -> Step:
    return state, ()


# ── files and verdicts ───────────────────────────────────────────────────────────────────────────


def _saved(state: State, stage: str, *, there: bool) -> Step:
    """Whoever saves a file of another stage works there now."""
    if not there:
        return replace(state, said=say(words.GONE, file=state.files[stage])), ()
    moved, commands = _at(state, stage)
    moved = replace(moved, view=View.FAILURE, saved=moved.saved | {stage})
    graded, more = _graded_next(moved, stage)
    return graded, (*commands, *more)


def _graded_next(state: State, stage: str) -> Step:
    """Grade now, or, while another grading runs, after it."""
    if state.running:
        return replace(state, waiting=stage), ()
    return replace(state, running=stage, waiting=""), (Grade(stage),)


def _heard(state: State, reply: Reply) -> Step:
    state = replace(state, running="")
    if reply.result is not None:
        known = memory.after(state.progress, reply.result.stages)
        state = replace(state, replies={**state.replies, reply.stage: reply})
    else:
        known, state = state.progress, replace(state, said=reply.error)
    commands = (Remember(known),) if known != state.progress else ()
    state = replace(state, progress=known)
    following = state.waiting or _unknown(state, reply)
    if following:
        state, more = _graded_next(state, following)
        commands = (*commands, *more)
    return state, commands


def _unknown(state: State, reply: Reply) -> str:
    """A stage whose place on the ladder is not known yet; none where grading does not work."""
    unknown = (stage for stage in state.stages if stage not in state.replies)
    return "" if reply.error else next(unknown, "")


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────


def _hint(state: State) -> Step:
    """Open the hints of the first failed check, one level more each time."""
    check = state.failed
    if check is None:
        said = say(words.NOTHING_TO_HINT, stage=state.stage)
        return replace(state, said=said, view=View.FAILURE), ()
    known, _ = advice.next_hint(state.shelf, state.progress, check.id)
    commands = (Remember(known),) if known != state.progress else ()
    return replace(state, progress=known, view=View.HINT), commands


def _toggled(view: View) -> Callable[[State], Step]:
    def toggle(state: State) -> Step:
        return replace(state, view=View.FAILURE if state.view is view else view), ()

    return toggle


def _moved(by: int, end: str) -> Callable[[State], Step]:
    def move(state: State) -> Step:
        place = state.stages.index(state.stage) + by
        if not 0 <= place < len(state.stages):
            return replace(state, said=say(end)), ()
        moved, commands = _at(replace(state, view=View.FAILURE), state.stages[place])
        if moved.stage in moved.replies or moved.running == moved.stage:
            return moved, commands
        graded, more = _graded_next(moved, moved.stage)
        return graded, (*commands, *more)

    return move


def _at(state: State, stage: str) -> Step:
    """Turn to a stage, and remember it."""
    if stage == state.progress.stage:
        return replace(state, stage=stage), ()
    known = memory.at_stage(state.progress, stage)
    return replace(state, stage=stage, progress=known), (Remember(known),)


def _rerun(state: State) -> Step:
    return _graded_next(replace(state, view=View.FAILURE), state.stage)


def _page(state: State) -> Step:
    return state, (OpenPage(state.stage),)


def _quit(state: State) -> Step:
    return state, (Quit(),)


KEYS: Mapping[str, Callable[[State], Step]] = {
    "h": _hint,
    "t": _toggled(View.TIMELINE),
    "l": _toggled(View.LIST),
    "n": _moved(+1, words.LAST_STAGE),
    "p": _moved(-1, words.FIRST_STAGE),
    "r": _rerun,
    "o": _page,
    "q": _quit,
    "\x03": _quit,
    "\x04": _quit,
}


def goodbye(state: State) -> str:
    """The last word: where the learner stands."""
    result = state.result
    if result is None:
        return say(words.GOODBYE, stage=state.stage, state=say(words.NOT_GRADED))
    standing = say(words.DONE) if result.finished else focus.checks_to_go(result)
    return say(words.GOODBYE, stage=state.stage, state=standing)
