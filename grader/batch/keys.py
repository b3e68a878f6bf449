"""Keys: a verdict holds as long as nothing that it rests on has changed.

It rests on the submission's files, the checks, the seed, and the grader's version. Not on names, times or places: two
students who hand in the same bytes share one verdict, and a folder may be moved.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

import shop
from grader.judge.findings import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.batch.jobs import Answer, Terms


def checks_digest(stages: Iterable[Path]) -> str:
    """A digest of all that judges: each stage's files but the starter, and the shop.

    Args:
        stages: The exercise folders.
    """
    digest = sha256()
    for folder in (*stages, Path(shop.__file__).parent):
        for path in _files(folder):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            digest.update(_framed(name.encode()) + _framed(path.read_bytes()))
    return digest.hexdigest()


def key_of(answers: Sequence[Answer], terms: Terms) -> str:
    """The key of a submission's verdict; walls hold or do not, and change no verdict."""
    rests_on = msgspec.structs.replace(terms, walls=(), strangers=True)
    return sha256(msgspec.msgpack.encode([rests_on, list(answers)])).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != FILE and "__pycache__" not in path.parts:
            yield path


def _framed(part: bytes) -> bytes:
    """Behind its length, so that no two lists of parts look alike."""
    return len(part).to_bytes(8, "big") + part
