"""Where children work, and which walls are wanted round them."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

from grader.errors import MachineError
from grader.language import say
from grader.walls import bwrap, scratch
from grader.walls.layers import Wall
from grader.walls.plan import Plan

GRADER = Path(__file__).resolve().parents[1]


class Ground:
    """Where children work: a folder for each in one of ours, and the walls that are wanted round it."""

    def __init__(self, wanted: frozenset[Wall], hidden: tuple[str, ...] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="unblocked-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name)
        self.path.chmod(0o711)  # a child of root is somebody else
        package = str(GRADER)
        self.front = self._front(package, hidden) if Wall.BWRAP in wanted else []
        around = {Wall.PROCESS, *([Wall.BWRAP] if self.front else [])}
        self.plan = Plan(str(self.path), wanted, (package, *hidden), frozenset(around))

    def _front(self, package: str, hidden: tuple[str, ...]) -> list[str]:
        """bwrap, if it runs here."""
        folders = [str(Path(root_of(name), name)) for name in ("shop", "msgspec", "anyio")]
        sites = [root_of(name) for name in ("msgspec", "anyio")]
        packages = [*folders, *(site for site in sites if site.endswith("-packages"))]
        front = bwrap.front(package, packages, str(self.path), hidden)
        return front if bwrap.runs(front) else []

    def close(self) -> None:
        """Remove it, with what is left of the children's."""
        for folder in self.path.iterdir():
            scratch.clear(str(folder))
        self._folder.cleanup()


def root_of(package: str) -> str:
    """The folder that holds a package, which the judge itself need not import."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise MachineError(
            say("the package {name!r} is not installed; install unblocked again", name=package)
        )
    return str(Path(found.origin).parents[1])
