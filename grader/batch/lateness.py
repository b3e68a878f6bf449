"""What lateness costs: a due time and a rule, and nothing else, give the share of the marks that is lost."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = 86_400
UNITS = {"m": 60, "h": 3_600, "d": DAY}
RULES = "none, per-day=PERCENT, at-most=PERCENT, grace=TIME (30m, 2h, 1d)"


@dataclass(frozen=True)
class Policy:
    """When work is due, and what each day costs.

    Attributes:
        due: Seconds since the epoch; None if nothing is ever late.
        per_day: Share of the marks lost for each day begun, 0 to 1.
        at_most: Share that is lost at most, 0 to 1.
        grace: Seconds after `due` that cost nothing; after them all days count, from `due` on.
    """

    due: float | None = None
    per_day: float = 0.0
    at_most: float = 1.0
    grace: float = 0.0


def days_late(policy: Policy, submitted_at: float | None) -> int:
    """Days begun since the due time; 0 within the grace, or where no time is known."""
    if policy.due is None or submitted_at is None or submitted_at <= policy.due + policy.grace:
        return 0
    return math.ceil((submitted_at - policy.due) / DAY)


def penalty(policy: Policy, submitted_at: float | None) -> float:
    """The share of the marks that is lost, 0 to 1."""
    return min(policy.per_day * days_late(policy, submitted_at), policy.at_most)


def policy_of(due: str | None, rules: Iterable[str]) -> Policy:
    """The policy in the words of the command line.

    Args:
        due: ISO 8601; without an offset it is local time.
        rules: Each "none" or NAME=VALUE.

    Raises:
        UsageError: A time or a rule that nobody knows, or rules without a due time.
    """
    chosen = [rule for rule in rules if rule != "none"]
    if due is None:
        if chosen:
            raise UsageError("--late needs --due: nothing is late before a time is set")
        return Policy()
    policy = Policy(due=instant(due, "--due"))
    for rule in chosen:
        policy = _with_rule(policy, rule)
    return policy


def instant(text: str, what: str) -> float:
    """Seconds since the epoch of an ISO 8601 time.

    Raises:
        UsageError: It is none.
    """
    try:
        return datetime.fromisoformat(text.strip()).timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{what} takes a time like 2026-03-31T23:59 or 2026-03-31T23:59+09:00, not {text!r}"
        ) from None


def _with_rule(policy: Policy, rule: str) -> Policy:
    name, _, value = rule.partition("=")
    if name == "grace" and (found := re.fullmatch(r"(\d{1,6})([mhd])", value)):
        return replace(policy, grace=int(found[1]) * UNITS[found[2]])
    if name in {"per-day", "at-most"} and re.fullmatch(r"\d{1,3}(\.\d+)?%?", value):
        share = float(value.rstrip("%")) / 100
        if share <= 1:
            return replace(policy, **{name.replace("-", "_"): share})
    raise UsageError(f"--late does not know {rule!r}; rules are: {RULES}")
