"""A child that is talked to in the protocol itself, word by word."""

import asyncio

import pytest
import pytest_asyncio

from grader.judge import Contract
from grader.protocol.messages import Deliver, Idle, Loaded
from grader.protocol.wire import decode_for_judge, frames

PATIENCE = 60.0
"""Real seconds after which a child that says nothing fails the test."""


class Talk:
    """One end of the wire, which waits for what it wants to hear."""

    def __init__(self, child):
        self.child = child
        self.wire = child.wire
        self.wire.socket.settimeout(PATIENCE)
        self.heard = []
        self._waiting = []
        self.deliveries = 0

    def say(self, *messages):
        for frame in frames(messages):
            self.wire.send(frame)

    def hear(self, kind):
        """Wait for the next message of this kind; what comes before it is passed over."""
        while True:
            while self._waiting:
                message = self._waiting.pop(0)
                self.heard.append(message)
                if isinstance(message, kind):
                    return message
            self._waiting += decode_for_judge(self.wire.receive().data)

    def deliver(self, idle, *items, now=0.0):
        """Answer an idleness; gives the number of the delivery."""
        self.deliveries += 1
        self.say(Deliver(self.deliveries, idle, now, items))
        return self.deliveries

    def load(self, path, contract, **load):
        if path.is_file():
            self.child.give(path)
        self.say(contract.load(path.name, **load))
        return self.hear(Loaded)


@pytest_asyncio.fixture
async def talk(fork_nursery):
    """A talk with a fresh child."""
    child = await fork_nursery.child()
    yield Talk(child)
    await fork_nursery.end(child)


@pytest.fixture
def load(talk, write_program):
    """Has the child load a program; gives its `Loaded`."""

    def load(source, *functions, **options):
        names = {"max_parallel", "default_threads"} & options.keys()
        limits = {name: options.pop(name) for name in names}
        contract = Contract(*functions, **{"services": "coroutines", **options})
        return talk.load(write_program(source), contract, **limits)

    return load


@pytest.fixture
def idle(talk):
    """The number of the idleness that comes next."""
    return lambda: talk.hear(Idle).number


@pytest.fixture
def ended():
    """Waits until nobody holds the other end of a wire any more."""

    async def ended(sock):
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            while await loop.sock_recv(sock, 1 << 20):
                pass

    return ended
