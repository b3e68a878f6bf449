"""What stage 6 has to do. Each check runs your program in a process of its own."""

import pytest

from grader.judge import Contract, say

BONUS = True
CONTRACT = Contract("read_all_polling(socks)", "read_all_ready(socks)", plain=True, sockets=True)
BOTH = ("read_all_polling", "read_all_ready")
SOCKETS = 5
IDLE = 0.02
"""Seconds of computing for which a program that polls is left without news."""
COSTLY = 0.0002
"""Seconds of computing, more than any look at a socket takes."""
pytestmark = pytest.mark.asyncio(loop_scope="session")


def drawn(shop, wires):
    """Something else for each socket."""
    return [shop.draw.randbytes(shop.draw.randint(10, 40)) for _ in wires]


async def both_of(reading):
    """What polling gives: what was read, and how often a socket was asked."""
    got = await reading.end()
    pair = isinstance(got, list) and len(got) == 2
    assert pair, say("{run} gave {got}, and not both data and polls", run=reading, got=got)
    return got


async def must_read_the_last_first(shop, program, name):
    """Send on one socket after the other, from the last to the first: each is read while the others are silent."""
    wires = await program.wires(SOCKETS)
    data = drawn(shop, wires)
    reading = await program.begin(name, wires)
    for wire, part in reversed(list(zip(wires, data, strict=True))):
        wire.put(part)
        await program.must_read(wire)
    for wire in wires:
        wire.end()
    return reading, data


@pytest.mark.check(points=0.75, hint="polling")
async def test_polling_reads_what_is_there(shop, submission):
    """Reads by polling whichever socket has something, while others are silent."""
    async with submission.program() as program:
        reading, data = await must_read_the_last_first(shop, program, "read_all_polling")

        _, polls = await both_of(reading)

        reading.must_give([data, polls])


@pytest.mark.check(points=0.5, hint="polls")
async def test_counts_its_polls(submission):
    """Counts each time that it asked a socket, most of them in vain."""
    async with submission.program() as program:
        wires = await program.wires(SOCKETS)
        reading = await program.begin("read_all_polling", wires)
        await program.must_compute(IDLE)
        for wire in wires:
            wire.end()
        _, polls = await both_of(reading)

        counted = isinstance(polls, int) and polls >= IDLE / COSTLY
        assert counted, say("{run} says that it asked {polls} times", run=reading, polls=polls)


@pytest.mark.check(points=1, hint="ready")
async def test_reads_what_is_ready(shop, submission):
    """Reads by readiness whichever socket is ready, while others are silent."""
    async with submission.program() as program:
        reading, data = await must_read_the_last_first(shop, program, "read_all_ready")
        await reading.end()

        reading.must_give(data)
