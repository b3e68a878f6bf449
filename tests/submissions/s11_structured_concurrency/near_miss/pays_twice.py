# expect: failed test_scope_cancelled_while_it_pays
# expect: passed test_pays_the_first_order
# expect: passed test_errors_come_out_bare
# expect: passed test_gives_up_before_it_pays
# mistake: when the payment was disturbed it pays again
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
        try:
            return await services.process_payment(details)
        except anyio.get_cancelled_exc_class():
            with anyio.CancelScope(shield=True):
                return await services.process_payment(details)
    return None


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
