"""Programs of ours that try, from inside the walls, what the walls are there to refuse."""

import textwrap

import pytest
import pytest_asyncio

from grader.judge import Contract
from grader.protocol.messages import Deliver, Ended, Idle, Loaded, Read
from grader.protocol.wire import decode_for_judge, frames
from grader.walls.layers import Wall

PATIENCE = 60.0
PROGRAM = """
def attempt():
{body}

try:
    RESULT = repr(attempt())
except BaseException as error:
    RESULT = type(error).__name__

async def checkout(services, user_id):
    pass
"""
CONTRACT = Contract("async checkout(services, user_id)", services="coroutines")


class Prisoner:
    """Runs the body of a function in a fresh child, while that imports it.

    Attributes:
        child: The last one.
    """

    def __init__(self, nursery, **kind):
        self._nursery = nursery
        self._kind = kind
        self.child = None

    async def __call__(self, body):
        """What the body returned, as Python shows it, or the name of the exception."""
        self.child = await self._nursery.child(**self._kind)
        self._waiting = []
        try:
            return self._try(textwrap.indent(textwrap.dedent(body).strip("\n"), "    "))
        finally:
            await self._nursery.end(self.child)

    def _try(self, body):
        (self.child.scratch / "pipeline.py").write_text(PROGRAM.format(body=body))
        self.child.wire.socket.settimeout(PATIENCE)
        self._say(CONTRACT.load("pipeline.py"))
        assert self._hear(Loaded).problem is None
        self._say(Deliver(1, self._hear(Idle).number, 1.0, (Read(1, "RESULT"),)))
        return self._hear(Ended).value

    def _say(self, message):
        for frame in frames([message]):
            self.child.wire.send(frame)

    def _hear(self, kind):
        while True:
            while self._waiting:
                if isinstance(message := self._waiting.pop(0), kind):
                    return message
            self._waiting += decode_for_judge(self.child.wire.receive().data)


@pytest.fixture
def prisoner(fork_nursery):
    """Tries something behind all walls that this machine has."""
    return Prisoner(fork_nursery)


@pytest.fixture
def forking(fork_nursery):
    """Tries it in a child that may fork, behind all walls that this machine has."""
    return Prisoner(fork_nursery, forks=True)


@pytest.fixture
def free(bare_nursery):
    """Tries it without walls: what it may do there shows that a refusal is the wall's."""
    return Prisoner(bare_nursery)


@pytest_asyncio.fixture(autouse=True)
async def wall_of_this_test(request, fork_nursery):
    """Skips a test of a wall that this machine does not have."""
    wanted = request.node.get_closest_marker("wall")
    if wanted and Wall(wanted.args[0]) not in (await fork_nursery.standing()).held:
        pytest.skip(f"this machine has no {wanted.args[0]}")
