"""What stage 6 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract, say

BONUS = True
CONTRACT = Contract("read_all_polling(socks)", "read_all_ready(socks)", plain=True, sockets=True)
SOCKETS = 5
DATA = 20
IDLE = 0.01
"""Seconds of computing for which a program that polls is left without news."""
SLOW, QUICK = 0.0002, 0.00000005
"""Seconds of computing, of which a look at a socket takes less, and more."""
pytestmark = pytest.mark.asyncio(loop_scope="session")


def drawn(shop, wires):
    """Something else for each socket."""
    return [shop.draw.randbytes(shop.draw.randint(10, 40)) for _ in wires]


async def both_of(program, reading):
    """What polling gives: what was read, and how often a socket was asked."""
    got = await reading.end()
    pair = isinstance(got, list) and len(got) == 2
    program.must(pair, say("{run} gave {got}, and not both data and polls", run=reading, got=got))
    return got


async def must_read(program, reading, data):
    """It has read this, and if it polled, how often is its own affair."""
    if str(reading) == "read_all_polling":
        reading.must_give([data, (await both_of(program, reading))[1]])
    else:
        await reading.end()
        reading.must_give(data)


async def must_read_the_last_first(shop, program, name):
    """Send on one socket after the other, the last one first: each is read while the others are silent."""
    wires = await program.wires(SOCKETS)
    data = drawn(shop, wires)
    reading = await program.begin(name, wires)
    for wire, part in reversed(list(zip(wires, data, strict=True))):
        wire.put(part)
        await program.must_read(wire)
        wire.end()
    await must_read(program, reading, data)


@pytest.mark.check(points=0.75, hint="polling")
async def test_polling_reads_what_is_there(shop, submission):
    """Reads by polling whichever socket has something, while others are silent."""
    async with submission.program() as program:
        await must_read_the_last_first(shop, program, "read_all_polling")


@pytest.mark.check(points=0.75, hint="polls")
async def test_counts_its_polls(submission):
    """Counts each time that it asked a socket, most of them in vain."""
    async with submission.program() as program:
        wires = await program.wires(SOCKETS)
        before = program.account()
        reading = await program.begin("read_all_polling", wires)
        await program.must_compute(IDLE)
        for wire in wires:
            wire.end()
        _, polls = await both_of(program, reading)

        computed = program.account().since(before).computed
        counted = isinstance(polls, int) and IDLE / SLOW <= polls <= computed / QUICK
        text = say(
            "{run} asked for {ms:.0f} ms, and says that it did so {polls} times",
            run=reading,
            ms=1000 * computed,
            polls=polls,
        )
        program.must(counted, text)


@pytest.mark.check(points=1, hint="ready")
async def test_reads_what_is_ready(shop, submission):
    """Reads by readiness whichever socket is ready, while others are silent."""
    async with submission.program() as program:
        await must_read_the_last_first(shop, program, "read_all_ready")


@pytest.mark.check(points=1, hint="sleep")
async def test_sleeps_while_nothing_is_ready(submission):
    """Sleeps in a selector while nothing is ready, before the first word and after an end."""
    async with submission.program() as program:
        wires = await program.wires(SOCKETS)
        await program.begin("read_all_ready", wires)
        await program.must_sleep()

        for wire in wires[:-1]:
            wire.end()
            await program.must_sleep()
        wires[-1].end()


@pytest.mark.check(points=1, hint="wake-ups")
async def test_wakes_once_for_each_datum(shop, submission):
    """Wakes up about once for each datum, and not once for each socket that it looks at."""
    async with submission.program() as program:
        wires = await program.wires(SOCKETS)
        await program.begin("read_all_ready", wires)
        await program.must_sleep()
        before = program.account()
        for _ in range(DATA):
            wire = shop.draw.choice(wires)
            wire.put(shop.draw.randbytes(10))
            await program.must_read(wire)
            await program.rest()

        woken = program.account().since(before).wakes
        text = say(
            "{data} data came one by one, and the program woke up {woken} times",
            data=DATA,
            woken=woken,
        )
        program.must(woken <= DATA * 1.25, text)
        for wire in wires:
            wire.end()


@pytest.mark.check(points=0.75, hint="ends")
async def test_takes_pieces_and_ends_as_they_come(shop, submission):
    """Joins what comes in pieces, and goes on with the others when one socket has ended."""
    async with submission.program() as program:
        for name in ("read_all_polling", "read_all_ready"):
            wires = await program.wires(3)
            data = [shop.draw.randbytes(90) for _ in wires]
            reading = await program.begin(name, wires)
            for start in (0, 30, 60):
                for wire, whole in zip(wires, data, strict=True):
                    wire.put(whole[start : start + 30])
                    await program.must_read(wire)
            for wire, more in zip(wires, (b"", b"more", b"most"), strict=True):
                wire.put(more)
                await program.must_read(wire)
                wire.end()
            await must_read(program, reading, [data[0], data[1] + b"more", data[2] + b"most"])


@pytest.mark.check(points=0.5, hint="nothing")
async def test_reads_nothing_from_nobody(submission):
    """Returns at once where there is no socket, or where all have ended."""
    async with submission.program() as program:
        for name in ("read_all_polling", "read_all_ready"):
            await must_read(program, await program.begin(name, []), [])
            wires = await program.wires(2)
            for wire in wires:
                wire.end()
            await must_read(program, await program.begin(name, wires), [b"", b""])


@pytest.mark.check(points=0.25, hint="ends")
async def test_leaves_the_sockets_open(submission):
    """Leaves the sockets open: they are its caller's, who may have something to send."""
    async with submission.program() as program:
        for name in ("read_all_polling", "read_all_ready"):
            (wire,) = wires = await program.wires(1)
            wire.end()
            await (await program.begin(name, wires)).end()

            wire.take_in()
            text = say("{run} closed the sockets that it was given", run=name)
            program.must(not wire.is_ended, text)
