"""The shop in real time behind callbacks, coroutines and a blocking SDK, telling whatever reaches it."""

from __future__ import annotations

import asyncio
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from shop import DetailsUnavailable, OrdersUnavailable, PaymentDeclined, UserNotFound
from shop.in_memory import find_details, find_orders, find_user, take_money

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.playing.scene import Scene
    from shop import OrderDetails, Payment

RULES: dict[str, tuple[Callable[[Any], Any], Callable[[Any], int], type[Exception]]] = {
    "get_user_data": (find_user, int, UserNotFound),
    "get_orders": (find_orders, lambda user: user.id, OrdersUnavailable),
    "get_order_details": (find_details, lambda order: order.user_id, DetailsUnavailable),
    "process_payment": (take_money, lambda details: details.order_id // 10, PaymentDeclined),
}
"""Of each step: what it answers, whom a question is about, and what it fails with when it is made to."""
PARALLEL = 2
"""Callers that the SDK takes at once."""


class Counter:
    """What every face shares: a call is told, answered after its latency, and told again."""

    def __init__(self, scene: Scene, tell: Callable[..., None]) -> None:
        self._scene = scene
        self._tell = tell
        self._calls = 0
        self._lock = threading.Lock()

    def called(self, step: str, question: object) -> tuple[int, int]:
        """Tell of a call; its number, and whom it is about."""
        with self._lock:
            self._calls += 1
            number = self._calls
        user = RULES[step][1](question)
        self._tell("called", step=step, user=user, call=number)
        return number, user

    def answer(self, step: str, question: object, number: int, user: int) -> Any:  # noqa: ANN401 - a model of the shop
        """The answer or its error, told."""
        try:
            found = self._found(step, question, user)
        except Exception as error:
            self._tell("failed", step=step, user=user, call=number, text=repr(error))
            raise
        self._tell("answered", step=step, user=user, call=number)
        return found

    def _found(self, step: str, question: object, user: int) -> Any:  # noqa: ANN401 - as above
        rule, _, failure = RULES[step]
        if self._scene.fault_of(step, user) == "fails":
            raise failure(user)
        return rule(question)

    def seconds(self, step: str) -> float:
        """How long a step takes."""
        return self._scene.latency_of(step)

    def is_silent(self, step: str, user: int) -> bool:
        """Whether it never answers."""
        return self._scene.fault_of(step, user) == "silent"

    def cancelled(self, step: str, number: int, user: int) -> None:
        """Tell that nobody waits for the answer any more."""
        self._tell("cancelled", step=step, user=user, call=number)


class Callbacks:
    """The services by callbacks: each is a step, an argument, and two ways to go on."""

    def __init__(self, counter: Counter) -> None:
        for step in RULES:
            setattr(self, step, partial(self._ask, counter, step))

    @staticmethod
    def _ask(
        counter: Counter,
        step: str,
        question: Any,  # noqa: ANN401 - a model of the shop
        on_done: Callable[[Any], None],
        on_error: Callable[[Exception], None],
    ) -> None:
        number, user = counter.called(step, question)

        def answer() -> None:
            try:
                found = counter.answer(step, question, number, user)
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller hears of it
                on_error(error)
            else:
                on_done(found)

        if not counter.is_silent(step, user):
            asyncio.get_running_loop().call_later(counter.seconds(step), answer)


class Coroutines:
    """The services as coroutines."""

    def __init__(self, counter: Counter) -> None:
        for step in RULES:
            setattr(self, step, partial(self._ask, counter, step))

    @staticmethod
    async def _ask(counter: Counter, step: str, question: Any) -> Any:  # noqa: ANN401 - a model of the shop
        number, user = counter.called(step, question)
        try:
            await asyncio.sleep(counter.seconds(step))
            if counter.is_silent(step, user):
                await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            counter.cancelled(step, number, user)
            raise
        return counter.answer(step, question, number, user)


class SDK:
    """The blocking SDK: a charge holds its thread."""

    def __init__(self, counter: Counter) -> None:
        self.max_parallel = PARALLEL
        self._counter = counter

    def charge(self, details: OrderDetails) -> Payment:
        """Take the money; a silent bank never comes back."""
        step = "process_payment"
        number, user = self._counter.called(step, details)
        time.sleep(self._counter.seconds(step))
        while self._counter.is_silent(step, user):
            time.sleep(1)
        payment: Payment = self._counter.answer(step, details, number, user)
        return payment
