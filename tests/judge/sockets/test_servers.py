"""Servers that fork, as the judge sees them: nothing is left of them, and nothing else is taken for theirs."""

import textwrap

import pytest

from grader.judge.attempt import Attempt
from grader.judge.contract import Contract
from grader.judge.findings import Broken
from grader.judge.kernel.family import members
from grader.judge.sockets import serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
CONTRACT = Contract("serve(listener, handler, stop)", sockets=True, processes=4)
FORKS = """
import os, time
from shop.sockets import readable

def serve(listener, handler, stop):
    for _ in range({count}):
        if os.fork() == 0:
            {child}
            os._exit(0)
    readable(stop)
"""


@pytest.fixture
def attempt(fork_nursery, write_program):
    """One run of a program that forks."""

    def attempt(count, child="time.sleep(1000)"):
        path = write_program(textwrap.dedent(FORKS.format(count=count, child=child)))
        return Attempt(fork_nursery, CONTRACT, path, "7")

    return attempt


async def must_have_forked(attempt, program, count):
    """It comes to have forked so many processes."""
    pid = (await attempt.session()).child.pid
    await program.wait_until(lambda: len(members(pid)) == count, "they are not forked")


async def had_its_turn(nursery):
    """The warm process has done all that it was asked to, since a child that forks is asked for last."""
    await nursery.end(await nursery.child(forks=True))


async def test_processes_that_outlive_the_server_are_found(attempt):
    """A server that has returned leaves no process, and the finding says how many it left."""
    one = attempt(2)
    async with one.submission.program() as program, serving(program, "serve") as server:
        await must_have_forked(one, program, 2)
        server.tell_to_stop()
        with pytest.raises(Broken, match="it has returned, and 2 of its processes"):
            await server.must_have_stopped()
    await one.close(broken=True)


async def test_nothing_is_left_when_a_check_ends(attempt, fork_nursery):
    """What a program has forked ends with its check, orphans too."""
    one = attempt(3)
    async with one.submission.program() as program, serving(program, "serve"):
        await must_have_forked(one, program, 3)
        pid = (await one.session()).child.pid
    await one.close()
    await had_its_turn(fork_nursery)

    assert members(pid) == []


async def test_other_checks_leave_a_program_s_processes_alone(attempt, fork_nursery):
    """An orphan of a check that still runs is not taken for one of a check that has ended."""
    one = attempt(1, child="os.fork() or time.sleep(1000)")
    async with one.submission.program() as program, serving(program, "serve"):
        await must_have_forked(one, program, 2)
        await had_its_turn(fork_nursery)
        await had_its_turn(fork_nursery)

        pid = (await one.session()).child.pid
        assert any(member.state == "S" for member in members(pid))
    await one.close(broken=True)


async def test_too_many_processes_end_the_check(attempt):
    """The contract bounds how many there are at a time."""
    one = attempt(6)
    async with one.submission.program() as program, serving(program, "serve") as server:
        with pytest.raises(Broken, match="more than 4 processes"):
            await program.wait_until(lambda: False, "nothing is to come")
        server.tell_to_stop()
    await one.close(broken=True)
