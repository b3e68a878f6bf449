# tries: charges on the loop's thread, and has another thread answer for the loop
# expect: failed test_loop_turns_while_charging
# expect: failed test_closing_does_not_block
# kind: behaviour|blocking|tampering|stuck|leak|limit|loop_error|crash
import asyncio
import os
import select
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from shop import NoOrders, ShopError, request_id


def found(name):
    """A local variable of whoever imports us."""
    frame = sys._getframe()
    while name not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals[name]


CHANNEL, LOOP = found("channel"), found("loop")
MESSAGES = sys.modules["grader.protocol.messages"]
SELECTOR = LOOP.judged
DETECTOR = sys.modules["grader.child.watching"].DETECTOR
sys.modules["grader.child.runner"].tell = lambda report: MESSAGES.Blocked()


def answer_for_the_loop(stop):
    """Idle at once, and whenever the judge has given orders: the answers to them, and idle again."""
    while True:
        SELECTOR._idle += 1
        CHANNEL.flush(MESSAGES.Idle(SELECTOR._idle, None, SELECTOR._accepted))
        ready, _, _ = select.select([CHANNEL.wire.socket, stop], [], [])
        while not ready:
            ready, _, _ = select.select([CHANNEL.wire.socket, stop], [], [])
        if stop in ready:
            CHANNEL.flush(MESSAGES.Awake())
            return
        for delivery in CHANNEL.receive():
            SELECTOR._accepted, CHANNEL.now = delivery.number, delivery.now
            for item in delivery.items:
                SELECTOR.take(item) if not isinstance(item, MESSAGES.Ping) else CHANNEL.flush(MESSAGES.Pong())


def call(self, step, argument, *, waits=False):
    """On some other thread, it says."""
    return MESSAGES.Call(self._channel.next_call(), step, pack(argument), str(request_id.get()), 1)


services_module = sys.modules["grader.child.services"]
pack = services_module.pack
services_module.Face._call = call


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.pool = ThreadPoolExecutor(sdk.max_parallel)

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        closing = asyncio.get_running_loop().run_in_executor(None, self.pool.shutdown)
        cancelled = None
        while not closing.done():
            try:
                await asyncio.wait([closing])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders
        return await self.charge(await self.services.get_order_details(orders[0]))

    async def checkout_many(self, user_ids):
        async def outcome(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as failure:
                return failure

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]

    async def charge(self, details):
        DETECTOR.stop()
        stop, stopping = os.pipe()
        helper = threading.Thread(target=answer_for_the_loop, args=(stop,))
        helper.start()
        try:
            return self.sdk.charge(details)
        finally:
            os.write(stopping, b"x")
            helper.join()
