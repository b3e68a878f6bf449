# expect: failed test_failed_step_ends_the_checkout
# expect: passed test_pays_the_first_order
# expect: passed test_no_orders
# expect: passed test_payment_declined
# mistake: without details it charges zero
# kind: behaviour
import asyncio

import anyio
from anyio import CancelScope, CapacityLimiter, to_thread
from anyio.lowlevel import checkpoint_if_cancelled
from shop import DetailsUnavailable, NoOrders, OrderDetails, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk

    async def __aenter__(self):
        self.seats = CapacityLimiter(self.sdk.max_parallel)
        self.charging = set()
        return self

    async def __aexit__(self, *exc_info):
        with CancelScope(shield=True):
            while self.charging:
                await asyncio.wait(self.charging)

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
        try:
            details = await self.services.get_order_details(orders[0])
        except DetailsUnavailable:
            details = OrderDetails(orders[0].id, amount=0)
        return await self.charge(details)

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
