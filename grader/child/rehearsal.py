"""A dress rehearsal in the warm process: what is done once there is ready in every child that is forked from it.

The first conversion of a type, the first task of a loop, the first signature: Python and its libraries keep what they
learn, and a child inherits it. After some calls Python also rewrites the code of a function for what it has met; done
here, the pages in which the code lies stay shared.
"""

from __future__ import annotations

import ast
import asyncio
import gc
import marshal
import sys
from typing import TYPE_CHECKING

import msgspec

import shop
from grader.child.channel import Channel
from grader.child.loading import MODULE, load
from grader.child.loop import JudgedLoop
from grader.child.runner import Runner
from grader.child.watching import DETECTOR
from grader.protocol.messages import (
    TRIO,
    Answer,
    Deliver,
    Finish,
    Item,
    Load,
    Signature,
    Start,
)
from grader.protocol.sockets import wire_pair
from grader.protocol.values import pack
from grader.protocol.wire import frames, wire_on

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKES = 5
"""Times that each program is run: often enough for Python to have rewritten what every check calls."""
CUSTOMERS = (1, 2, 3)
ANSWERS = (
    pack(shop.User(1, "Ada")),
    pack([shop.Order(1, 1)]),
    pack(shop.OrderDetails(1, 1)),
    pack(shop.Payment("p", 1, 1)),
)
"""What the four steps come to."""
AWAITED = """
import asyncio
from dataclasses import dataclass

@dataclass(frozen=True)
class Pair:
    left: int
    right: int

async def play(services, user_id):
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        task = group.create_task(four_steps(services, user_id))
    return await asyncio.shield(asyncio.gather(asyncio.sleep(0, Pair(user_id, user_id)), task))

async def four_steps(services, user_id):
    user = await services.get_user_data(user_id)
    try:
        first = (await services.get_orders(user))[0]
        return await services.process_payment(await services.get_order_details(first))
    except Exception as error:
        return error
"""
CALLED_BACK = """
def play(services, user_id, on_done, on_error):
    def pay(details):
        services.process_payment(details, on_done, on_error)

    def look(orders):
        services.get_order_details(orders[0], pay, on_error)

    def order(user):
        services.get_orders(user, look, on_error)

    services.get_user_data(user_id, order, on_error)
"""
ON_TRIO = """
import anyio

async def play(services, user_id):
    with anyio.move_on_after(60):
        async with anyio.create_task_group() as group:
            group.start_soon(four_steps, services, user_id, group.cancel_scope)
            await anyio.sleep(50)

async def four_steps(services, user_id, scope):
    user = await services.get_user_data(user_id)
    first = (await services.get_orders(user))[0]
    details = await services.get_order_details(first)
    with anyio.CancelScope(shield=True):
        await services.process_payment(details)
    scope.cancel()
"""


def rehearse(takes: int = TAKES) -> None:
    """Run both kinds of program from import to end, so many times, and forget them; talk to nobody."""
    gc.freeze()  # as in a child: it collects its own only
    compile(ast.parse(AWAITED), "rehearsal", "exec")
    for services, ends_by, arguments, program in (
        ("coroutines", "coroutine", ("services", "user_id"), AWAITED),
        ("callbacks", "callbacks", ("services", "user_id", "on_done", "on_error"), CALLED_BACK),
    ):
        _take(takes, Load("", services, ends_by, (Signature("play", arguments),)), program)
    _clear()


def rehearse_on_trio(takes: int = TAKES) -> None:
    """The same for the children that run trio."""
    play = Signature("play", ("services", "user_id"))
    _take(takes, Load("", "coroutines", "coroutine", (play,), backend=TRIO), ON_TRIO)
    _clear()


def _take(takes: int, order: Load, program: str) -> None:
    code = marshal.dumps(compile(program, "rehearsal", "exec"))
    for _ in range(takes):
        _run(msgspec.structs.replace(order, code=code))


def _clear() -> None:
    del sys.modules[MODULE]
    asyncio.set_event_loop(None)
    gc.collect()


def _run(order: Load) -> None:
    """A whole life, whose judge has said everything in advance."""
    ours, theirs = map(wire_on, wire_pair())
    with ours.socket, theirs.socket:
        for data in _words():
            ours.send(data)
        channel = Channel(theirs)
        loop = JudgedLoop(channel)
        DETECTOR.start(loop)
        Runner(loop, channel, theirs, order).run(load(order, channel))
        loop.close()


def _words() -> Iterator[bytes]:
    """One frame for each idleness of the loop."""
    count = len(CUSTOMERS)
    orders: list[tuple[Item, ...]] = [tuple(Start(n, "play", (n,)) for n in CUSTOMERS)]
    for step, value in enumerate(ANSWERS):
        calls = range(step * count + 1, (step + 1) * count + 1)
        orders.append(tuple(Answer(call, "done", value) for call in calls))
    orders.append((Finish(),))
    for number, items in enumerate(orders, 1):
        yield from frames([Deliver(number, number, float(number), items)])
