"""Reactors with the judge as clients and as handler: who is served is seen, and so is who will not be."""

import random
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from grader.judge import Broken, Contract
from grader.judge.sockets import open_program
from grader.judge.sockets.reactors import Serving
from grader.results import Kind

pytestmark = pytest.mark.asyncio
ROOT = Path(__file__).parents[3]
RIGHT = (ROOT / "solutions" / "s08_reactor" / "pipeline.py").read_text(encoding="utf-8")
ONE_BY_ONE = """
class Reactor:
    def __init__(self, handler, workers):
        self.handler, self.stopping = handler, False
    def serve(self, listener):
        while not self.stopping:
            with listener.accept()[0] as client:
                while data := client.recv(100):
                    client.sendall(self.handler(data.rstrip()) + b"\\n")
    def stop(self):
        self.stopping = True
"""
CLOSES = """
class Reactor:
    def __init__(self, handler, workers): pass
    def serve(self, listener): listener.close()
    def stop(self): pass
"""


@pytest.fixture
def serve(session_of):
    """Begins to serve with a program."""

    @asynccontextmanager
    async def serve(source=RIGHT, *, workers=2, local=False, **how):
        contract = Contract("Reactor(handler, workers)", sockets=True)
        session = await session_of(source, contract, **how)
        async with open_program(session, random.Random(7)) as program:
            serving = Serving(program)
            await serving.open(workers, local=local)
            yield serving
            await serving.end()

    return serve


@pytest.mark.parametrize("local", [False, True])
async def test_clients_are_served(serve, local):
    """Requests are drawn, handled and answered, over TCP and between local sockets."""
    async with serve(local=local) as r:
        ann, bob = r.connect(), r.connect()
        held = await r.must_handle(r.ask(ann))
        await r.must_serve(bob)
        await r.must_hear(ann, await r.answer(held))
        r.must_keep_sockets_to_one_thread()
        await r.must_rest()


async def test_clients_are_served_where_nobody_may_look(serve, portable):
    """Without a view from outside it works all the same."""
    async with serve(local=True, kind=portable) as r:
        held = await r.must_handle(r.ask(r.connect()))
        await r.must_serve(r.connect())
        await r.must_have_left_unread([r.connect()], most=2)
        await r.answer(held)


async def test_long_reply_waits_for_its_client(serve):
    """A client that does not read gets all of it in the end."""
    async with serve(local=True) as r:
        ann = r.connect()
        ann.stop_reading()
        reply = await r.answer(await r.must_handle(r.ask(ann)), times=50_000)
        assert len(reply) == 1_000_000
        await r.must_serve(r.connect())
        ann.read_on()
        await r.must_hear(ann, reply)


async def test_handler_may_be_let_fail(serve):
    """Its exception is the judge's doing, and the connection is closed."""
    async with serve() as r:
        ann = r.connect()
        await r.fail(await r.must_handle(r.ask(ann)))
        await r.must_close(ann)


async def test_who_is_not_served_is_known(serve):
    """While one client is served by a server for one, no other request is handled, and that is certain."""

    async def check():
        async with serve(ONE_BY_ONE) as r:
            held = await r.must_handle(r.ask(r.connect()))
            assert held.line == 9
            await r.must_serve(r.connect())

    with pytest.raises(Broken, match="is not called with what a client has sent") as broken:
        await check()

    assert broken.value.finding.kind is Kind.STUCK


async def test_handler_in_the_loops_thread_is_known(serve):
    """The thread that has the sockets is told from those that handle."""

    async def check():
        async with serve(ONE_BY_ONE) as r:
            ann = r.connect()
            await r.must_serve(ann)
            ann.end()
            r.must_keep_sockets_to_one_thread()

    with pytest.raises(Broken, match="in the thread that has the sockets"):
        await check()


async def test_what_is_read_beyond_the_room_is_counted(serve):
    """What lies unread between local sockets is known to the judge."""

    async def check():
        async with serve(local=True) as r:
            clients = [r.connect() for _ in range(6)]
            for client in clients:
                r.ask(client)
            await r.must_have_left_unread(clients, most=3)

    with pytest.raises(Broken, match="read 4 requests that are not answered; 3 are allowed"):
        await check()


async def test_closed_listener_is_a_finding(serve):
    """Whoever closes the socket that he was lent hears of it."""

    async def check():
        async with serve(CLOSES) as r:
            await r.must_return()
            r.connect()

    with pytest.raises(Broken, match="which belongs to whoever made it"):
        await check()


async def test_what_comes_too_late_is_not_handled(serve):
    """A request that was never handled is none that was."""
    async with serve() as r:
        ann = r.connect()
        told = await r.must_handle(r.ask(ann))
        await r.answer(told)

        r.must_not_have_handled(b"another")
        with pytest.raises(Broken, match="came after stop"):
            r.must_not_have_handled(told.arguments[0])
