"""A small shop in real time, behind callbacks, behind coroutines and behind a blocking SDK.

It prints whatever reaches it. The pipelines meet it when they are run by hand, never in the grader.
"""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from .errors import PaymentDeclined, UserNotFound
from .models import Order, OrderDetails, Payment, User, request_id

if TYPE_CHECKING:
    from collections.abc import Callable

Question = TypeVar("Question")
Answer = TypeVar("Answer")

LATENCY = 0.05
"""Seconds that every step takes."""

NAMES = {1: "Ada", 2: "Grace", 3: "Edsger", 4: "Barbara"}
WITHOUT_ORDERS = 3
DECLINED = 4


def say(line: str) -> None:
    """Print one line in one piece, since several threads may have something to say."""
    print(f"{line}\n", end="", flush=True)


class Diary:
    """Prints events, each with the milliseconds since the diary was opened."""

    def __init__(self) -> None:
        self._opened_at = time.monotonic()

    def note(self, event: str) -> None:
        """Print what happened, and when."""
        milliseconds = (time.monotonic() - self._opened_at) * 1000
        say(f"{milliseconds:7.0f} ms  {event}")


def find_user(user_id: int) -> User:
    """Step 1 for everybody in `NAMES`."""
    if user_id not in NAMES:
        raise UserNotFound(user_id)
    return User(user_id, NAMES[user_id])


def find_orders(user: User) -> list[Order]:
    """Step 2: two orders each, and none for Edsger."""
    if user.id == WITHOUT_ORDERS:
        return []
    return [Order(user.id * 10 + number, user.id) for number in (1, 2)]


def find_details(order: Order) -> OrderDetails:
    """Step 3: the price follows from the order's id."""
    return OrderDetails(order.id, order.id * 100)


def take_money(details: OrderDetails) -> Payment:
    """Step 4: everybody's card is good but Barbara's."""
    if details.order_id // 10 == DECLINED:
        raise PaymentDeclined(details.order_id)
    return Payment(
        f"payment-{details.order_id}", details.order_id, details.amount, request_id.get()
    )


class CallbackShop:
    """The shop as `CallbackServices`, on its best behaviour: one answer, and always later."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary

    def get_user_data(
        self,
        user_id: int,
        on_done: Callable[[User], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._answer_later("get_user_data", find_user, user_id, on_done, on_error)

    def get_orders(
        self,
        user: User,
        on_done: Callable[[list[Order]], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._answer_later("get_orders", find_orders, user, on_done, on_error)

    def get_order_details(
        self,
        order: Order,
        on_done: Callable[[OrderDetails], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._answer_later("get_order_details", find_details, order, on_done, on_error)

    def process_payment(
        self,
        details: OrderDetails,
        on_done: Callable[[Payment], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._answer_later("process_payment", take_money, details, on_done, on_error)

    def _answer_later(
        self,
        step: str,
        rule: Callable[[Question], Answer],
        question: Question,
        on_done: Callable[[Answer], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        self._diary.note(f"{step} is called with {question}")

        def answer() -> None:
            try:
                found = report_answer(self._diary, step, partial(rule, question))
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller hears of it
                on_error(error)
            else:
                on_done(found)

        asyncio.get_running_loop().call_later(LATENCY, answer)


class AsyncOrderShop:
    """The shop as `AsyncOrderServices`: it takes no payments."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary

    async def get_user_data(self, user_id: int) -> User:
        return await self._answer("get_user_data", find_user, user_id)

    async def get_orders(self, user: User) -> list[Order]:
        return await self._answer("get_orders", find_orders, user)

    async def get_order_details(self, order: Order) -> OrderDetails:
        return await self._answer("get_order_details", find_details, order)

    async def _answer(
        self, step: str, rule: Callable[[Question], Answer], question: Question
    ) -> Answer:
        self._diary.note(f"{step} is called with {question}")
        try:
            await asyncio.sleep(LATENCY)
        except asyncio.CancelledError:
            self._diary.note(f"{step} is cancelled")
            raise
        return report_answer(self._diary, step, partial(rule, question))


class AsyncShop(AsyncOrderShop):
    """The shop as `AsyncServices`."""

    async def process_payment(self, details: OrderDetails) -> Payment:
        return await self._answer("process_payment", take_money, details)


class BlockingSDK:
    """The shop's bank as a `PaymentSDK`: each charge holds its thread while it lasts."""

    def __init__(self, diary: Diary, max_parallel: int) -> None:
        self.max_parallel = max_parallel
        self._diary = diary
        self._lock = threading.Lock()
        self._inside = 0

    def charge(self, details: OrderDetails) -> Payment:
        self._enter(details)
        try:
            time.sleep(LATENCY)
            return report_answer(self._diary, "charge", partial(take_money, details))
        finally:
            with self._lock:
                self._inside -= 1

    def _enter(self, details: OrderDetails) -> None:
        with self._lock:
            self._inside += 1
            inside = self._inside
        thread = threading.current_thread().name
        self._diary.note(f"charge is called with {details} on {thread}, {inside} inside")
        if inside > self.max_parallel:
            self._diary.note(f"the SDK takes only {self.max_parallel} at the same time")


def report_answer(diary: Diary, step: str, answer: Callable[[], Answer]) -> Answer:
    """Give an answer or its error on to the caller, with a line in the diary for either."""
    try:
        found = answer()
    except Exception as error:
        diary.note(f"{step} fails with {error!r}")
        raise
    diary.note(f"{step} answers {found}")
    return found
