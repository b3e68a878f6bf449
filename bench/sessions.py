"""One check, timed: a child from a nursery, the reference solution of stage 3, and its end."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

from grader.judge import Contract, Session
from grader.world import World

if TYPE_CHECKING:
    from grader.nursery.child import Nursery

ROOT = Path(__file__).resolve().parents[1]
SOLUTION = ROOT / "solutions" / "s03_async_await" / "pipeline.py"
CONTRACT = Contract(
    "async checkout(services, user_id, *, timeout)",
    "async checkout_many(services, user_ids)",
    services="coroutines",
)


async def timed_check(nursery: Nursery, customers: int = 1) -> float:
    """Seconds for one checkout, or for a batch of several."""
    began = time.perf_counter()
    world = World(random.Random(customers))  # noqa: S311 - a fixed world for a measurement
    session = Session(nursery, CONTRACT.load(str(SOLUTION)), world)
    await session.start()
    people = [world.add() for _ in range(customers)]
    operation = (
        await session.begin("checkout", people[0])
        if customers == 1
        else await session.begin("checkout_many", people)
    )
    await session.drive(operation)
    await session.finish()
    await session.end()
    return time.perf_counter() - began
