"""Which places a child may read: the interpreter, its libraries and packages, the shop; never the grader itself."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from grader.walls.landlock import READ, READ_FILE, WRITE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SYSTEM = (
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/nix/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/usr/share/zoneinfo",
    "/dev/urandom",
    "/sys/devices/system/cpu",  # os.cpu_count(), and so the size of an executor
)
"""What any interpreter reads, wherever it is installed."""
DEVICES = {"/dev/null": READ_FILE | WRITE_FILE, "/dev/zero": READ_FILE | WRITE_FILE}


def readable(packages: Iterable[str]) -> dict[str, int]:
    """The places, free of links, with the rights on each.

    Args:
        packages: Folders or files of what a submission may import beside the standard library.
    """
    prefixes = (sys.base_prefix, sys.prefix)
    libraries = [os.path.join(p, name) for p in prefixes for name in ("lib", "lib64")]  # noqa: PTH118 - no pathlib here
    folders = map(os.path.realpath, (*SYSTEM, *libraries, *packages))
    return {**dict.fromkeys(folders, READ), **DEVICES}


def without(places: Mapping[str, int], hidden: Iterable[str]) -> dict[str, int]:
    """The same, with every folder that holds something hidden replaced by what else it holds."""
    hide = [os.path.realpath(path) for path in hidden]
    shown: dict[str, int] = {}
    for path, rights in places.items():
        _show(path, rights, hide, shown)
    return shown


def _show(path: str, rights: int, hidden: list[str], shown: dict[str, int]) -> None:
    inside = [one for one in hidden if one == path or one.startswith(path.rstrip("/") + "/")]
    if not inside:
        shown[path] = rights
    elif path not in inside and os.path.isdir(path):  # noqa: PTH112 - no pathlib here
        for name in os.listdir(path):  # noqa: PTH208 - as above
            _show(os.path.join(path, name), rights, inside, shown)  # noqa: PTH118 - as above


def places_of(names: Iterable[str]) -> list[str]:
    """Where imported packages lie."""
    modules = [sys.modules[name] for name in names if name in sys.modules]
    found = [
        list(getattr(module, "__path__", ())) or [str(module.__file__)]
        for module in modules
        if getattr(module, "__file__", None)
    ]
    return [path for paths in found for path in paths]
