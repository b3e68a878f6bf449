"""The faces of the simulated shop: callbacks, coroutines, and a blocking SDK. What lies behind them is the judge."""

from __future__ import annotations

import _thread
import asyncio
import copy
import threading
from typing import TYPE_CHECKING, Any

import shop
from grader.child.places import calling_line
from grader.child.watching import DETECTOR
from grader.protocol.messages import Abandoned, Answer, Call, Deliver, Note
from grader.protocol.values import Raised, pack, unpack, unpack_error
from grader.protocol.wire import AnyWire, WireClosed, decode_for_child

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.child.channel import Channel


class Face:
    """What all faces share: how a call is told to the judge."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._home = threading.get_ident()

    def _call(self, step: str, argument: object, *, waits: bool = False) -> Call:
        return Call(
            self._channel.next_call(),
            step,
            pack(argument),
            str(shop.request_id.get()),
            threading.get_native_id(),
            self._line(),
            waits,
        )

    def _line(self) -> int | None:
        return calling_line()

    def _stay_home(self, step: str) -> None:
        """Raises RuntimeError where a service is used off the loop's thread."""
        if threading.get_ident() != self._home:
            self._channel.flush(Note("wrong_thread", step, calling_line()))
            raise RuntimeError(f"{step} was called off the loop's thread")


class CoroutineServices(Face):
    """`AsyncServices`: each call is a coroutine, cancellable at its await.

    Attributes:
        parting: Turns of the loop that a cancelled call takes to end, as one does that hangs up first.
    """

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self.parting = 0
        self._waiting: dict[int, asyncio.Future[Any]] = {}

    def answer(self, answer: Answer) -> None:
        """Settle the future that a call waits for."""
        future = self._waiting.pop(answer.call)
        if future.done():
            return
        if isinstance(answer.value, Raised):
            future.set_exception(unpack_error(answer.value))
        else:
            future.set_result(unpack(answer.value))

    def forget(self) -> None:
        """Let go of all that waits, so that what nobody else holds can be collected."""
        self._waiting.clear()

    async def get_user_data(self, user_id: int) -> Any:  # noqa: ANN401 - whatever the judge answers
        return await self._ask("get_user_data", user_id)

    async def get_orders(self, user: shop.User) -> Any:  # noqa: ANN401 - as above
        return await self._ask("get_orders", user)

    async def get_order_details(self, order: shop.Order) -> Any:  # noqa: ANN401 - as above
        return await self._ask("get_order_details", order)

    async def next_user(self, source: int) -> Any:  # noqa: ANN401 - as above
        """The next id of a source; None when there is none."""
        return await self._ask("next_user", source)

    async def _ask(self, step: str, argument: object) -> Any:  # noqa: ANN401 - as above
        self._stay_home(step)
        call = self._call(step, argument)
        future = self._waiting[call.call] = asyncio.get_running_loop().create_future()
        self._channel.post(call)
        try:
            return await future
        except asyncio.CancelledError:
            try:
                for _ in range(self.parting):
                    await asyncio.sleep(0)
            finally:
                self._channel.post(Abandoned(call.call))
            raise


class PayingCoroutineServices(CoroutineServices):
    """With the fourth step, for the stages without an SDK."""

    async def process_payment(self, details: shop.OrderDetails) -> Any:  # noqa: ANN401 - as above
        return await self._ask("process_payment", details)


