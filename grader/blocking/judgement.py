"""Decides whether one slow step was blocked: values in, a value out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from .ledger import Account, Sleep, Spent, Where, divide
from .stacks import IsUser, Stack, is_debugged, is_librarys_own

SLACK = 2_000_000
"""Nanoseconds by which a step must pass the threshold if no stack of it was taken."""


class Outcome(Enum):
    """What a slow step turns out to be."""

    INNOCENT = "innocent"
    WAITS = "waits"
    COMPUTES = "computes"
    KEPT_OUT = "kept out"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Evidence:
    """All that is known about a slow step.

    Attributes:
        account: Where its wall time went.
        where: What its thread was seen doing.
        others: What the other threads used up meanwhile.
        stacks: Samples of its stack, cut to the step.
        kept_out: The longest that the watchdog waited for the GIL, in nanoseconds.
        spins: Whether the program was seen in a loop that looks at the clock.
    """

    account: Account
    where: Counter[Where] = field(default_factory=Counter[Where])
    others: Sequence[Spent] = ()
    stacks: Sequence[Stack] = ()
    kept_out: int = 0
    spins: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a slow step, and for how many nanoseconds the loop was held."""

    outcome: Outcome
    held: int


def judge(evidence: Evidence, threshold: int, is_user: IsUser) -> Judgement:
    """Judge a step whose wall time reached the threshold.

    Only computing and sleeping of its own count against a step. What waited for a CPU, for the GIL,
    or for a thread that waited for a CPU, is not its doing.

    Args:
        evidence: What is known about it.
        threshold: Nanoseconds.
        is_user: Tells the program's own files.
    """
    if any(map(is_debugged, evidence.stacks)):
        return Judgement(Outcome.INNOCENT, 0)
    sleep = divide(evidence.account.slept, evidence.where, evidence.others)
    waited = _without_librarys_share(sleep.own, evidence.stacks, is_user)
    held = evidence.account.computed + waited
    if held >= threshold + (0 if evidence.stacks else SLACK):
        computes = evidence.account.computed >= waited
        return Judgement(Outcome.COMPUTES if computes else Outcome.WAITS, held)
    return _judge_short(evidence, sleep, held, threshold)


def _judge_short(evidence: Evidence, sleep: Sleep, held: int, threshold: int) -> Judgement:
    """Judge a step that was slow, and not by its own doing."""
    if min(sleep.gil, evidence.kept_out) >= threshold:
        return Judgement(Outcome.KEPT_OUT, sleep.gil)
    if held >= threshold:
        return Judgement(Outcome.INNOCENT, held)  # a hair above, and never seen
    # A spin bounded by the clock computes the less the busier the machine is: it was slow by its
    # own doing, and its books do not show it.
    starved = evidence.account.queued > evidence.account.wall // 2 and held >= threshold // 5
    disputed = held + sleep.excusable >= threshold and not _all_librarys(evidence)
    return Judgement(
        Outcome.INCONCLUSIVE if (starved and evidence.spins) or disputed else Outcome.INNOCENT, held
    )


def _all_librarys(evidence: Evidence) -> bool:
    return bool(evidence.stacks) and all(
        is_librarys_own(stack, lambda _: False) for stack in evidence.stacks
    )


def _without_librarys_share(waited: int, stacks: Sequence[Stack], is_user: IsUser) -> int:
    """Leave out the share of a wait in which the library waited on its own account."""
    if not stacks:
        return waited
    own = sum(is_librarys_own(stack, is_user) for stack in stacks)
    return waited * (len(stacks) - own) // len(stacks)
