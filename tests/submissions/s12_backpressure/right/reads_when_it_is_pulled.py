# style: no reader: it waits for the next id and the first result together
import asyncio

from shop import NoOrders, ShopError


async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def outcome(services, user_id):
    try:
        return await checkout(services, user_id)
    except ShopError as error:
        return error


async def checkout_stream(services, ids, limit):
    source = aiter(ids)
    tasks = []
    reading = None
    over = False
    try:
        while True:
            if reading is None and not over and len(tasks) < limit:
                reading = asyncio.ensure_future(anext(source, None))
            if not tasks and reading is None:
                return
            waits = [*tasks[:1], *([reading] if reading else [])]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            if reading is not None and reading.done():
                user_id, reading = reading.result(), None
                over = user_id is None
                if not over:
                    tasks.append(asyncio.create_task(outcome(services, user_id)))
                continue
            if tasks and tasks[0].done():
                yield tasks[0].result()
                del tasks[0]
    finally:
        left = [*tasks, *([reading] if reading else [])]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