class CallbackServices(Face):
    """`CallbackServices`.

    Attributes:
        prompt: The judge decides at each call whether it answers before the call returns.
    """

    def __init__(self, channel: Channel) -> None:
        super().__init__(channel)
        self._callbacks: dict[int, tuple[Callable[[Any], None], Callable[[Any], None]]] = {}
        self.prompt = False

    def answer(self, answer: Answer) -> None:
        """Call back, in a turn of the loop."""
        asyncio.get_running_loop().call_soon(self._settle, answer)

    def forget(self) -> None:
        """Let go of all callbacks, so that what nobody else holds can be collected."""
        self._callbacks.clear()

    def get_user_data(self, user_id: int, on_done: Any, on_error: Any) -> None:  # noqa: ANN401 - the learner's
        self._ask("get_user_data", user_id, on_done, on_error)

    def get_orders(self, user: shop.User, on_done: Any, on_error: Any) -> None:  # noqa: ANN401 - as above
        self._ask("get_orders", user, on_done, on_error)

    def get_order_details(self, order: shop.Order, on_done: Any, on_error: Any) -> None:  # noqa: ANN401 - as above
        self._ask("get_order_details", order, on_done, on_error)

    def process_payment(self, details: shop.OrderDetails, on_done: Any, on_error: Any) -> None:  # noqa: ANN401 - as above
        self._ask("process_payment", details, on_done, on_error)

    def _ask(self, step: str, argument: object, on_done: Any, on_error: Any) -> None:  # noqa: ANN401 - as above
        self._stay_home(step)
        call = self._call(step, argument, waits=self.prompt)
        self._callbacks[call.call] = on_done, on_error
        if not self.prompt:
            return self._channel.post(call)
        self._channel.flush(call)
        with DETECTOR.excused():  # the judge lets us wait
            answers = self._word()
        for answer in answers:
            self._settle(answer)
        return None

    def _word(self) -> list[Answer]:
        """The judge's word on a call; a delivery that a thread has made void may lie before it."""
        while True:
            messages = self._channel.receive()
            if not any(isinstance(message, Deliver) for message in messages):
                return [message for message in messages if isinstance(message, Answer)]

    def _settle(self, answer: Answer) -> None:
        on_done, on_error = self._callbacks[answer.call]
        if not isinstance(answer.value, Raised):
            return on_done(unpack(answer.value))
        error = unpack_error(answer.value)
        if answer.kind == "raises":
            raise error
        return on_error(error)


class SDK:
    """`PaymentSDK`: blocks its caller until the judge answers.

    The answers come on a wire of their own and are handed out by a thread that is none of `threading`'s, so they reach
    a blocked caller whatever the loop does, and the submission's own threads stay countable.
    """

    def __init__(self, channel: Channel, side: AnyWire, max_parallel: int) -> None:
        self.max_parallel = max_parallel
        self._face = Face(channel)
        self._channel = channel
        self._side = side
        self._doors: dict[int, tuple[_thread.LockType, list[Answer]]] = {}
        self.thread = self._start_handing_out()

    def charge(self, details: shop.OrderDetails) -> Any:  # noqa: ANN401 - a Payment, unless the judge says otherwise
        call = self._face._call("charge", details)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - faces of one room
        door = _thread.allocate_lock()
        door.acquire()
        answers: list[Answer] = []
        self._doors[call.call] = door, answers
        self._channel.flush(call)
        door.acquire()  # opened by the judge's answer
        value = answers[0].value
        if isinstance(value, Raised):
            raise unpack_error(value)
        return unpack(value)

    def limited_to(self, max_parallel: int) -> SDK:
        """The same, for callers of whom so many may be inside."""
        other = copy.copy(self)
        other.max_parallel = max_parallel
        return other

    def _start_handing_out(self) -> int:
        started = _thread.allocate_lock()
        started.acquire()
        ids: list[int] = []

        def run() -> None:
            ids.append(_thread.get_native_id())
            started.release()
            self._hand_out()

        _thread.start_new_thread(run, ())
        started.acquire()
        return ids[0]

    def _hand_out(self) -> None:
        while True:
            try:
                frame = self._side.receive()
            except WireClosed:
                return
            for answer in decode_for_child(frame.data) if frame else []:
                if isinstance(answer, Answer):
                    door, answers = self._doors.pop(answer.call)
                    answers.append(answer)
                    door.release()


def _named(face: type, name: str) -> None:
    """Let coroutines and tracebacks call a service as the learner does, and not by a class of ours."""
    for method, function in vars(face).items():
        if not method.startswith("_"):
            function.__qualname__ = f"{name}.{method}"


for _face in (CoroutineServices, PayingCoroutineServices, CallbackServices):
    _named(_face, "services")
_named(SDK, "sdk")
