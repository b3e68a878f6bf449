"""Files of a folder, without what an interpreter or an editor leaves there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def tree(folder: Path, name: str, patterns: Iterable[str] = ("**/*",)) -> dict[str, bytes]:
    """Read a folder.

    Args:
        folder: Where it lies.
        name: What it is to be called.
        patterns: Which of its files.

    Returns:
        Names, parted by `/`, to bytes.
    """
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    named = {path.relative_to(folder): path for path in found}
    return {
        f"{name}/{inside.as_posix()}": path.read_bytes()
        for inside, path in sorted(named.items())
        if "__pycache__" not in inside.parts and not any(p.startswith(".") for p in inside.parts)
    }
