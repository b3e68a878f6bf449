# style: the scope loses its deadline when the payment begins
import anyio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, patience):
    outcome = None

    async def charge(details):
        nonlocal outcome
        with anyio.CancelScope(shield=True):
            try:
                outcome = await services.process_payment(details)
            except ShopError as error:
                outcome = error

    with anyio.CancelScope(deadline=anyio.current_time() + patience) as scope:
        orders = await services.get_orders(await services.get_user_data(user_id))
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        scope.deadline = float("inf")
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as group:
                group.start_soon(charge, details)
    if isinstance(outcome, ShopError):
        raise outcome
    return outcome


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
