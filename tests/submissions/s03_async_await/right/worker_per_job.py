# style: a queue of jobs and as many worker tasks as there are jobs
import asyncio

from shop import NoOrders, ShopError


async def pay_first_order(services, user):
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(f"{user.name} has not ordered anything")
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)


async def checkout(services, user_id, *, timeout=None):
    async with asyncio.timeout(timeout):
        return await pay_first_order(services, await services.get_user_data(user_id))


async def worker(services, jobs, results):
    while True:
        try:
            place, user_id = jobs.get_nowait()
        except asyncio.QueueEmpty:
            return
        try:
            results[place] = await checkout(services, user_id)
        except ShopError as failure:
            results[place] = failure


async def checkout_many(services, user_ids):
    jobs = asyncio.Queue()
    for job in enumerate(user_ids):
        jobs.put_nowait(job)
    results = [None] * jobs.qsize()
    async with asyncio.TaskGroup() as crew:
        for number in range(jobs.qsize()):
            crew.create_task(worker(services, jobs, results), name=f"worker-{number}")
    return results
