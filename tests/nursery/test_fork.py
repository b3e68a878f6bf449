"""Children of the warm process: none of them outlives it."""

import asyncio
import os
import random
import sys

import pytest

from grader.judge import Contract, Session
from grader.nursery import new_nursery
from grader.walls.plan import BARE, EVERY
from grader.world import World

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel for a signal")

CONTRACT = Contract("async checkout(services, user_id)", services="coroutines")
PROGRAM = "async def checkout(services, user_id): ..."
PATIENCE = 60.0


async def ended(process):
    """Wait until a process is no more."""
    over = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().add_reader(process, over.set_result, None)
    async with asyncio.timeout(PATIENCE):
        await over
    asyncio.get_running_loop().remove_reader(process)


@pytest.mark.asyncio
@pytest.mark.parametrize("walls", [BARE, EVERY], ids=["no walls", "walls"])
async def test_child_does_not_outlive_the_warm_process(write_program, walls):
    """A judge that is killed leaves nobody behind who might compute for ever."""
    nursery = new_nursery(wanted=walls)
    world = World(random.Random(7))
    session = Session(nursery, CONTRACT.load(str(write_program(PROGRAM))), world)
    await session.start()
    process = os.pidfd_open(session.child.pid)

    nursery._warm.process.kill()
    await ended(process)

    os.close(process)
    session.link.close()
    session.kernel.close()
    session.child.close()
    nursery.close()
