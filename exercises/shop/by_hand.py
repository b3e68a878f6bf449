"""Run one stage by hand, against a small shop in real time, and see what happens.

The grader imports none of this. A stage that is still to be written says so in one line.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar

from .errors import ShopError
from .in_memory import LATENCY, AsyncOrderShop, AsyncShop, BlockingSDK, CallbackShop, Diary, say
from .models import User, request_id

if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterable,
        AsyncIterator,
        Awaitable,
        Callable,
        Coroutine,
        Iterable,
    )
    from typing import Any, Self

    from .models import Payment
    from .services import AsyncOrderServices, AsyncServices, CallbackServices, PaymentSDK

Services = TypeVar("Services")

Asks: TypeAlias = "Callable[[Callable[[Any], None], Callable[[Exception], None]], None]"
"""A function that takes `on_done` and `on_error`."""

PATIENCE = 10 * LATENCY
"""Seconds after which a stage 1 checkout that has not ended is taken for lost."""
BATCH = (2, 1, 3, 404)
"""A batch with two payments, a user without orders, and a user whom nobody knows."""


class Desk(Protocol):
    """What stage 4's class looks like from outside."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *exc_info: object) -> None: ...

    async def checkout(self, user_id: int) -> Payment: ...

    async def checkout_many(self, user_ids: Iterable[int]) -> list[Payment | ShopError]: ...


def run_callbacks(
    checkout: Callable[
        [CallbackServices, int, Callable[[Payment], None], Callable[[Exception], None]], None
    ],
) -> None:
    """Stage 1: one checkout that can be paid, and one of a user whom nobody knows."""

    async def stage() -> None:
        for user_id in (1, 404):
            diary = open_diary(f"checkout({user_id})")
            ended = asyncio.Event()

            def on_done(
                payment: Payment, diary: Diary = diary, ended: asyncio.Event = ended
            ) -> None:
                diary.note(f"on_done hears {payment}")
                ended.set()

            def on_error(
                error: Exception, diary: Diary = diary, ended: asyncio.Event = ended
            ) -> None:
                diary.note(f"on_error hears {error!r}")
                ended.set()

            checkout(CallbackShop(diary), user_id, on_done, on_error)
            diary.note("checkout has returned")
            try:
                await asyncio.wait_for(ended.wait(), PATIENCE)
            except TimeoutError:
                diary.note("neither on_done nor on_error was called")

    run(stage())


def run_futures(
    checkout: Callable[[CallbackServices, int], Awaitable[Payment]],
    checkout_many: Callable[
        [CallbackServices, Iterable[int]], Awaitable[list[Payment | ShopError]]
    ],
) -> None:
    """Stage 2: two single checkouts, then a batch."""
    run(run_both(CallbackShop, checkout, checkout_many))


def run_async_await(
    checkout: Callable[[AsyncServices, int], Awaitable[Payment]],
    checkout_many: Callable[[AsyncServices, Iterable[int]], Awaitable[list[Payment | ShopError]]],
) -> None:
    """Stage 3: the same as stage 2, through coroutines."""
    run(run_both(AsyncShop, checkout, checkout_many))


def run_thread_offload(checkout_desk: Callable[[AsyncOrderServices, PaymentSDK], Desk]) -> None:
    """Stage 4: a batch of four payments through an SDK that takes two at the same time."""

    async def stage() -> None:
        request_id.set("by-hand")
        diary = open_diary("checkout_many([1, 2, 1, 2]), and the SDK takes 2 at the same time")
        over = asyncio.Event()
        pause = asyncio.create_task(longest_pause(over))
        async with checkout_desk(AsyncOrderShop(diary), BlockingSDK(diary, 2)) as desk:
            outcomes = await desk.checkout_many([1, 2, 1, 2])
        diary.note("the desk is closed")
        report_outcomes(diary, outcomes)
        over.set()
        diary.note(f"the loop stood still for {await pause * 1000:.0f} ms at the longest")

    run(stage())


def run_zalgo(
    always_later: Callable[[Callable[..., object], Asks], Asks], classify: Callable[[Asks], str]
) -> None:
    """Stage 5: a service that answers every other call at once, as it is and through `always_later`."""

    async def stage() -> None:
        later = always_later(asyncio.get_running_loop().call_soon, now_and_then())
        for title, ask in (("as it is", now_and_then()), ("through always_later", later)):
            diary = open_diary(f"a service that answers every other call at once, {title}")
            for _ in range(2):
                ask(hear(diary, "on_done"), hear(diary, "on_error"))
                diary.note("the call has returned")
                await asyncio.sleep(2 * LATENCY)
        say(f"\nclassify says {classify(now_and_then())!r}")

    run(stage())


