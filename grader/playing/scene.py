"""What is played: which program, for whom, how slow the services are, and what goes wrong."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

STEPS = ("get_user_data", "get_orders", "get_order_details", "process_payment")
KINDS = ("fails", "silent")
"""What a service may do instead of answering."""
USERS = (1, 2, 3, 4)
"""Everybody whom the shop knows: two who pay, one without orders, one whose card is refused."""
LATENCY = 0.6
"""Seconds that a step takes: slow enough to watch."""
PATIENCE = 12
"""Latencies after which a play is ended that does not end."""


@dataclass(frozen=True)
class Scene:
    """One play.

    Attributes:
        path: The program.
        services: Its face of the services, "callbacks" or "coroutines".
        ends_by: How a checkout ends: "callbacks", "future" or "coroutine".
        desk: Class that is entered once and owns the checkouts; None for module functions.
        batch: The program has a `checkout_many`.
        patient: Checkouts are told how patient they are.
        latencies: Step to seconds, where they differ from `latency`.
        faults: "USER:STEP" or "STEP" to one of `KINDS`.
    """

    path: str
    services: str
    ends_by: str
    desk: str | None
    batch: bool
    patient: bool = False
    users: tuple[int, ...] = USERS
    latency: float = LATENCY
    latencies: dict[str, float] = field(default_factory=dict[str, float])
    faults: dict[str, str] = field(default_factory=dict[str, str])

    def latency_of(self, step: str) -> float:
        """Seconds that a step takes."""
        return self.latencies.get(step, self.latency)

    def fault_of(self, step: str, user: int) -> str:
        """What a step does to this user instead of answering; "" for nothing."""
        return self.faults.get(f"{user}:{step}", self.faults.get(step, ""))

    @property
    def patience(self) -> float:
        """Seconds of real time after which it is ended."""
        slowest = max((self.latency, *self.latencies.values()))
        return max(5.0, PATIENCE * slowest)

    @property
    def keywords(self) -> dict[str, float]:
        """What a checkout, and a batch, is given by name: half of our patience, so that its end is seen."""
        return {"patience": self.patience / 2} if self.patient else {}


def written(scene: Scene) -> str:
    """As one word of a command line."""
    return json.dumps(asdict(scene))


def read(text: str) -> Scene:
    """The scene again."""
    known: dict[str, Any] = json.loads(text)
    known["users"] = tuple(known["users"])
    return Scene(**known)
