"""Putting the walls up: prepared once in the warm process, tried once in a child of it, raised in every child.

A wall that fails in the trial is missing on this machine, and no child tries it again. One that held in the trial and
fails in a child ends that child: nobody is judged behind less than the report says.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from grader.walls import libc, limits, privileges, scratch, seccomp
from grader.walls.landlock import Rules
from grader.walls.layers import Standing, Wall
from grader.walls.places import readable, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from grader.walls.plan import Plan

LINUX = sys.platform == "linux"


class Walls:
    """The walls of one warm process, ready for its children.

    Args:
        packages: Folders or files of what a submission may import beside the standard library.

    Attributes:
        forks: Set in a child before it enters: it may fork processes, which are then behind the same walls.
    """

    forks = False

    def __init__(self, plan: Plan, packages: Iterable[str]) -> None:
        self._plan = plan
        self._rules: Rules | None = None
        self._user: int | None = None
        self.standing = Standing(plan.around)
        if LINUX and Wall.LANDLOCK in plan.wanted:
            self._prepare_landlock(packages)
        if LINUX and Wall.PRIVILEGES in plan.wanted:
            self._user = self._somebody()
        if LINUX and Wall.SECCOMP in plan.wanted:
            with suppress(OSError):  # the trial will say so
                seccomp.prepare()

    def _prepare_landlock(self, packages: Iterable[str]) -> None:
        places = readable(packages)
        try:
            self._rules = Rules(places, without(places, self._plan.hidden), self._plan.scratch)
        except OSError:  # not in this kernel
            self._rules = None

    def _somebody(self) -> int | None:
        """Whom a child of root becomes, if it then still can read the interpreter."""
        if self._rules is None and not all(
            map(privileges.is_open_to_all, (os.path.dirname(os.__file__), self._plan.scratch))  # noqa: PTH120 - no pathlib in the warm process
        ):
            return None
        return privileges.unused_user()

    # ---- in the warm process

    def try_(self) -> Standing:
        """Raise all of them in a child that ends at once, and see which hold."""
        if not LINUX:  # the limits are the same everywhere
            self.standing = Standing(self._plan.around | frozenset(self._available()))
            return self.standing
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                self._enter()
                held = [wall for wall in self._available() if self._holds(wall)]
                os.write(theirs, " ".join(held).encode())
            finally:
                os._exit(0)
        os.close(theirs)
        with open(ours, "rb") as file:  # noqa: PTH123 - a descriptor
            names = file.read().decode().split()
        os.waitpid(pid, 0)
        self.clear(pid)
        self.standing = Standing(self._plan.around | frozenset(map(Wall, names)))
        return self.standing

    def _available(self) -> list[Wall]:
        """In the order in which they are raised: each leaves the next one what it needs."""
        order = (Wall.LIMITS, Wall.PRIVILEGES, Wall.LANDLOCK, Wall.SECCOMP)
        here = order if LINUX else order[:1]
        return [wall for wall in here if wall in self._plan.wanted]

    def _holds(self, wall: Wall) -> bool:
        try:
            self._raise(wall)
        except OSError:
            return False
        return wall not in _PROOFS or _is_refused(_PROOFS[wall])

    def make_room(self, pid: int) -> None:
        """Make a child's scratch folder, unless it was faster: the judge may put something there at once."""
        scratch.make(self._folder(pid))

    def clear(self, pid: int) -> None:
        """Remove what a child left in its scratch folder, with no more rights than it had, if it is still there."""
        folder = self._folder(pid)
        if self._user is None:
            scratch.empty(folder)
        else:
            self._empty_as_user(folder)
        scratch.remove(folder)

    def _empty_as_user(self, folder: str) -> None:
        """From within: the folders above may let nobody but root in."""
        assert self._user is not None
        try:
            os.chdir(folder)
        except FileNotFoundError:
            return
        os.seteuid(self._user)
        scratch.empty(".")
        os.seteuid(0)
        os.chdir("/")

    # ---- in a child

    def enter(self) -> None:
        """Go to this process's own scratch folder, behind all walls that hold here.

        Raises:
            OSError: One of them does not, after all.
        """
        self._enter()
        if LINUX:
            libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)
        for wall in self._available():
            if wall in self.standing.held:
                self._raise(wall)
                if wall is Wall.PRIVILEGES:  # a change of user forgets it; a filter may forbid it
                    libc.prctl(libc.PR_SET_PDEATHSIG, signal.SIGKILL)

    def _enter(self) -> None:
        folder = self._folder(os.getpid())
        scratch.make(folder)
        if self._user is not None:
            os.chown(folder, self._user, self._user)
        os.chdir(folder)

    def _folder(self, pid: int) -> str:
        return f"{self._plan.scratch}/{pid}"

    def _raise(self, wall: Wall) -> None:
        match wall:
            case Wall.LIMITS:
                limits.raise_limits()
            case Wall.PRIVILEGES:
                privileges.give_up(self._user, readable=self._rules is not None)
                privileges.show()
                libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)
            case Wall.LANDLOCK:
                self._rules_or_none().restrict(self._folder(os.getpid()))
            case Wall.SECCOMP:
                seccomp.raise_filter(forks=self.forks)
            case _:
                raise ValueError(wall)

    def _rules_or_none(self) -> Rules:
        if self._rules is None:
            raise OSError("this kernel has no Landlock")
        return self._rules


def _is_refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except PermissionError:
        return True
    return False


_PROOFS: dict[Wall, Callable[[], object]] = {
    Wall.LANDLOCK: lambda: os.listdir("/"),  # noqa: PTH208 - no pathlib in the warm process
    Wall.SECCOMP: socket.socket,
}
"""What a wall refuses to whoever may all else."""
