"""One way to run each detector: a coroutine function goes in, the lines it reports come out.

Each peer is used as its own documentation says, with its threshold at 25 ms where it has one. A
report is a list of `(file, line)`, innermost last, as far as the peer tells them.
"""

# ruff: noqa: PLC0415 - what is measured is imported in the process that measures it

import asyncio
import contextlib
import logging
import re
import tempfile
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

THRESHOLD = 0.025
_PLACE = re.compile(r"""([\w./\-<>]+\.py)["']?(?::|, line )(\d+)""")

Place = tuple[str, int]
Program = Callable[[], Coroutine[Any, Any, object]]


def places_in(text: str) -> list[Place]:
    """The files and lines that a text names."""
    return [(file, int(line)) for file, line in _PLACE.findall(text)]


def none(program: Program) -> list[list[Place]]:
    """Nothing watches: what the others are compared with."""
    asyncio.run(program())
    return []


def unblocked(program: Program) -> list[list[Place]]:
    """Ours."""
    from grader.blocking import Detector

    detector = Detector(THRESHOLD)
    with asyncio.Runner() as runner:
        detector.start(runner.get_loop())
        runner.run(program())
        report = detector.stop()
    return [[(found.file or "", found.line or 0)] for found in report.blocked]


def asyncio_debug(program: Program) -> list[list[Place]]:
    """`asyncio.run(..., debug=True)`, and what it logs."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("asyncio").addHandler(handler)

    async def watched() -> None:
        asyncio.get_running_loop().slow_callback_duration = THRESHOLD
        await program()

    asyncio.run(watched(), debug=True)
    return [places_in(text) for text in said if text.startswith("Executing ")]


def blockbuster(program: Program) -> list[list[Place]]:
    """It raises; what the program swallows counts as well."""
    import blockbuster as peer

    seen: list[list[Place]] = []

    class Spy(peer.BlockingError):
        def __init__(self, function: str) -> None:
            super().__init__(function)
            stack = traceback.extract_stack()
            seen.append(
                [
                    (frame.filename, frame.lineno or 0)
                    for frame in stack
                    if "blockbuster" not in frame.filename
                ]
            )

    async def watched() -> None:
        with peer.blockbuster_ctx():
            await program()

    original, peer.blockbuster.BlockingError = peer.BlockingError, Spy
    with contextlib.suppress(original):
        asyncio.run(watched())
    return seen


def pyleak(program: Program) -> list[list[Place]]:
    """Its guard round the program."""
    import pyleak as peer

    async def watched() -> None:
        guard = peer.no_event_loop_blocking(
            action="raise", threshold=THRESHOLD, check_interval=0.005
        )
        async with guard:
            await program()

    try:
        asyncio.run(watched())
    except peer.EventLoopBlockError as error:
        return [
            [(frame.filename, frame.lineno or 0) for frame in event.blocking_stack or ()]
            for event in error.blocking_events
        ]
    return []


def aiodebug(program: Program) -> list[list[Place]]:
    """Its inspection of hangs, which writes stacks to files."""
    from aiodebug import hang_inspection

    folder = Path(tempfile.mkdtemp())

    async def watched() -> None:
        task = hang_inspection.start(str(folder), interval=THRESHOLD)
        await asyncio.sleep(0)
        await program()
        await hang_inspection.stop_wait(task)

    asyncio.run(watched())
    return [places_in(file.read_text()) for file in folder.iterdir()]


def aiocop(program: Program) -> list[list[Place]]:
    """Its audit hook and its slow tasks together."""
    import aiocop as peer

    seen: list[list[Place]] = []

    def note(event: Any) -> None:  # noqa: ANN401 - the peer has no types
        if event.exceeded_threshold:
            seen.extend(places_in(one["trace"])[::-1] for one in event.blocking_events)
            seen.extend(places_in(one["trace"])[::-1] for one in event.cpu_stack_samples)
            seen.append([])

    peer.patch_audit_functions()
    peer.start_blocking_io_detection(trace_depth=20)
    peer.detect_slow_tasks(on_slow_task=note, threshold_ms=round(THRESHOLD * 1000))

    async def watched() -> None:
        peer.activate()
        await asyncio.sleep(0)
        await program()
        await asyncio.sleep(0)

    asyncio.run(watched())
    return seen


TOOLS: dict[str, Callable[[Program], list[list[Place]]]] = {
    "none": none,
    "unblocked": unblocked,
    "asyncio debug": asyncio_debug,
    "blockbuster": blockbuster,
    "pyleak": pyleak,
    "aiodebug": aiodebug,
    "aiocop": aiocop,
}
