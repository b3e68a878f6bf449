# expect: failed test_cancelled_while_charging_either_way
# expect: passed test_cancelled_while_charging
# expect: passed test_pays_the_first_order
# expect: passed test_cancelled_while_queued
# expect: passed test_limit_of_three
# mistake: the limiter of to_thread.run_sync outlasts a scope's cancellation, but not Task.cancel()
# kind: behaviour
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
        with CancelScope(shield=True):
            while self.charging:
                await anyio.sleep(0.002)

    async def charge(self, details):
        payment = await to_thread.run_sync(self.in_thread, details, limiter=self.seats)
        await checkpoint_if_cancelled()
        return payment

    def in_thread(self, details):
        self.charging.add(details)
        try:
            return self.sdk.charge(details)
        finally:
            self.charging.discard(details)

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
