async def checkout(services, user_id, *, timeout=None):
    return None


async def checkout_many(services, user_ids):
    return []
