# style: anyio throughout; every child writes its own slot of a result list
from collections.abc import Iterable

import anyio
from shop import AsyncServices, NoOrders, Payment, ShopError


async def checkout(
    services: AsyncServices, user_id: int, *, timeout: float | None = None
) -> Payment:
    with anyio.fail_after(timeout):
        user = await services.get_user_data(user_id)
        match await services.get_orders(user):
            case [first, *_]:
                return await services.process_payment(
                    await services.get_order_details(first)
                )
            case _:
                raise NoOrders


async def checkout_many(
    services: AsyncServices, user_ids: Iterable[int]
) -> list[Payment | ShopError]:
    slots: list = []

    async def fill(slot: int, user_id: int) -> None:
        try:
            slots[slot] = await checkout(services, user_id)
        except ShopError as failure:
            slots[slot] = failure

    async with anyio.create_task_group() as group:
        for slot, user_id in enumerate(user_ids):
            slots.append(None)
            group.start_soon(fill, slot, user_id)
    return slots
