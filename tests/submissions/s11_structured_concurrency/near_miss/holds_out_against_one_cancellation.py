# expect: failed test_scope_cancelled_while_it_pays
# expect: passed test_task_cancelled_while_it_pays
# expect: passed test_a_payment_outlasts_its_patience
# mistake: holds out against one cancellation; a cancel scope cancels again and again, and the loop spins
# kind: blocking
import anyio

from shop import NoOrders, ShopError


async def prepared(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    return await services.get_order_details(orders[0])


async def carried_through(services, details):
    outcomes, over, left = [], anyio.Event(), None

    async def charge():
        with anyio.CancelScope(shield=True):
            try:
                outcomes.append(await services.process_payment(details))
            except ShopError as error:
                outcomes.append(error)
            over.set()

    async with anyio.create_task_group() as group:
        group.start_soon(charge)
        while not over.is_set():
            try:
                await over.wait()
            except anyio.get_cancelled_exc_class() as error:
                left = error
    if left is not None:
        raise left
    if isinstance(outcomes[0], ShopError):
        raise outcomes[0]
    return outcomes[0]


async def checkout(services, user_id, *, patience):
    details = None
    with anyio.move_on_after(patience):
        details = await prepared(services, user_id)
    return None if details is None else await carried_through(services, details)


async def checkout_many(services, user_ids, *, patience):
    outcomes = {}

    async def fill(slot, user_id):
        try:
            outcomes[slot] = await checkout(services, user_id, patience=patience)
        except ShopError as error:
            outcomes[slot] = error

    async with anyio.create_task_group() as group:
        for slot, user_id in enumerate(user_ids):
            group.start_soon(fill, slot, user_id)
    return [outcomes[slot] for slot in sorted(outcomes)]
