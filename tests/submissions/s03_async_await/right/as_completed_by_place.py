# style: as_completed in a TaskGroup, results put back in place by their index
import asyncio
import contextlib

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, timeout=None):
    limit = asyncio.timeout(timeout) if timeout is not None else contextlib.nullcontext()
    async with limit:
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        try:
            first = orders[0]
        except IndexError:
            raise NoOrders from None
        return await services.process_payment(await services.get_order_details(first))


async def _placed(place, services, user_id):
    try:
        return place, await checkout(services, user_id)
    except ShopError as failure:
        return place, failure


async def checkout_many(services, user_ids):
    by_place = {}
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_placed(place, services, user_id))
            for place, user_id in enumerate(user_ids)
        ]
        for next_done in asyncio.as_completed(tasks):
            place, outcome = await next_done
            by_place[place] = outcome
    return [by_place[place] for place in range(len(by_place))]
