# tries: has the runner report a payment in the place of whatever comes
# expect: failed test_pays_the_first_order
# expect: failed test_user_not_found
# expect: failed test_no_orders
# kind: behaviour
import asyncio
import sys

from shop import NoOrders, ShopError


async def paid(self, order, outcome):
    outcome.close()
    message = sys.modules["grader.protocol.messages"].Ended
    record = sys.modules["grader.protocol.values"].Record
    fields = {"id": "1", "order_id": 1, "amount": 1, "request_id": "-"}
    self._channel.post(message(order.operation, "value", record("Payment", fields)))


sys.modules["grader.child.runner"].Runner._awaited = paid


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders
        details = await services.get_order_details(orders[0])
        return await services.process_payment(details)


async def checkout_many(services, user_ids):
    async def outcome(user_id):
        try:
            return await checkout(services, user_id)
        except ShopError as failure:
            return failure

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(outcome(user_id)) for user_id in user_ids]
    return [task.result() for task in tasks]
