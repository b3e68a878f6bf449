"""Landlock: what a process may read and write, and whom it may signal; no privilege is needed.

Rules give rights to whole trees; of several rulesets, what all allow is allowed. So one ruleset, made once and
inherited, says what any child may read; each child adds its own, small one, which lets it write only where nobody else
does.

Source: Documentation/userspace-api/landlock.rst; <linux/landlock.h>.
"""

from __future__ import annotations

import os
import stat
import struct
from typing import TYPE_CHECKING

from grader.walls import libc

if TYPE_CHECKING:
    from collections.abc import Mapping

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446  # the same on all architectures
_VERSION = 1
_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
READ = READ_FILE | READ_DIR | EXECUTE
"""To map a library counts as reading; `execve` is denied elsewhere."""
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE | _IOCTL_DEV
_SINCE = {1: (1 << 13) - 1, 2: 1 << 13, 3: _TRUNCATE, 5: _IOCTL_DEV}
"""The rights on files that each version of the interface brought."""
_TCP = 0b11
_SCOPES = 0b11
"""Abstract sockets, signals."""


def version() -> int:
    """Of the kernel's Landlock.

    Raises:
        OSError: It has none.
    """
    return libc.system_call(_CREATE, None, 0, _VERSION)


def all_rights(known: int) -> int:
    """Every right on files that this version knows."""
    rights = 0
    for since, more in _SINCE.items():
        rights |= more if known >= since else 0
    return rights


def ruleset(known: int, handled: int, *, alone: bool = False) -> int:
    """A new ruleset that denies the `handled` rights; with `alone` TCP, too, and signals beyond itself."""
    net = _TCP if alone and known >= 4 else 0
    scopes = _SCOPES if alone and known >= 6 else 0
    words = struct.pack("=QQQ", handled, net, scopes)
    size = 8 if known < 4 else 16 if known < 6 else 24
    return libc.system_call(_CREATE, words[:size], size, 0)


def rule(place: int, rights: int) -> bytes:
    """The words that give rights on an opened file, or on all beneath an opened folder; none if it has none of them."""
    if not stat.S_ISDIR(os.fstat(place).st_mode):
        rights &= _OF_A_FILE
    return struct.pack("=Qi", rights, place) if rights else b""


def allow(rules: int, words: bytes) -> None:
    """Add a rule."""
    if words:
        libc.system_call(_ADD_RULE, rules, _PATH_BENEATH, words, 0)


def restrict(rules: int) -> None:
    """Live by a ruleset from now on, and so do all that come of this process."""
    libc.system_call(_RESTRICT, rules, 0)


class Rules:
    """What the children of one process may read, made ready for them.

    Args:
        places: Paths with the rights on them; those that are not there are left out.
        shown: The same without what is hidden: what is allowed is what both allow.
        scratch: The folder of all scratch folders.
    """

    def __init__(self, places: Mapping[str, int], shown: Mapping[str, int], scratch: str) -> None:
        self._version = version()
        self._scratch = scratch
        opened = _opened(places)
        self._places = [place for place, _ in opened]
        self._allowed = [rule(place, rights) for place, rights in opened]
        self._common = None if shown == places else self._shared(shown)

    def _shared(self, shown: Mapping[str, int]) -> int:
        """One ruleset for all children, of any length: it is inherited ready-made."""
        rules = ruleset(self._version, READ)
        for place, rights in _opened({**shown, self._scratch: READ, "/proc": READ}):
            allow(rules, rule(place, rights & READ))
            os.close(place)
        return rules

    def restrict(self, scratch: str) -> None:
        """Leave this process the places, its scratch folder, and the view of its own threads."""
        every = all_rights(self._version)
        own = ruleset(self._version, every, alone=True)
        for words in self._allowed:
            allow(own, words)
        for place in _open(scratch):
            allow(own, rule(place, every & ~EXECUTE))
        # Never closed: while it is open, the kernel keeps the folder that the rule is about.
        for place in _open("/proc/self/task"):
            allow(own, rule(place, READ_FILE | READ_DIR))
        for rules in (self._common, own):
            if rules is not None:
                restrict(rules)
                os.close(rules)
        for place in self._places:
            os.close(place)


def _opened(places: Mapping[str, int]) -> list[tuple[int, int]]:
    """Descriptors of the places that there are, each with its rights."""
    return [(place, rights) for path, rights in places.items() for place in _open(path)]


def _open(path: str) -> list[int]:
    try:
        return [os.open(path, os.O_PATH | os.O_CLOEXEC)]
    except OSError:  # this system has no such place: nothing to allow
        return []
