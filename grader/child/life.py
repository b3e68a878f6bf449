"""The whole life of one child: what it watches, what limits it, and how it ends."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

from grader.blocking.telling import tell_between_instructions, tell_in_c
from grader.child.channel import Channel
from grader.child.loading import Unusable, load
from grader.child.loop import JudgedLoop
from grader.child.places import calling_line, created_line, defining_lines, raising_line
from grader.child.runner import Runner
from grader.child.watching import DETECTOR
from grader.protocol.messages import MACHINE, Load, Loaded, Note, Problem
from grader.protocol.values import pack_error
from grader.protocol.wire import wire_on

if TYPE_CHECKING:
    import socket

    from grader.walls.building import Walls

WHERE = getattr(signal, "SIGUSR1", None)
"""Sent by the judge to learn where the loop's thread stands."""
WHERE_IN_C = getattr(signal, "SIGUSR2", None)
"""The same, for a thread that does not come to its next instruction."""


def live(walls: Walls, wire: socket.socket, side: socket.socket, log: int, stacks: int) -> None:
    """Load a submission, serve the judge, and wait to be ended."""
    _silence(log)
    channel = Channel(wire_on(wire))
    _watch(channel, stacks)
    sys.breakpointhook = partial(_refuse_to_stop, channel)
    loop = JudgedLoop(channel)
    DETECTOR.start(loop)
    try:
        walls.enter()  # the last thing before the judge gives the submission
    except OSError as error:
        problem = Problem(MACHINE, "wall", detail=str(error))
        channel.flush(Loaded(problem=problem))
        return
    order = channel.receive()[0]
    if isinstance(order, Load):
        _serve(loop, channel, side, order)


def attend(wire: socket.socket, side: socket.socket, stacks: int) -> None:
    """The same on the terminal, in the submission's own folder, where a debugger finds its lines; nothing watches."""
    channel = Channel(wire_on(wire))
    _watch(channel, stacks)
    loop = JudgedLoop(channel)
    order = channel.receive()[0]
    if isinstance(order, Load):
        os.chdir(os.path.dirname(order.path))  # noqa: PTH120 - as above
        _serve(loop, channel, side, order)


def _serve(loop: JudgedLoop, channel: Channel, side: socket.socket, order: Load) -> None:
    """Load, and carry out orders until the judge lets go."""
    runner = Runner(loop, channel, wire_on(side), order)
    try:
        module = load(order, channel)
    except Unusable as unusable:
        channel.flush(Loaded(problem=unusable.problem))
    else:
        channel.post(Loaded(threading.get_native_id(), defining_lines(module, order.signatures)))
        _run(runner, module, channel)
    channel.receive()  # until the judge lets go


def _run(runner: Runner, module: Any, channel: Channel) -> None:  # noqa: ANN401 - a module
    try:
        runner.run(module)
    except BaseException as error:  # noqa: BLE001 - whatever breaks the loop is told, and ends the child
        traceback.print_exc()
        channel.flush(Note("crash", str(pack_error(error)), raising_line(error)))
        os._exit(1)


def _refuse_to_stop(channel: Channel, *_: Any, **__: Any) -> None:  # noqa: ANN401 - the signature of breakpoint()
    channel.flush(Note("breakpoint", "", calling_line()))
    raise RuntimeError("breakpoint() has no terminal here")


def _silence(log: int) -> None:
    """No input; all output into the judge's file."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")  # type: ignore[union-attr]  # both are files


def _watch(channel: Channel, stacks: int) -> None:
    """Report what would else only be printed."""
    if WHERE is not None and WHERE_IN_C is not None:
        tell_between_instructions(WHERE, stacks, lambda: None)
        tell_in_c(WHERE_IN_C, stacks)
    warnings.simplefilter("always")

    def show(message: Warning | str, *_: Any) -> None:  # noqa: ANN401 - the signature of showwarning
        text = str(message)
        if "never awaited" in text:
            channel.flush(Note("never_awaited", text.partition("\n")[0][:300], created_line(text)))

    warnings.showwarning = show  # type: ignore[assignment]  # fewer arguments are named, all are taken

    def died(args: threading.ExceptHookArgs) -> None:
        error = args.exc_value
        packed = pack_error(error) if error else None
        channel.flush(Note("thread_died", str(packed), raising_line(error), packed))

    threading.excepthook = died
