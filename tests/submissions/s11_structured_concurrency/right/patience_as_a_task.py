# style: the patience is a task that sleeps, and then stops the group
import anyio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, patience):
    outcomes = []

    async def walk(group, limit):
        try:
            orders = await services.get_orders(await services.get_user_data(user_id))
            if not orders:
                raise NoOrders(user_id)
            details = await services.get_order_details(orders[0])
            limit.cancel()
            with anyio.CancelScope(shield=True):
                outcomes.append(await services.process_payment(details))
        except ShopError as error:
            outcomes.append(error)
        group.cancel_scope.cancel()

    with anyio.CancelScope() as round_all:
        async with anyio.create_task_group() as group:
            limit = anyio.CancelScope()
            group.start_soon(walk, group, limit)
            with limit:
                await anyio.sleep(patience)
                group.cancel_scope.cancel()
    await anyio.lowlevel.checkpoint()
    if not outcomes:
        return None
    if isinstance(outcomes[0], ShopError):
        raise outcomes[0]
    return outcomes[0]


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
