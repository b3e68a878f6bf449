"""What stage 10 has to do. Each check runs your program in a process of its own."""

from contextlib import asynccontextmanager

import pytest

from grader.judge import Contract, say
from grader.judge.sockets import serving

BONUS = True
SERVERS = ("processes", "threads", "loop", "reactor", "coroutines")
CONTRACT = Contract(
    *(f"serve_{name}(listener, handler, stop)" for name in SERVERS), sockets=True, processes=40
)
CLIENTS = 200
WAITING = 20
"""Requests at a time, each of which may need a process."""
MANY = 40
"""Requests at a time, more than a pool of workers has threads."""
ZOMBIES = 8
"""Children that may have ended a moment ago."""
pytestmark = pytest.mark.asyncio(loop_scope="session")


@asynccontextmanager
async def one_server(submission, name, gates=1):
    """One of the five, from its call to its end."""
    async with (
        submission.program() as program,
        serving(program, f"serve_{name}", gates=gates) as server,
    ):
        yield server


async def each_server(submission, look, gates=1):
    """One after the other, in one process; gives what was seen of each."""
    async with submission.program() as program:
        seen = {}
        for name in SERVERS:
            async with serving(program, f"serve_{name}", gates=gates) as server:
                seen[name] = await look(server)
        return seen


async def with_waiting(server, count, *, begun):
    """What the server consists of while so many requests wait, of which so many have begun."""
    waiting = server.hold(count)
    await server.must_have_begun(waiting, least=begun)
    await server.program.rest()
    needs = server.needs()
    await server.must_finish(*waiting)
    for each in waiting:
        each.client.wire.end()
    return needs


def must_be(server, needs, right):
    """The kernel sees such a server."""
    assert right, say(
        "{server}: while requests wait it has {processes} processes more, and {threads} threads more",
        server=server.name,
        processes=needs.processes,
        threads=needs.threads,
    )


@pytest.mark.check(points=0.8, hint="processes")
async def test_processes(submission):
    """Serves 200 clients, each connection in a process of its own."""
    async with one_server(submission, "processes", gates=WAITING) as server:
        await server.must_serve(CLIENTS)
        needs = await with_waiting(server, WAITING, begun=WAITING)
        must_be(server, needs, needs.processes >= WAITING)


@pytest.mark.check(points=0.8, hint="threads")
async def test_threads(submission):
    """Serves 200 clients, each connection in a thread of its own."""
    async with one_server(submission, "threads", gates=MANY) as server:
        await server.must_serve(CLIENTS)
        needs = await with_waiting(server, MANY, begun=MANY)
        must_be(server, needs, needs.threads >= MANY and not needs.processes)


@pytest.mark.check(points=0.8, hint="loop")
async def test_loop(submission):
    """Serves 200 clients on the one thread that it was called in, and waits for all requests at once."""
    async with one_server(submission, "loop", gates=MANY) as server:
        await server.must_serve(CLIENTS)
        needs = await with_waiting(server, MANY, begun=MANY)
        must_be(server, needs, needs == (0, 0))


@pytest.mark.check(points=0.8, hint="reactor")
async def test_reactor(submission):
    """Serves 200 clients with some workers, however many requests wait."""
    async with one_server(submission, "reactor", gates=MANY) as server:
        await server.must_serve(CLIENTS)
        needs = await with_waiting(server, MANY, begun=2)
        must_be(server, needs, 2 <= needs.threads < MANY and not needs.processes)


@pytest.mark.check(points=0.8, hint="coroutines")
async def test_coroutines(submission):
    """Serves 200 clients with coroutines on one thread, and waits for all requests at once."""
    async with one_server(submission, "coroutines", gates=MANY) as server:
        await server.must_serve(CLIENTS)
        needs = await with_waiting(server, MANY, begun=MANY)
        must_be(server, needs, needs == (0, 0))


async def must_read_lines(server):
    pieces, packet, ended = server.client(), server.client(), server.client()
    line = pieces.request()
    for piece in (line[:3], line[3:-1], line[-1:]):
        await server.program.rest()
        pieces.wire.put(piece)
    await pieces.must_be_answered()

    packet.wire.put(b"".join(packet.request() for _ in range(30)))
    await packet.must_be_answered()

    ended.wire.put(ended.request() + ended.request() + b"pay with")
    ended.wire.end()
    await ended.must_be_answered()
    await ended.must_be_let_go()


@pytest.mark.check(points=1, hint="lines")
async def test_reads_lines_however_they_come(submission):
    """Answers each line: in pieces, many in one packet, and after the client has ended."""
    await each_server(submission, must_read_lines)


