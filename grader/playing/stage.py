"""The program that plays: one pipeline, one shop in real time, and a line of JSON for whatever happens.

    python grader/playing/stage.py SCENE ROOT…

It is started by name, in a process of its own; what it tells goes to the standard output as it was, and what the
pipeline prints is told, too.
"""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import os
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from grader.playing.scene import Scene

TICK = 0.01
"""Seconds between two looks at the loop."""
STALL = 0.08
"""Seconds by which a turn of the loop is late when it is told of: a busy machine is not."""


class Teller:
    """Writes what happens, each line with the seconds since the play began."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def tell(self, what: str, **more: object) -> None:
        """Tell one event."""
        event = {"what": what, "at": round(time.monotonic() - self._began, 4), **more}
        with self._lock:
            os.write(self._descriptor, json.dumps(event).encode() + b"\n")


class Printed(io.TextIOBase):
    """Tells whole lines of what the pipeline prints."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._line = ""

    def write(self, text: str, /) -> int:
        *lines, self._line = (self._line + text).split("\n")
        for line in lines:
            self._teller.tell("printed", text=line)
        return len(text)


class Play:
    """One scene with one pipeline."""

    def __init__(self, scene: Scene, module: ModuleType, tell: Callable[..., None]) -> None:
        from grader.playing.services import SDK, Callbacks, Coroutines, Counter  # noqa: PLC0415 - found only now

        self._scene = scene
        self._module = module
        self._tell = tell
        counter = Counter(scene, tell)
        self._services = (
            Callbacks(counter) if scene.services == "callbacks" else Coroutines(counter)
        )
        self._sdk = SDK(counter)

    async def run(self) -> None:
        """Check everybody out, and watch the loop meanwhile."""
        over = asyncio.Event()
        watch = asyncio.create_task(self._watch_loop(over))
        try:
            await (self._at_the_desk() if self._scene.desk else self._checkouts(self._module))
        finally:
            over.set()
            await watch

    async def _at_the_desk(self) -> None:
        async with getattr(self._module, str(self._scene.desk))(self._services, self._sdk) as desk:
            await self._checkouts(desk)

    async def _checkouts(self, program: Any) -> None:  # noqa: ANN401 - the learner's module or desk
        own = () if self._scene.desk else (self._services,)
        if self._scene.ends_by == "callbacks":
            await asyncio.gather(*(self._called_back(program, user) for user in self._scene.users))
        elif self._scene.batch:
            outcomes = await program.checkout_many(
                *own, list(self._scene.users), **self._scene.keywords
            )
            for user, outcome in zip(self._scene.users, outcomes, strict=False):
                self._ended(user, outcome)
        else:
            await asyncio.gather(*(self._one(program, own, user) for user in self._scene.users))

    async def _one(self, program: Any, own: tuple[Any, ...], user: int) -> None:  # noqa: ANN401 - as above
        try:
            self._ended(user, await program.checkout(*own, user, **self._scene.keywords))
        except Exception as error:  # noqa: BLE001 - of one checkout, told like any other end
            self._ended(user, error)

    async def _called_back(self, program: Any, user: int) -> None:  # noqa: ANN401 - as above
        heard = asyncio.Event()

        def hear(outcome: object) -> None:
            self._ended(user, outcome)
            heard.set()

        program.checkout(self._services, user, hear, hear)
        await heard.wait()

    def _ended(self, user: int, outcome: object) -> None:
        what = "lost" if isinstance(outcome, BaseException) else "done"
        self._tell(what, user=user, text=repr(outcome)[:200])

    async def _watch_loop(self, over: asyncio.Event) -> None:
        """Turn with the loop, and tell when a turn comes late."""
        while not over.is_set():
            before = time.monotonic()
            await asyncio.sleep(TICK)
            late = time.monotonic() - before - TICK
            if late > STALL:
                self._tell("stalled", seconds=round(late, 3), text=f"{late * 1000:.0f} ms")


def load(path: str) -> ModuleType:
    """Import the pipeline as a debugger, or its own `python pipeline.py`, would."""
    spec = importlib.util.spec_from_file_location("pipeline", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["pipeline"] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Play, and end the process even if threads of the pipeline would go on."""
    text, *roots = sys.argv[1:]
    sys.path[:] = [*roots, *sys.path[1:]]
    from grader.playing.scene import read  # noqa: PLC0415 - found only now

    scene = read(text)
    teller = Teller(os.dup(1))
    os.dup2(2, 1)
    printed = Printed(teller)
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            asyncio.run(Play(scene, load(scene.path), teller.tell).run())
        except BaseException as error:  # noqa: BLE001 - whatever ends the play is told
            teller.tell("broke", text=f"{type(error).__name__}: {error}"[:300])
    teller.tell("curtain")
    os._exit(0)


if __name__ == "__main__":
    main()
