"""Tells the program's own files from the library's."""

import asyncio
import sysconfig
from functools import cache
from pathlib import Path

_HERE = str(Path(__file__).parent)
_LIBRARY = tuple(
    sysconfig.get_path(name) + "/" for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
_INSTALLED = ("/site-packages/", "/dist-packages/")
_ASYNCIO = str(Path(asyncio.__file__).parent)


@cache
def is_user_file(file: str) -> bool:
    """Tell whether a file is neither the library's, nor installed, nor ours, nor made up."""
    return not (
        file.startswith((*_LIBRARY, "<", _HERE)) or any(part in file for part in _INSTALLED)
    )


@cache
def is_standard(file: str) -> bool:
    """Tell whether a file is of the standard library."""
    installed = any(part in file for part in _INSTALLED)
    return file.startswith((*_LIBRARY[:2], "<frozen")) and not installed


def is_asyncio(file: str) -> bool:
    """Tell whether a file is of asyncio itself."""
    return file.startswith(_ASYNCIO)
