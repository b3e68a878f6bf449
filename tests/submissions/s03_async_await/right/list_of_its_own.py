"""A batch's outcome is a list with two properties more."""

import asyncio

from shop import NoOrders, Payment, ShopError


class Outcomes(list):
    """The outcomes of a batch, in the order of its users: a list that can also be asked for its parts."""

    @property
    def payments(self):
        return [outcome for outcome in self if isinstance(outcome, Payment)]

    @property
    def failures(self):
        return [outcome for outcome in self if isinstance(outcome, ShopError)]


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        return await services.process_payment(await services.get_order_details(orders[0]))


async def _outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error


async def checkout_many(services, user_ids):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_outcome(services, user_id)) for user_id in user_ids]
    return Outcomes(task.result() for task in tasks)
