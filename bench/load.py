"""A busy machine, made on purpose: processes that compute beside what is measured, and end with it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 16
"""Busy processes that anybody may ask for."""
COMPUTE = "import os\nparent = os.getppid()\nwhile os.getppid() == parent:\n    sum(range(10**5))\n"
"""Ends by itself, too, when whoever started it has gone."""


@contextmanager
def busy(count: int) -> Iterator[list[int]]:
    """Have so many processes compute; gives their ids."""
    processes = [subprocess.Popen([sys.executable, "-I", "-c", COMPUTE]) for _ in range(count)]
    try:
        yield [process.pid for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
