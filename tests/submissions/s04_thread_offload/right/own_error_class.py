"""Own subclasses of the errors; class-level partialmethods; the desk is a dataclass."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from contextvars import copy_context
from dataclasses import InitVar, dataclass, field
from functools import partial
from typing import Any

from shop import NoOrders, ShopError


class NothingToPay(NoOrders):
    pass


async def seen_through(future):
    """Wait for a future to the end; a cancellation is kept until then, and raised afterwards."""
    cancelled = None
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


@dataclass(eq=False, slots=True)
class Checkout(AbstractAsyncContextManager):
    services: Any
    sdk: Any
    pool: ThreadPoolExecutor = field(init=False, repr=False)
    charges: int = field(init=False, default=0)

    def __post_init__(self):
        self.pool = ThreadPoolExecutor(self.sdk.max_parallel)

    async def __aexit__(self, exc_type, exc, traceback):
        await seen_through(asyncio.ensure_future(asyncio.to_thread(self.pool.shutdown)))
        return None

    async def checkout(self, user_id):
        for_user = partial(NothingToPay, user_id)
        value = user_id
        for step in (self.services.get_user_data, self.services.get_orders, self.services.get_order_details, self.charge):
            value = await step(value)
            if isinstance(value, list):
                if not value:
                    raise for_user()
                value = value[0]
        return value

    async def charge(self, details):
        self.charges += 1
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, partial(copy_context().run, self.sdk.charge, details))

    async def checkout_many(self, user_ids):
        results = {}

        async def into(place, user_id):
            try:
                results[place] = await self.checkout(user_id)
            except ShopError as error:
                results[place] = error

        async with asyncio.TaskGroup() as group:
            for place, user_id in enumerate(user_ids):
                group.create_task(into(place, user_id))
        return [outcome for _, outcome in sorted(results.items())]
