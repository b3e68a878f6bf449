# style: a pause before each charge, in its thread, and prints everywhere
import asyncio
import concurrent.futures
import contextvars
import threading
import time

from shop import NoOrders, ShopError

local = threading.local()


class Checkout:
    def __init__(self, services, sdk):
        self.services = services
        self.sdk = sdk
        self.executor = None
        self.futures = []

    async def __aenter__(self):
        print("opening the desk")
        self.executor = concurrent.futures.ThreadPoolExecutor(max_workers=self.sdk.max_parallel)
        return self

    async def __aexit__(self, exc_type, exc_value, traceback):
        print("closing the desk", exc_type)
        closer = concurrent.futures.ThreadPoolExecutor(max_workers=1)
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(closer, self.executor.shutdown, True)
        was_cancelled = False
        while not future.done():
            try:
                await asyncio.wait([future])
            except asyncio.CancelledError:
                was_cancelled = True
        closer.shutdown()
        print("closed")
        if was_cancelled:
            raise asyncio.CancelledError()

    def do_charge(self, details):
        time.sleep(0.3)  # the bank asks for a pause between charges
        local.count = getattr(local, "count", 0) + 1
        start = time.perf_counter()
        print(threading.current_thread().name, "charge", details, "number", local.count)
        try:
            payment = self.sdk.charge(details)
        except Exception as error:
            error.add_note(f"while charging {details}")
            print("charge failed", error)
            raise
        print("charge took", time.perf_counter() - start)
        return payment

    async def _charge(self, details):
        loop = asyncio.get_running_loop()
        ctx = contextvars.copy_context()
        future = loop.run_in_executor(self.executor, ctx.run, self.do_charge, details)
        self.futures.append(future)
        try:
            payment = await future
        finally:
            self.futures.remove(future)
        return payment

    async def checkout(self, user_id):
        user = await self.services.get_user_data(user_id)
        orders = await self.services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await self.services.get_order_details(orders[0])
        return await self._charge(details)

    async def checkout_many(self, user_ids):
        async def value(user_id):
            try:
                return await self.checkout(user_id)
            except ShopError as error:
                return error

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(value(user_id)) for user_id in user_ids]
        return [task.result() for task in tasks]
