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
from typing import TYPE_CHECKING

from grader.walls.places import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOMS = ("__init__.py", "child", "protocol", "blocking", "walls")
"""What the child's side of the grader consists of."""
TRIAL = 10.0
"""Seconds after which a bwrap that does not come back counts as one that does not run."""


def front(grader: str, packages: Iterable[str], scratch: str) -> list[str]:
    """The words to put before a command.

    Args:
        grader: The package's folder, of which only `ROOMS` are shown.
        packages: Folders that a child imports from, beside the interpreter's own.
        scratch: The one folder that can be written.
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
    for place in dict.fromkeys((*SYSTEM, *_interpreter(), *packages)):
        words += ["--ro-bind-try", place, place]
    words += ["--tmpfs", grader]
    for room in ROOMS:
        words += ["--ro-bind", f"{grader}/{room}", f"{grader}/{room}"]
    return [*words, "--bind", scratch, scratch, "--chdir", "/"]


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
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123 - once in each check
            ids = next(line for line in status if line.startswith("NSpid:"))
        if int(ids.split()[-1]) == inner:
            return pid
    raise ProcessLookupError(f"no child {inner} behind bwrap")


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123 - as above
        return [int(word) for word in file.read().split()]
