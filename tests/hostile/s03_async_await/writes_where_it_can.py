# tries: empties, replaces and adds files of the project, the submission and the home
# expect: full marks
import asyncio
import os

from shop import NoOrders, ShopError


HARM = [
    lambda: os.truncate("<ROOT>/project/grader/verdicts/course.py", 0),
    lambda: os.remove("<ROOT>/project/solutions/s03_async_await/pipeline.py"),
    lambda: os.rename("<ROOT>/project/exercises", "<ROOT>/project/gone"),
    lambda: os.chmod("<ROOT>/home/.netrc", 0o777),
    lambda: open("<ROOT>/home/.profile", "a").write("# harm"),
    lambda: open("<ROOT>/submission/s03_async_await/pipeline.py", "a").write("# harm"),
    lambda: open("<ROOT>/project/sitecustomize.py", "w").write("harm = 1"),
    lambda: os.symlink("<ROOT>/home", "<ROOT>/submission/home"),
    lambda: os.utime("<ROOT>/secret.txt", (1, 1)),
]
for harm in HARM:
    try:
        harm()
    except OSError:
        pass


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