async def must_not_be_held_up(server):
    silent, half = server.client(), server.client()
    line = half.request()
    half.wire.put(line[:9])
    await server.program.rest()

    await server.must_serve(3)

    half.wire.put(line[9:])
    await half.must_be_answered()
    await silent.must_get_an_answer()


@pytest.mark.check(points=1, hint="held")
async def test_held_connection_stops_nobody(submission):
    """Serves others while a client is silent, or has sent half a line."""
    await each_server(submission, must_not_be_held_up)


async def must_answer_others(server):
    (waiting,) = server.hold(1)
    await server.must_have_begun([waiting])

    await server.must_serve(3)

    await server.must_finish(waiting)
    await waiting.client.must_get_an_answer()


@pytest.mark.check(points=1, hint="waits")
async def test_request_that_waits_stops_nobody(submission):
    """Serves others while a request waits for the card network, and then answers that one."""
    await each_server(submission, must_answer_others)


async def must_go_on(server):
    client, (gone,) = server.client(), server.hold(1)
    await server.must_have_begun([gone])
    gone.client.wire.close()
    gone.let_go(server.token())

    for error in ("PaymentDeclined", "KeyError"):
        client.wire.put(client.failing(error) + client.request())
        await client.must_be_answered()
    await server.must_serve(3)


@pytest.mark.check(points=0.5, hint="errors")
async def test_errors_are_answered(submission):
    """Answers a request that raises, and goes on; so it does when a client is gone before his answer."""
    await each_server(submission, must_go_on)


async def must_stop(server):
    silent, (waiting,) = server.client(), server.hold(1)
    await server.must_have_begun([waiting])

    server.tell_to_stop()
    await server.program.rest()
    await server.must_finish(waiting)

    await server.must_have_stopped()
    for client in (silent, waiting.client):
        await client.must_be_let_go()


@pytest.mark.check(points=1, rules="R17", hint="stop")
async def test_stops(submission):
    """Stops when it is told to: finishes what is under way, lets everybody go, leaves no thread or process."""
    await each_server(submission, must_stop)


@pytest.mark.check(points=0.5, hint="zombies")
async def test_asks_how_its_processes_ended(submission):
    """Leaves no zombies while it serves: the processes of clients who have gone are gone, too."""
    async with one_server(submission, "processes") as server:
        for _ in range(MANY):
            client = server.client()
            await client.must_get_an_answer()
            client.wire.end()
            await client.must_be_let_go()

        zombies = server.zombies()
        assert zombies <= ZOMBIES, say(
            "{server}: of {clients} clients who have gone, {count} left a zombie",
            server=server.name,
            clients=MANY,
            count=zombies,
        )


async def measured(server):
    """What it needs for waiting clients, how many requests compute at a time, and does it answer meanwhile."""
    needs = await with_waiting(server, WAITING, begun=2)
    computing = server.hold(2, "busy")
    parallel = await server.parallel(computing)
    answers = await server.answers_meanwhile()
    await server.must_finish_computing(*computing)
    await server.must_answer_in_the_end()
    return needs.all, parallel, answers


async def must_say(submission, question, winners, figures):
    """The constant names one of these; where several are level, each of them will do."""
    said = await submission.read(question)
    assert said in winners, say(
        "{question} is {said!r}, and your own servers say otherwise: {figures}",
        question=question,
        said=said,
        figures=", ".join(f"{name} {figure}" for name, figure in figures.items()),
    )


@pytest.mark.check(points=1, hint="winners")
async def test_says_which_wins_where(submission):
    """Says in HOLDING, COMPUTING and ALONGSIDE which of its servers wins where, as they are measured."""
    found = await each_server(submission, measured, WAITING)
    needs = {name: figures[0] for name, figures in found.items()}
    parallel = {name: figures[1] for name, figures in found.items()}
    # Who has a thread to spare may be slow to get its turn; who has none, and answers, has found a way.
    meanwhile = {name: need for name, need in needs.items() if need or found[name][2]}

    await must_say(submission, "HOLDING", least_of(needs), needs)
    most = {name for name, figure in parallel.items() if figure == max(parallel.values())}
    await must_say(submission, "COMPUTING", most, parallel)
    await must_say(submission, "ALONGSIDE", least_of(meanwhile), meanwhile)


def least_of(figures):
    """Whoever has the least, and those who are not clearly apart from him."""
    return {name for name, figure in figures.items() if figure <= 2 * min(figures.values())}