def now_and_then() -> Asks:
    """A service that answers later, then at once, then later again."""
    calls = itertools.count()

    def ask(on_done: Callable[[User], None], on_error: Callable[[Exception], None]) -> None:  # noqa: ARG001 - every service takes both
        if next(calls) % 2:
            on_done(User(1, "Ada"))
        else:
            asyncio.get_running_loop().call_later(LATENCY, on_done, User(1, "Ada"))

    return ask


def hear(diary: Diary, name: str) -> Callable[[object], None]:
    """Make a callback that writes down what it hears."""
    return lambda thing: diary.note(f"{name} hears {thing!r}")


def run_backpressure(
    checkout_stream: Callable[
        [AsyncServices, AsyncIterable[int], int], AsyncIterator[Payment | ShopError]
    ],
) -> None:
    """Stage 12: six users, two at a time, and a caller who takes his time."""

    async def stage() -> None:
        diary = open_diary("checkout_stream(1, 2, 3, 1, 2, 404), with a limit of 2")
        stream = checkout_stream(AsyncShop(diary), ids_of(diary, (1, 2, 3, 1, 2, 404)), 2)
        async for outcome in stream:
            diary.note(f"the caller takes {outcome!r}")
            await asyncio.sleep(3 * LATENCY)
        diary.note("the stream has ended")

    run(stage())


def run_structured_concurrency(
    checkout: Callable[..., Awaitable[Payment | None]],
    checkout_many: Callable[..., Awaitable[list[Payment | ShopError | None]]],
) -> None:
    """Stage 11: one checkout that gives up, one that is paying when its patience ends, a batch."""

    async def stage() -> None:
        for patience in (1.5 * LATENCY, 3.5 * LATENCY):
            diary = open_diary(f"checkout(1) with {1000 * patience:.0f} ms of patience")
            diary.note(f"it gives {await checkout(AsyncShop(diary), 1, patience=patience)}")
        diary = open_diary(f"checkout_many({list(BATCH)})")
        report_outcomes(diary, await checkout_many(AsyncShop(diary), BATCH, patience=1.0))

    run(stage())


async def ids_of(diary: Diary, ids: Iterable[int]) -> AsyncIterator[int]:
    """Give ids one by one, and write down when each is read."""
    for user_id in ids:
        diary.note(f"the id {user_id} is read")
        yield user_id


def run(stage: Coroutine[None, None, None]) -> None:
    """Run a stage to its end, or to the line that says what is still to do."""
    try:
        asyncio.run(stage)
    except NotImplementedError as error:
        say(f"\nStill to do. {error}")


async def run_both(
    shop: Callable[[Diary], Services],
    checkout: Callable[[Services, int], Awaitable[Payment]],
    checkout_many: Callable[[Services, Iterable[int]], Awaitable[list[Payment | ShopError]]],
) -> None:
    """Two single checkouts, then a batch, each with a diary of its own."""
    for user_id in (1, 404):
        diary = open_diary(f"checkout({user_id})")
        try:
            diary.note(f"it gives {await checkout(shop(diary), user_id)}")
        except ShopError as error:
            diary.note(f"it raises {error!r}")

    diary = open_diary(f"checkout_many({list(BATCH)})")
    report_outcomes(diary, await checkout_many(shop(diary), BATCH))


async def longest_pause(over: asyncio.Event) -> float:
    """Turn with the loop every 5 ms until it is over; the longest delay of a turn, in seconds."""
    longest, tick = 0.0, 0.005
    while not over.is_set():
        before = time.monotonic()
        await asyncio.sleep(tick)
        longest = max(longest, time.monotonic() - before - tick)
    return longest


def open_diary(title: str) -> Diary:
    """Open a new diary under a title."""
    say(f"\n{title}")
    return Diary()


def report_outcomes(diary: Diary, outcomes: Iterable[Payment | ShopError | None]) -> None:
    """One line per slot of a batch."""
    for slot, outcome in enumerate(outcomes):
        diary.note(f"slot {slot}: {outcome!r}")
