"""Brings every catalogue up to date, compiles it, and says what is missing: `nox -s messages`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from grader.language import catalogue_in
from translation.catalogues import compiled, missing, pages, read, said, source_of, updated, wanted

if TYPE_CHECKING:
    from pathlib import Path


def main() -> int:
    """Write what differs; 1 if a message has no translation."""
    left = 0
    for code, home in pages():
        catalogue = updated(read(home, code), wanted(home))
        _write(catalogue_in(home, code, "po"), source_of(catalogue))
        made, path = compiled(catalogue), catalogue_in(home, code)
        if not path.is_file() or said(path.read_bytes()) != said(made):
            _write(path, made)
        for message in missing(catalogue):
            print(f"{catalogue_in(home, code, 'po')}: {message}")
            left += 1
    return int(left > 0)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
