# expect: failed test_batch
# expect: passed test_pays_the_first_order
# expect: passed test_errors_come_out_bare
# expect: passed test_batch_ends_with_all_its_tasks
# mistake: the outcomes are a default argument, which keeps those of the batch before
# kind: behaviour
import anyio
from shop import NoOrders, ShopError


async def checkout(services, user_id, *, patience):
    with anyio.move_on_after(patience):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await _pay(services, details)
    return None


async def _pay(services, details):
    outcomes = []

    async def pay():
        with anyio.CancelScope(shield=True):
            try:
                outcomes.append(await services.process_payment(details))
            except ShopError as error:
                outcomes.append(error)

    with anyio.CancelScope(shield=True):
        async with anyio.create_task_group() as group:
            group.start_soon(pay)
    if isinstance(outcomes[0], ShopError):
        raise outcomes[0]
    return outcomes[0]


async def checkout_many(services, user_ids, *, patience, outcomes={}):
    async def fill(slot, user_id):
        try:
            outcomes[slot] = await checkout(services, user_id, patience=patience)
        except ShopError as error:
            outcomes[slot] = error

    async with anyio.create_task_group() as group:
        for slot, user_id in enumerate(user_ids):
            group.start_soon(fill, slot, user_id)
    return [outcomes[slot] for slot in sorted(outcomes)]
