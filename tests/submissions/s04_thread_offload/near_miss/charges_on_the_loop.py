# expect: failed test_loop_turns_while_charging
# expect: failed test_loop_turns_while_charges_queue
# expect: passed test_failed_step_ends_the_checkout
# expect: passed test_no_orders
# mistake: charge is called in a task, which is still the loop
# kind: blocking
# line: 46
import asyncio

from shop import NoOrders, ShopError


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.permits = asyncio.Semaphore(sdk.max_parallel)
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

    async def _charge(self, details):
        await self.permits.acquire()
        charge = asyncio.create_task(self._in_background(details))
        self.charges.add(charge)
        charge.add_done_callback(self._charged)
        return await asyncio.shield(charge)

    async def _in_background(self, details):
        return self.sdk.charge(details)

    def _charged(self, charge):
        self.permits.release()
        self.charges.discard(charge)
        charge.cancelled() or charge.exception()  # looked at, if nobody else does

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        match await self.services.get_orders(user):
            case [order, *_]:
                return await self._charge(await self.services.get_order_details(order))
            case _:
                raise NoOrders(user_id)

    async def checkout_many(self, user_ids):
        outcomes = {}

        async def one(place, user_id):
            try:
                outcomes[place] = await self.checkout(user_id)
            except ShopError as failure:
                outcomes[place] = failure

        async with asyncio.TaskGroup() as group:
            for place, user_id in enumerate(user_ids):
                outcomes[place] = None
                group.create_task(one(place, user_id))
        return list(outcomes.values())
