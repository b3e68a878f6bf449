"""Subclasses of the shop's errors and of TimeoutError, notes added, and an ExceptionGroup of the program's own."""

import asyncio

from shop import NoOrders, ShopError


class NothingToPay(NoOrders):
    def __init__(self, user_id):
        super().__init__(f"user {user_id} has nothing to pay")
        self.user_id = user_id


class CheckoutTimeout(TimeoutError):
    pass


class BatchFailed(ExceptionGroup):
    def derive(self, excs):
        return BatchFailed(self.message, excs)


async def checkout(services, user_id, *, timeout=None):
    limit = asyncio.timeout(timeout)
    try:
        async with limit:
            user = await services.get_user_data(user_id)
            orders = await services.get_orders(user)
            if not orders:
                raise NothingToPay(user_id)
            details = await services.get_order_details(orders[0])
            return await services.process_payment(details)
    except TimeoutError as error:
        if limit.expired():
            raise CheckoutTimeout(f"no payment of user {user_id} within {timeout} s") from error
        raise
    except Exception as error:
        error.add_note(f"while user {user_id} was checked out")
        raise


async def checkout_many(services, user_ids):
    async def one(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as error:
            return error

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(user_id)) for user_id in user_ids]
    except ExceptionGroup as group:
        raise BatchFailed("the batch failed", group.exceptions) from None
    return [task.result() for task in tasks]
