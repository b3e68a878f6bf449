# style: the ids are read in a worker thread, and each outcome is waited for by an event
import anyio
import anyio.to_thread

from shop import NoOrders, ShopError


class Slot:
    def __init__(self):
        self.filled = anyio.Event()
        self.outcome = None

    def fill(self, outcome):
        self.outcome = outcome
        self.filled.set()

    async def get(self):
        await self.filled.wait()
        if isinstance(self.outcome, ShopError):
            raise self.outcome
        return self.outcome


async def charge(services, details, slot):
    with anyio.CancelScope(shield=True):
        try:
            slot.fill(await services.process_payment(details))
        except ShopError as error:
            slot.fill(error)


async def details_of(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    if not orders:
        raise NoOrders(user_id)
    return await services.get_order_details(orders[0])


async def checkout(services, user_id, *, patience):
    try:
        with anyio.fail_after(patience):
            details = await details_of(services, user_id)
    except TimeoutError:
        return None
    slot = Slot()
    with anyio.CancelScope(shield=True):
        async with anyio.create_task_group() as group:
            group.start_soon(charge, services, details, slot)
    return await slot.get()


async def outcome_of(services, user_id, patience, outcomes, place):
    try:
        outcomes[place] = await checkout(services, user_id, patience=patience)
    except ShopError as error:
        outcomes[place] = error


async def checkout_many(services, user_ids, *, patience):
    users = await anyio.to_thread.run_sync(list, user_ids)
    outcomes = [None] * len(users)
    async with anyio.create_task_group() as group:
        for place, user_id in enumerate(users):
            group.start_soon(outcome_of, services, user_id, patience, outcomes, place)
    return outcomes
