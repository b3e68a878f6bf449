"""A program on real sockets: what it does at the other end is seen, and so is that it will not do it."""

import pytest

from grader.judge import Broken
from grader.results import Kind

pytestmark = pytest.mark.asyncio

ECHO = """
def act(sock):
    while data := sock.recv(100):
        sock.sendall(data.upper())
    sock.close()
"""
READS_IN_ORDER = """
def act(socks):
    return [sock.recv(100) for sock in socks]
"""
SELECTS = """
import selectors

def act(socks):
    with selectors.DefaultSelector() as selector:
        for sock in socks:
            selector.register(sock, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select({timeout}):
                if not key.fileobj.recv(100):
                    return "over"
"""
ACCEPTS = """
def act(listener):
    connection, _ = listener.accept()
    with connection:
        connection.sendall(connection.recv(100) * 2)
"""


@pytest.fixture(params=["fork", "spawn", "bare"])
def nursery(request):
    """Children of either make, and one without walls."""
    return request.getfixturevalue(f"{request.param}_nursery")


async def test_program_is_served_over_a_lent_socket(run, nursery):
    """What the judge sends is read, and what comes back is heard, behind walls or not."""
    async with run(ECHO, "act(sock)", nursery=nursery) as program:
        wire = await program.wire()
        serving = await program.begin("act", wire)

        for word in (b"one", b"two"):
            wire.put(word)
            await program.must_send(wire, word.upper())
        wire.end()
        await program.must_close(wire)

        assert await serving.end() is None


async def test_program_is_served_where_nobody_may_look(run, portable):
    """Without a view from outside it works all the same."""
    async with run(ECHO, "act(sock)", kind=portable) as program:
        wire = await program.wire()
        await program.begin("act", wire)

        wire.put(b"one")
        await program.must_send(wire, b"ONE")
        wire.end()


async def test_program_accepts_over_tcp(run, nursery):
    """A listening socket is lent, too; nobody in the child needs to make one."""
    async with run(ACCEPTS, "act(listener)", nursery=nursery) as program:
        port = await program.listener()
        await program.begin("act", port)

        wire = port.connect()
        wire.put(b"ab")

        await program.must_send(wire, b"abab")
        await program.must_close(wire)


async def test_hundreds_of_sockets_are_lent(run):
    """More than one message carries arrive in their order."""
    async with run(READS_IN_ORDER) as program:
        wires = await program.wires(500)
        for number, wire in enumerate(wires):
            wire.put(b"%d" % number)

        call = await program.call("act", wires)

        assert call.value == [b"%d" % number for number in range(500)]


async def test_what_is_not_read_is_found_out(run):
    """A program that waits for another socket will never read this one: that is known, and where it stands."""

    async def check():
        async with run(READS_IN_ORDER) as program:
            wires = await program.wires(2)
            await program.begin("act", wires)
            wires[1].put(b"x")
            await program.must_read(wires[1])

    with pytest.raises(Broken, match="socket 2 is not read; its threads sleep") as broken:
        await check()

    assert broken.value.finding.kind is Kind.STUCK
    assert broken.value.finding.line == 3


async def test_what_is_raised_comes_first(run):
    """Whoever waits for a program that has raised hears of that."""

    async def check():
        async with run("def act(socks): raise KeyError('x')") as program:
            wire = await program.wire()
            await program.begin("act", [wire])
            wire.put(b"x")
            await program.must_read(wire)

    with pytest.raises(Broken, match="act raised KeyError"):
        await check()


async def test_what_never_returns_is_found_out(run):
    """All calls have returned when the check is over."""

    async def check():
        async with run(READS_IN_ORDER) as program:
            await program.begin("act", [await program.wire()])

    with pytest.raises(Broken, match="act does not return"):
        await check()


async def test_sleep_in_a_selector_is_known(run):
    """A program that waits for readiness sleeps, and asks for no time."""
    async with run(SELECTS.format(timeout="")) as program:
        wires = await program.wires(3)
        await program.begin("act", wires)

        await program.must_sleep()
        before = program.account()
        for wire in wires:
            wire.put(b"x")
            await program.must_read(wire)
            await program.must_sleep()

        assert program.account().since(before).wakes == 3
        wires[0].end()


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (SELECTS.format(timeout="60"), "it sleeps until a time"),
        (SELECTS.format(timeout="0"), "goes on computing"),
        (READS_IN_ORDER, "elsewhere than in a selector"),
    ],
)
async def test_other_ways_to_wait_are_told_apart(run, source, complaint):
    """To poll, to spin, and to wait for one socket are not to wait for readiness."""

    async def check():
        async with run(source) as program:
            await program.begin("act", await program.wires(2))
            await program.must_sleep()

    with pytest.raises(Broken, match=complaint):
        await check()


async def test_given_callbacks_follow_their_plans(run):
    """A callback does what the judge wants in each call, in the program's thread, and tells what came of it."""
    source = "def act(callback, other, sock): return [callback(1), callback(2)]"
    async with run(source, "act(callback, other, sock)") as program:
        wire = await program.wire(blocking=False)
        wire.put(b"x")
        quiet = program.callback("quiet")
        reads = program.callback("reads", program.deed("recv", 9, of=wire), gives=7)

        call = await program.call("act", reads, quiet, wire)

        assert call.value == [7, 7]
        assert [told.arguments for told in reads.calls] == [(1,), (2,)]
        assert reads.values[0] == [b"x"]
        assert reads.values[1][0].is_a("BlockingIOError")
        program.must_have_called(reads, reads)
        quiet.must_have_been_called(0)


async def test_objects_of_the_program_are_called_again(run):
    """What a call gave can be called in turn, from another thread."""
    source = """
    import threading

    class Door:
        def __init__(self):
            self.opened = threading.Event()

        def wait(self, callback):
            self.opened.wait()
            callback()
    """
    async with run(source, "Door()") as program:
        door = await program.call("Door")
        callback = program.callback("callback")
        waiting = await program.begin("wait", callback, of=door)
        assert not waiting.done

        event = await program.call("__getattribute__", "opened", of=door, thread=2)
        await program.call("set", of=event, thread=2)

        await program.must_call(callback)
        await waiting.end()


async def test_callbacks_may_raise(run):
    """What a callback raises reaches the program, which may catch it."""
    source = """
    def act(callback):
        try:
            callback()
        except Exception as error:
            return type(error).__name__
    """
    async with run(source, "act(callback)") as program:
        call = await program.call("act", program.callback("broken", raises=True))

        assert call.value == "CallersBug"
