"""A watch at work: events come from the terminal, the files and the warm process; commands go to them."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import webbrowser
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from grader import progress as memory
from grader.language import say, spoken
from grader.report import FORMATS
from grader.watching import words
from grader.watching.files import look, saves
from grader.watching.messages import Order
from grader.watching.session import (
    Command,
    Grade,
    Graded,
    Happening,
    Key,
    OpenPage,
    Quit,
    Remember,
    Saved,
    State,
    Stopped,
    Told,
    begin,
    step,
)
from grader.watching.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from grader.watching.terminal import Surface

KEYS = 64
"""Bytes that are read from a terminal at a time."""


class Shell:
    """Feeds events to the session, and carries out what it commands."""

    def __init__(self, state: State, files: Mapping[str, Path], surface: Surface) -> None:
        self.state = state
        self._files = files
        self._looks = look(files)  # before anything is graded: no save is lost meanwhile
        self._surface = surface
        self._events: asyncio.Queue[Happening | None] = asyncio.Queue()
        self._warm = Warm()
        self._stop = asyncio.Event()
        self.failure: BaseException | None = None
        """What broke a task, and with it the watch."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._pages = tempfile.TemporaryDirectory(prefix="unblocked-", ignore_cleanup_errors=True)

    async def run(self) -> None:
        """Watch until somebody wants an end; what was begun is ended."""
        async with AsyncExitStack() as ends:
            ends.callback(self._pages.cleanup)
            await self._warm.start()
            ends.push_async_callback(self._warm.close)
            ends.push_async_callback(self._end_tasks)
            self._listen(ends)
            self.state, commands = begin(self.state)
            self._surface.show(self.state, graded=False)
            while self._carry_out(commands):
                commands = await self._next()

    async def _next(self) -> tuple[Command, ...]:
        """Take one event in, and show what it made of the state."""
        event = await self._events.get()
        commands: tuple[Command, ...] = ()
        if event is not None:
            self.state, commands = step(self.state, event)
        mine = isinstance(event, Graded) and event.reply.stage == self.state.stage
        self._surface.show(self.state, graded=mine)
        return commands

    # ---- events

    def _listen(self, ends: AsyncExitStack) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._events.put_nowait, Stopped())
            ends.callback(loop.remove_signal_handler, number)
        if self._surface.keys is not None:
            loop.add_signal_handler(signal.SIGWINCH, self._events.put_nowait, None)
            ends.callback(loop.remove_signal_handler, signal.SIGWINCH)
            loop.add_reader(self._surface.keys, self._read_keys, self._surface.keys)
            ends.callback(loop.remove_reader, self._surface.keys)
        self._begin(self._watch())

    def _read_keys(self, terminal: int) -> None:
        try:
            pressed = os.read(terminal, KEYS)
        except OSError:  # the terminal has gone
            pressed = b""
        if not pressed:
            self._events.put_nowait(Stopped())
        for key in pressed.decode(errors="replace"):
            self._events.put_nowait(Key(key.lower()))

    async def _watch(self) -> None:
        async for saved in saves(self._files, self._looks, self._stop):
            self._events.put_nowait(saved)

    # ---- commands

    def _carry_out(self, commands: tuple[Command, ...]) -> bool:
        """Begin what is commanded; False if that is the end."""
        for command in commands:
            match command:
                case Grade(stage):
                    self._begin(self._grade(stage))
                case Remember(progress):
                    if complaint := memory.save(progress, memory.here()):
                        self._events.put_nowait(Told(complaint))
                case OpenPage(stage):
                    self._begin(self._open(stage))
                case Quit():
                    return False
        return True

    async def _grade(self, stage: str) -> None:
        if not self._files[stage].is_file():
            self._events.put_nowait(Saved(stage, there=False))
        reply = await self._warm.carry_out(self._order(stage))
        self._events.put_nowait(Graded(reply))
        await self._warm.renew()

    async def _open(self, stage: str) -> None:
        """Open the page of the last grading; where nothing makes one, the page that a learner reads first."""
        page = self._files[stage].with_name("README.md").absolute()
        if "html" in list(FORMATS) and stage in self.state.replies:
            page = Path(self._pages.name, "unblocked.html")
            await self._warm.carry_out(self._order(stage, str(page)))
        opened = await asyncio.to_thread(webbrowser.open, page.as_uri())
        said = words.OPENED if opened else words.NOT_OPENED
        self._events.put_nowait(Told(say(said, page=page)))

    def _order(self, stage: str, page: str = "") -> Order:
        submission = str(self._files[stage].parents[1])
        return Order(stage, submission, spoken().code, page)

    # ---- tasks

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.failure = self.failure or error
            self._events.put_nowait(Stopped())

    async def _end_tasks(self) -> None:
        self._stop.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def watch(state: State, files: Mapping[str, Path], surface: Surface) -> State:
    """Watch these files until somebody wants an end; the state in which that found the learner.

    Raises:
        UsageError: watchfiles is not installed.
        MachineError: No process can be started.
    """
    shell = Shell(state, files, surface)
    await shell.run()
    if (error := shell.failure) is not None:
        raise error
    return shell.state
