"""The survivors that `docs/mutants.md` explains: a reason in prose, below it the differences that it is about.

An explanation holds on to the lines themselves. When one of them changes, it fits no mutant any more and is void.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.mutants.mutation import Key

BLOCK = re.compile(r"^```diff\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HUNK = re.compile(r"^@@ (\S+) (\S+): (.+)\n((?:[-+] ?.*\n)+)", re.MULTILINE)


def explained(page: str) -> Iterator[Key]:
    """What the page gives reasons for."""
    for block in BLOCK.findall(page):
        for stage, within, operator, lines in HUNK.findall(block):
            gone, come = (_marked(mark, lines) for mark in "-+")
            yield stage, within.strip("."), operator, gone, come


def _marked(mark: str, lines: str) -> tuple[str, ...]:
    return tuple(line[1:].strip() for line in lines.splitlines() if line.startswith(mark))
