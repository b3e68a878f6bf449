"""Where servers run: imports the program once, then forks a process for each server that is measured.

    python -m grader.shootout.arena SOCKET PIPELINE ROOT…

It imports little, so that what is measured is the server.
"""

from __future__ import annotations

import os
import resource
import runpy
import socket
import sys
from contextlib import suppress
from typing import Any

from grader.shootout.handlers import handler_of
from grader.shootout.orders import Line, Serve, Serving, Stopped

ERROR = 300
"""Letters of an error, at most."""


def main() -> None:
    """Serve the referee until it has gone."""
    control, path, *roots = sys.argv[1:]
    sys.path[:0] = roots
    line = Line(socket.socket(fileno=int(control)))
    raise_files()
    program = imported(line, path)
    with suppress(EOFError):
        while True:
            one_server(line, program, line.hear(Serve))


def imported(line: Line, path: str) -> dict[str, Any]:
    """The program; tells the referee that it is there, or why not."""
    try:
        program = runpy.run_path(path, run_name="pipeline")
    except BaseException as error:  # noqa: BLE001 - whatever it raises is told
        line.say(Stopped(0.0, 0, 0, said(error)))
        os._exit(1)
    line.say(Stopped(0.0, 0, 0))
    return program


def said(error: BaseException) -> str:
    """An exception as Python names it, not too long."""
    return f"{type(error).__name__}: {error}"[:ERROR]


def raise_files() -> None:
    """As many descriptors as the system lets this user have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS says unlimited, and means less
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def one_server(line: Line, program: dict[str, Any], order: Serve) -> None:
    """Fork it, and tell what it took when it has ended."""
    listener, stop, *gates = line.take(2 + order.gates)
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        line.socket.close()
        serve(program, order, [listener, stop, *gates], theirs)
    for file in (theirs, listener, stop, *gates):
        os.close(file)
    line.say(Serving(pid))
    with open(ours, "rb") as pipe:  # noqa: PTH123 - a descriptor
        _, status, used = os.wait4(pid, 0)
        os.set_blocking(ours, False)  # whatever it left behind may hold the other end
        error = (pipe.read() or b"").decode(errors="replace")
    if status and not error:
        error = f"status {os.waitstatus_to_exitcode(status)}"
    computed = used.ru_utime + used.ru_stime
    line.say(Stopped(computed, used.ru_nvcsw, used.ru_nivcsw, error))


def serve(program: dict[str, Any], order: Serve, files: list[int], errors: int) -> None:
    """Run one server to its end; never returns."""
    status = 1
    try:
        os.setsid()
        listener, stop, *gates = (socket.socket(fileno=file) for file in files)
        name = f"serve_{order.server}"
        if name not in program:
            raise NameError(f"name {name!r} is not defined")  # noqa: TRY301 - told like the others
        program[name](listener, handler_of(order.work, gates), stop)
        status = 0
    except BaseException as error:  # noqa: BLE001 - whatever it raises is told
        os.write(errors, said(error).encode(errors="replace"))
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
