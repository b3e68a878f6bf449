"""Plays shown: each program in a process of its own, all pictures on one screen, or a line for each event in a pipe."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import AsyncExitStack, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rich.cells import set_cell_size
from rich.columns import Columns
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from grader.errors import MachineError
from grader.language import say
from grader.nursery.ground import root_of
from grader.playing import picture as pictures
from grader.playing import words
from grader.playing.picture import Picture, Told
from grader.playing.scene import written
from grader.report.harmless import harmless

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Mapping

    from grader.playing.scene import Scene

MAIN = Path(__file__).with_name("stage.py")
FRAMES = 12
"""Pictures in a second."""
NARROW = 70
"""Columns below which two pictures are not put side by side."""
LABEL = 9
"""Columns of what stands before a lane."""
LINE = 1 << 20
"""Bytes of an event, at most."""


class Show:
    """Plays some programs at the same time, and shows how they go."""

    def __init__(self, scenes: Mapping[str, Scene], console: Console) -> None:
        self._scenes = scenes
        self._console = console
        self._pictures = {name: Picture(name, scene.users) for name, scene in scenes.items()}
        self._began = dict.fromkeys(scenes, time.monotonic())
        self._live: Live | None = None

    async def run(self) -> None:
        """Play to the end, or until Ctrl-C; no process is left."""
        task = asyncio.current_task()
        assert task
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, task.cancel)
        self._live = (
            Live(self, console=self._console, refresh_per_second=FRAMES)
            if self._console.is_terminal
            else None
        )
        try:
            with self._live or nullcontext():
                async with asyncio.TaskGroup() as group:
                    for name, scene in self._scenes.items():
                        group.create_task(self._play(name, scene))
        except asyncio.CancelledError:
            task.uncancel()
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    async def _play(self, name: str, scene: Scene) -> None:
        async with AsyncExitStack() as ends:
            process = await _started(scene)
            ends.push_async_callback(_ended, process)
            try:
                async with asyncio.timeout(scene.patience):
                    await self._listen(name, process)
            except TimeoutError:
                self._take(name, self._own(name, "broke", words.NEVER_ENDED, scene.patience))
            if self._pictures[name].over is None:
                self._take(name, self._own(name, "curtain", ""))

    async def _listen(self, name: str, process: Process) -> None:
        assert process.stdout
        async for data in process.stdout:
            try:
                told = msgspec.json.decode(data, type=Told)
            except msgspec.MsgspecError:
                continue  # of whoever writes there beside us
            if told.what == "curtain":
                self._take(name, told)
                return
            if not self._pictures[name].bars:
                self._began[name] = time.monotonic() - told.at
            self._take(name, told)
        self._take(name, self._own(name, "broke", words.VANISHED))

    def _own(self, name: str, what: str, text: str, seconds: float = 0.0) -> Told:
        """An event that the program does not tell."""
        at = time.monotonic() - self._began[name]
        return Told(what, at, text=say(text, seconds=seconds))

    def _take(self, name: str, told: Told) -> None:
        told = msgspec.structs.replace(told, text=harmless(told.text, self._console.encoding))
        self._pictures[name] = pictures.after(self._pictures[name], told)
        if self._live is None:
            which = f"{name}  " if len(self._scenes) > 1 else ""
            self._console.print(Text(f"{which}{pictures.line(told)}"), soft_wrap=True)

    # ---- drawing

    def __rich__(self) -> Group:
        """Every picture as it is now, and what the letters mean."""
        width = self._console.width
        abreast = len(self._scenes) if width >= NARROW * len(self._scenes) // 2 else 1
        own = width // abreast - 2
        nows = {name: self._now(name) for name in self._scenes}
        span = max(pictures.SHORTEST, *nows.values())
        drawn = [self._drawn(name, now, own, span) for name, now in nows.items()]
        body = Columns(drawn, width=own, padding=(0, 1)) if abreast > 1 else Group(*drawn)
        return Group(body, Text(say(words.LEGEND), "dim", no_wrap=True, overflow="crop"))

    def _now(self, name: str) -> float:
        """Seconds since this play began; of one that is over, which it took."""
        over = self._pictures[name].over
        return time.monotonic() - self._began[name] if over is None else over

    def _drawn(self, name: str, now: float, width: int, span: float) -> Group:
        picture = self._pictures[name]
        lanes = pictures.lanes(picture, now, max(10, width - LABEL), span=span)
        rows = [_row(label, lane) for label, lane in lanes]
        spoken = [
            Text(line, "dim", no_wrap=True, overflow="ellipsis")
            for line in picture.spoken[-pictures.LINES :]
        ]
        title = Text(f"{now:.1f} s  {name}", "bold", no_wrap=True, overflow="ellipsis")
        return Group(title, *rows, *spoken)


def _row(label: str, lane: str) -> Text:
    row = Text(set_cell_size(label, LABEL), "dim", no_wrap=True, overflow="crop")
    for letter in lane:
        row.append(letter, pictures.STYLES.get(letter, ""))
    return row


async def _started(scene: Scene) -> Process:
    roots = dict.fromkeys(map(root_of, ("grader", "shop")))
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, str(MAIN), written(scene), *roots),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us, who end it in order
            limit=LINE,
        )
    except OSError as error:
        raise MachineError(
            say("the grader cannot start a process: {error}", error=error)
        ) from error


async def _ended(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            # Not `process.kill()`: it looks whether the process has ended, and asyncio then waits in vain.
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
