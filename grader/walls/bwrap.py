"""bubblewrap in front of the warm process: namespaces, which need a helper that the system trusts.

It has no network, sees no other process, and of the files only those that the interpreter and the child's side of the
grader consist of. The other walls go up inside it.

Source: bwrap(1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.walls.places import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOMS = ("__init__.py", "child", "protocol", "blocking", "walls")
"""What the child's side of the grader consists of."""
TRIAL = 10.0
"""Seconds after which a bwrap that does not come back counts as one that does not run."""


def front(
    grader: str, packages: Iterable[str], scratch: str, hidden: Iterable[str] = ()
) -> list[str]:
    """The words to put before a command.

    Args:
        grader: The package's folder, of which only `ROOMS` are shown.
        packages: Folders that a child imports from, beside the interpreter's own.
        scratch: The one folder that can be written.
        hidden: Folders in whose place an empty one is seen, wherever they lie.
    """
    words = [
        shutil.which("bwrap") or "bwrap",
        "--unshare-all",
        "--as-pid-1",
        "--die-with-parent",
        "--cap-drop",
        "ALL",
    ]
    words += ["--proc", "/proc", "--dev", "/dev"]
    shown = dict.fromkeys((*SYSTEM, *_interpreter(), *packages))
    for place in shown:
        words += ["--ro-bind-try", place, place]
    for place in (grader, *(h for h in hidden if _lies_in(h, shown))):
        words += ["--tmpfs", place]
    for room in ROOMS:
        words += ["--ro-bind", f"{grader}/{room}", f"{grader}/{room}"]
    return [*words, "--bind", scratch, scratch, "--chdir", "/"]


def _lies_in(path: str, places: Iterable[str]) -> bool:
    return any(path == place or path.startswith(place.rstrip("/") + "/") for place in places)


def runs(front: list[str]) -> bool:
    """Whether an interpreter starts behind it."""
    try:
        trial = subprocess.run(  # noqa: S603 - our own words
            [*front, sys.executable, "-I", "-c", ""],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TRIAL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


def _interpreter() -> list[str]:
    """Where it starts from: the links to it, itself, its libraries."""
    links = [sys.executable, os.path.realpath(sys.executable)]
    for prefix in (sys.prefix, sys.base_prefix):
        links += [f"{prefix}/{name}" for name in ("bin", "lib", "lib64", "pyvenv.cfg")]
    return links


def outer_pid(warm: int, inner: int) -> int:
    """Process id, as we know it, of a child that the process behind a bwrap knows by another.

    Raises:
        OSError: There is no such child any more.
    """
    for pid in (pid for parent in _children(warm) for pid in _children(parent)):
        if _innermost_pid(pid) == inner:
            return pid
    raise ProcessLookupError(f"no child {inner} behind bwrap")


def _innermost_pid(pid: int) -> int:
    """What a process is called where it lives itself; 0 if it has just ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_bytes().splitlines()
        return next((int(line.split()[-1]) for line in lines if line.startswith(b"NSpid:")), 0)
    return 0


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_bytes().split()]
