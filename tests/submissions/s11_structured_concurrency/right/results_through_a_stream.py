# style: a batch whose tasks send their results by a memory stream
import anyio

from shop import NoOrders, ShopError


async def checkout(services, user_id, *, patience):
    with anyio.move_on_after(patience):
        user = await services.get_user_data(user_id)
        orders = await services.get_orders(user)
        if not orders:
            raise NoOrders(user_id)
        details = await services.get_order_details(orders[0])
        return await pay(services, details)
    return None


async def pay(services, details):
    outcomes = []

    async def charge():
        with anyio.CancelScope(shield=True):
            try:
                outcomes.append(await services.process_payment(details))
            except ShopError as error:
                outcomes.append(error)

    with anyio.CancelScope(shield=True):
        async with anyio.create_task_group() as group:
            group.start_soon(charge)
    if isinstance(outcomes[0], ShopError):
        raise outcomes[0]
    return outcomes[0]


async def checkout_many(services, user_ids, *, patience):
    users = list(user_ids)
    send, receive = anyio.create_memory_object_stream(len(users))

    async def fill(slot, user_id):
        try:
            result = await checkout(services, user_id, patience=patience)
        except ShopError as error:
            result = error
        send.send_nowait((slot, result))

    results = [None] * len(users)
    with send, receive:
        async with anyio.create_task_group() as group:
            for slot, user_id in enumerate(users):
                group.start_soon(fill, slot, user_id)
        for _ in users:
            slot, results[slot] = receive.receive_nowait()
    return results
