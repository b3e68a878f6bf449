"""The warm process as the watch holds it: one order at a time, replaced before it has kept too much."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

import msgspec

from grader.errors import MachineError
from grader.language import say
from grader.watching import words
from grader.watching.messages import Order, Reply

if TYPE_CHECKING:
    from asyncio.subprocess import Process

GRADINGS = 100
"""After so many another process takes over: pytest keeps a little of each run."""
PATIENCE = 10.0
"""Seconds in which a process that gets no more orders may end by itself."""
LINE = 64 << 20
"""Bytes of a reply, at most."""


class Warm:
    """Begins a process that is ready when it is needed, and ends it in order."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._graded = 0
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Begin the process; it warms up meanwhile."""
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "grader", "warm"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the watch, which ends it in order
                limit=LINE,
            )
        except OSError as error:
            raise MachineError(
                say("the grader cannot start a process: {error}", error=error)
            ) from error
        self._graded = 0

    async def carry_out(self, order: Order) -> Reply:
        """Have an order carried out; if the process has gone, that is the reply, and another one begins."""
        async with self._turn:
            try:
                return await self._asked(order)
            except (OSError, ValueError, msgspec.MsgspecError):
                await self.close()
                await self.start()
                return Reply(order.stage, error=say(words.BACK))

    async def _asked(self, order: Order) -> Reply:
        process = self._process
        assert process
        assert process.stdin
        assert process.stdout
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        await process.stdin.drain()
        reply = msgspec.json.decode(await process.stdout.readline(), type=Reply)
        self._graded += 1
        return reply

    async def renew(self) -> None:
        """Replace the process if it has graded often; called when nobody waits."""
        if self._graded >= GRADINGS:
            async with self._turn:
                await self.close()
                await self.start()

    async def close(self) -> None:
        """End it: no more orders; then, if it does not end by itself, by force."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        try:
            async with asyncio.timeout(PATIENCE):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
