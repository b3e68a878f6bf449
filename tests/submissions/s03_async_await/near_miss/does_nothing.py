# mistake: has the right form, and does nothing at all
# expect: failed test_pays_the_first_order test_cancelled_under_a_timeout test_batch_cancelled test_cancelled_at_each_step
# kind: behaviour


async def checkout(services, user_id, *, timeout=None):
    return None


async def checkout_many(services, user_ids):
    return [await checkout(services, user_id) for user_id in user_ids]
