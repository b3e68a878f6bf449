# expect: failed test_gives_what_is_there_while_it_reads
# expect: passed test_keeps_the_order_of_the_ids
# expect: passed test_has_as_many_in_flight_as_it_may
# expect: passed test_never_has_more_in_flight
# expect: passed test_reads_no_further_than_the_limit
# expect: passed test_closing_stops_it
# mistake: reads ids until the limit is reached before it gives a result that is there
# kind: behaviour
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
    over = False
    try:
        while True:
            while not over and len(tasks) < limit:
                try:
                    user_id = await anext(source)
                except StopAsyncIteration:
                    over = True
                else:
                    tasks.append(asyncio.create_task(outcome(services, user_id)))
            if not tasks:
                return
            yield await tasks[0]
            del tasks[0]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
