"""The instructor's private checks as a value: they travel with a job, and lie in files only while it is graded."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from grader import private

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence


def packed(folder: Path | None, stages: Sequence[Path]) -> tuple[tuple[str, bytes], ...]:
    """The private checks of these stages: path below the folder, and content.

    Raises:
        UsageError: There is no such folder.
        ExerciseError: It holds no checks, or those of a stage that does not exist.
    """
    with tempfile.TemporaryDirectory(prefix="unblocked-") as scratch:
        copies = private.gather(folder, stages, Path(scratch))
        return tuple(
            (f"{stage.name}/{path.name}", path.read_bytes())
            for stage, copy in copies.items()
            for path in sorted(copy.iterdir())
        )


@contextmanager
def unpacked(checks: Sequence[tuple[str, bytes]]) -> Generator[Path | None]:
    """A folder that holds them for as long as they are needed; None if there are none."""
    if not checks:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="unblocked-") as folder:
        for name, content in checks:
            path = Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        yield Path(folder)
