"""A rehearsal in the warm process: what is done once there is ready in every child that is forked from it.

The first conversion of a type, the first task of a loop, the first signature: Python and its libraries keep what they
learn, and a child inherits it.
"""

from __future__ import annotations

import ast
import asyncio
import gc
import inspect
from typing import Any

import shop
from grader.protocol.messages import Call, Deliver, Ended, Idle
from grader.protocol.values import Record, pack, unpack
from grader.protocol.wire import decode_for_child, frames

SCENE = """
import asyncio
from dataclasses import dataclass

@dataclass(frozen=True)
class Pair:
    left: int
    right: int

class Desk:
    def __init__(self, *args, **keywords):
        self.pairs = {k: Pair(k, k) for k in args}

    async def one(self, k):
        async with asyncio.timeout(5):
            await asyncio.sleep(0)
            try:
                if k % 2:
                    raise KeyError(k)
            except KeyError as error:
                return error
            return await asyncio.shield(asyncio.gather(*(asyncio.sleep(0, i) for i in range(2))))

    async def all(self):
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self.one(k)) for k in range(4)]
        return [task.result() for task in tasks]
"""


def rehearse() -> None:
    """Compile, run and forget a small program; talk to nobody."""
    stage: dict[str, Any] = {"__name__": __name__}
    exec(compile(ast.parse(SCENE), "rehearsal", "exec"), stage)  # noqa: S102 - our own text
    desk = stage["Desk"]
    inspect.signature(desk).bind(1, 2)
    loop = asyncio.new_event_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = float(
        "inf"
    )  # on a busy machine it would say so on the user's terminal
    loop.run_until_complete(desk(1, 2).all())
    loop.close()
    for value in (
        shop.User(1, "Ada"),
        shop.Order(1, 1),
        shop.OrderDetails(1, 1),
        shop.Payment("p", 1, 1),
    ):
        unpack(pack(value))
    call = Call(1, "rehearsal", Record("User", {"id": 1, "name": "Ada"}), "-", 1, 1)
    frames([call, Ended(1, "value", pack([1, "two"])), Idle(1, 0.5, 1)])
    decode_for_child(frames([Deliver(1, 1, 0.5)])[0])
    gc.collect()
