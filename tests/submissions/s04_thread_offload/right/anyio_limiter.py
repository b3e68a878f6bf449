# style: anyio: a CapacityLimiter that is given back by the borrower's own task, and shielded waiting
import asyncio

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread
from anyio.lowlevel import checkpoint_if_cancelled
from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk

    async def __aenter__(self):
        self.seats = CapacityLimiter(self.sdk.max_parallel)
        self.charging = set()
        return self

    async def __aexit__(self, *exc_info):
        interruption = None
        with CancelScope(shield=True):
            while self.charging:
                try:
                    await asyncio.wait(self.charging)
                except asyncio.CancelledError as cancelled:  # by hand: a scope does not get in here
                    interruption = cancelled
        if interruption:
            raise interruption

    async def charge(self, details):
        seat = object()
        await self.seats.acquire_on_behalf_of(seat)
        task = asyncio.create_task(self.charge_in_thread(details, seat))
        self.charging.add(task)
        task.add_done_callback(self.forget)
        with CancelScope(shield=True):  # a charge that has begun is waited for
            payment = await asyncio.shield(task)
        await checkpoint_if_cancelled()  # paid, but whoever asked has left
        return payment

    async def charge_in_thread(self, details, seat):
        try:
            return await to_thread.run_sync(
                self.sdk.charge, details, limiter=CapacityLimiter(1)
            )
        finally:
            self.seats.release_on_behalf_of(seat)

    def forget(self, task):
        self.charging.discard(task)
        task.cancelled() or task.exception()

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(f"user {user_id} has no orders")
        return await self.charge(await self.services.get_order_details(orders[0]))

    async def checkout_many(self, user_ids):
        slots = []

        async def fill(slot, user_id):
            try:
                slots[slot] = await self.checkout(user_id)
            except ShopError as failure:
                slots[slot] = failure

        async with anyio.create_task_group() as group:
            for slot, user_id in enumerate(user_ids):
                slots.append(None)
                group.start_soon(fill, slot, user_id)
        return slots
