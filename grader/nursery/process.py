"""The child's program, started: an isolated interpreter with our own packages, no environment, and no input."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from grader.errors import MachineError
from grader.language import say
from grader.nursery.ground import GRADER, root_of
from grader.walls.plan import write_plan

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterable

    from grader.nursery.ground import Ground

MAIN = GRADER / "child" / "__main__.py"


def start(
    sock: socket.socket, ground: Ground, arguments: list[str], more: Iterable[int] = ()
) -> subprocess.Popen[bytes]:
    """Start it; it inherits the socket, and more descriptors if it is to be a child at once.

    Raises:
        MachineError: The machine gives no process.
    """
    roots = dict.fromkeys(map(root_of, ("grader", "shop", "msgspec", "anyio")))
    words = [str(MAIN), str(sock.fileno()), write_plan(ground.plan), *arguments, *roots]
    try:
        return subprocess.Popen(  # noqa: S603 - our own program
            [*ground.front, sys.executable, "-I", *words],
            pass_fds=[sock.fileno(), *more],
            stdin=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        )
    except OSError as error:
        raise MachineError(
            say("the grader cannot start a process: {error}", error=error)
        ) from error


def unnamed_file() -> int:
    """A file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("child")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())
