"""Sessions with programs that are written in the test."""

import random

import pytest
import pytest_asyncio

from grader.judge import Contract, Session
from grader.judge.kernel import PortableKernel
from grader.world import World

COROUTINES = Contract("async checkout(services, user_id)", services="coroutines")

RIGHT = """
async def checkout(services, user_id):
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)
"""


class PortableSession(Session):
    """A session on a machine that does not let it look at other processes."""

    async def start(self):
        try:
            await super().start()
        finally:
            self.kernel.close()
            self.kernel = PortableKernel()


@pytest.fixture(params=["fork", "spawn"])
def nursery(request):
    """Children of either make."""
    return request.getfixturevalue(f"{request.param}_nursery")


@pytest_asyncio.fixture
async def session_of(fork_nursery, write_program):
    """Begins a session with a program; ends it after the test."""
    sessions = []

    async def begin(source, contract=COROUTINES, *, seed=7, nursery=None, kind=Session, **load):
        world = World(random.Random(seed))
        order = contract.load(str(write_program(source)), **load)
        session = kind(nursery or fork_nursery, order, world)
        sessions.append(session)
        await session.start()
        return session

    begin.sessions = sessions
    yield begin
    for session in sessions:
        await session.end()


@pytest.fixture
def right():
    """A right program of four awaits."""
    return RIGHT


@pytest.fixture
def portable():
    """The session that sees nothing from outside."""
    return PortableSession
