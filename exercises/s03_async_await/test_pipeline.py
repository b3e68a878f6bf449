"""What stage 3 has to do."""

import pytest

from grader.judge import Contract

CONTRACT = Contract("async checkout(services, user_id, *, timeout)", "async checkout_many(services, user_ids)", services="coroutines")
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.check(points=2, rules="R1 R3", hint="chain")
async def test_pays_the_first_order(shop, submission):
    """Pays the first order of the user, in four steps, once."""
    ann = shop.customer()

    checkout = await submission.checkout(ann)
    await shop.serve(checkout)

    checkout.must_pay(ann)
