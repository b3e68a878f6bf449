"""Giving up what root may do: capabilities, and where possible root's user, too."""

from __future__ import annotations

import os
import struct
import sys

from grader.walls import libc

_VERSION_3 = 0x20080522
_DAC_READ_SEARCH, _KILL, _SETGID, _SETUID, _SYS_PTRACE = 2, 5, 6, 7, 19
_TO_CHANGE_USER = (_KILL, _SETGID, _SETUID, _SYS_PTRACE)
"""What the judge needs to become another user in a child that it can still look at and end."""
UNUSED = range(61_184, 65_520)
"""User ids that no system gives to people, packages or services for long (systemd.io/UIDS-GIDS)."""


def capabilities() -> int:
    """The effective ones of this process, as bits."""
    with open("/proc/self/status", "rb") as file:  # noqa: PTH123 - no pathlib in the warm process
        status = file.read()
    return int(status.split(b"\nCapEff:")[1].split()[0], 16)


def unused_user() -> int | None:
    """Somebody whom a child can become so that the judge still sees it; None if there is nobody."""
    user = UNUSED[os.getpid() % len(UNUSED)]
    try:
        effective = capabilities()
        able = all(effective >> bit & 1 for bit in _TO_CHANGE_USER)
        return user if able and _is_mapped(user) else None
    except (
        OSError
    ):  # without /proc the judge sees nobody anyway, and nobody can be told to be unused
        return None


def _is_mapped(user: int) -> bool:
    """Whether the user namespace of this process has such a user; some containers have but one."""
    with open("/proc/self/uid_map", "rb") as file:  # noqa: PTH123 - as above
        ranges = [tuple(map(int, line.split())) for line in file]
    return any(first <= user < first + count for first, _, count in ranges)


def is_open_to_all(path: str) -> bool:
    """Whether the permissions of a folder, and of those above it, let everybody in."""
    above = os.path.dirname(path)  # noqa: PTH120 - as above
    allowed = bool(os.stat(path).st_mode & 0o001)  # noqa: PTH116 - as above
    return allowed and (above == path or is_open_to_all(above))


def give_up(user: int | None, *, readable: bool) -> None:
    """Become `user`, if one is given, and lose every capability.

    Args:
        user: An id that nobody uses.
        readable: Keep the right to read what file permissions deny, since Landlock says what may be read: the
            interpreter may lie in root's home.
    """
    if user is not None:
        libc.prctl(libc.PR_SET_KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    kept = 1 << _DAC_READ_SEARCH if readable and user is not None else 0
    libc.capset(struct.pack("Ii", _VERSION_3, 0), struct.pack("6I", kept, kept, 0, 0, 0, 0))


def show() -> None:
    """Let others of the same user look at this process, as is usual; a change of user forbids it."""
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_DUMPABLE, 1)


def hide() -> None:
    """Let nobody of the same user look into this process: its memory, its environment, its stack."""
    if sys.platform == "linux":
        libc.prctl(libc.PR_SET_DUMPABLE, 0)


def adopt() -> None:
    """Become the parent of whatever the children leave behind."""
    libc.prctl(libc.PR_SET_CHILD_SUBREAPER, 1)
