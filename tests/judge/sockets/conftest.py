"""Programs on real sockets, written in the test."""

import random
from contextlib import asynccontextmanager

import pytest

from grader.judge import Contract
from grader.judge.sockets import open_program


@pytest.fixture
def run(session_of):
    """Loads a program that defines `act(…)` or whatever the test calls; gives it as a check sees it."""

    @asynccontextmanager
    async def run(source, form="act(socks)", **options):
        session = await session_of(source, Contract(form, sockets=True), **options)
        async with open_program(session, random.Random(7)) as program:
            yield program

    return run
