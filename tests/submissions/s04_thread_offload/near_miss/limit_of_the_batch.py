# expect: failed test_limit_over_single_checkouts
# expect: passed test_pays_the_first_order
# expect: passed test_loop_turns_while_charging
# expect: passed test_no_orders
# expect: passed test_failed_step_ends_the_checkout
# mistake: each batch, and each single checkout, has a limit of its own
# kind: behaviour
import asyncio

from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.charges = set()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc_info):
        await self._outlast(self.charges)

    @staticmethod
    async def _outlast(tasks):
        """Wait for all tasks, however often we are cancelled meanwhile."""
        cancelled = None
        while pending := [task for task in tasks if not task.done()]:
            try:
                await asyncio.wait(pending)
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled:
            raise cancelled

    async def _charge(self, details, permits):
        await permits.acquire()
        charge = asyncio.create_task(asyncio.to_thread(self.sdk.charge, details))
        self.charges.add(charge)
        charge.add_done_callback(self._charged)
        charge.add_done_callback(lambda _: permits.release())
        return await asyncio.shield(charge)

    def _charged(self, charge):
        self.charges.discard(charge)
        charge.cancelled() or charge.exception()  # looked at, if nobody else does

    def _permits(self):
        return asyncio.Semaphore(self.sdk.max_parallel)

    async def checkout(self, user_id, permits=None):
        permits = permits or self._permits()
        user = await self.services.get_user_data(user_id)
        match await self.services.get_orders(user):
            case [order, *_]:
                return await self._charge(await self.services.get_order_details(order), permits)
            case _:
                raise NoOrders(user_id)

    async def checkout_many(self, user_ids):
        outcomes = {}
        permits = self._permits()

        async def one(place, user_id):
            try:
                outcomes[place] = await self.checkout(user_id, permits)
            except ShopError as failure:
                outcomes[place] = failure

        async with asyncio.TaskGroup() as group:
            for place, user_id in enumerate(user_ids):
                outcomes[place] = None
                group.create_task(one(place, user_id))
        return list(outcomes.values())
