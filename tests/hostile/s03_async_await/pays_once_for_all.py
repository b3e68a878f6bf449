# tries: pays one order, and copies that receipt for all the others
# expect: failed test_checkouts_overlap
# expect: failed test_batch_keeps_the_order_of_its_input
# kind: behaviour
import asyncio
import dataclasses

from shop import NoOrders, ShopError


RECEIPTS = []


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        if not RECEIPTS:
            RECEIPTS.append(await services.process_payment(details))
        return dataclasses.replace(RECEIPTS[0], order_id=details.order_id, amount=details.amount)


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
