"""An assembler for the few instructions of classic BPF that a seccomp filter needs.

A filter says for some system calls what becomes of each; a call that it does not name is allowed. What is said of one
always ends the filter, so that it can be read by itself.

Source: Documentation/userspace-api/seccomp_filter.rst; <linux/bpf_common.h>, <linux/seccomp.h>.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOAD = 0x20
_RETURN = 0x06
_AND = 0x54
_IF_EQUAL = 0x15
_IF_AT_LEAST = 0x35
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Offsets in `struct seccomp_data`."""
X32 = 0x40000000
"""From here on the numbers are those of another interface to the same kernel."""

_FEW = 2
"""Calls that are asked for one after the other."""

ALLOW = 0x7FFF0000
KILL = 0x80000000


def error(number: int) -> int:
    """Let the call fail with this errno."""
    return 0x00050000 | number


class Instruction(NamedTuple):
    """`struct sock_filter`; jumps are counted from the next instruction."""

    code: int
    value: int
    if_true: int = 0
    if_false: int = 0

    def packed(self) -> bytes:
        return struct.pack("HBBI", self.code, self.if_true, self.if_false, self.value)


Block: TypeAlias = list[Instruction]


class Test(NamedTuple):
    """A question about the low half of one argument: whether, masked, it is one of these numbers."""

    argument: int
    among: tuple[int, ...]
    mask: int = 0xFFFFFFFF


def end(verdict: int) -> Instruction:
    """The filter's answer."""
    return Instruction(_RETURN, verdict)


def head(architecture: int) -> Block:
    """Nothing but this architecture, and its own numbers; leaves the number loaded."""
    return [
        Instruction(_LOAD, _ARCHITECTURE),
        Instruction(_IF_EQUAL, architecture, 1, 0),
        end(KILL),
        Instruction(_LOAD, _NUMBER),
        Instruction(_IF_AT_LEAST, X32, 0, 1),
        end(KILL),
    ]


def search(bodies: Iterable[tuple[int, Block]]) -> Block:
    """What happens to each of these calls, found by halving.

    The kernel tries every new filter on all the numbers that it has, so a short way pays for each process.
    """
    ordered = sorted(bodies)
    if len(ordered) <= _FEW:
        return [i for call, body in ordered for i in _block(call, body)] + [end(ALLOW)]
    middle = len(ordered) // 2
    below, above = search(ordered[:middle]), search(ordered[middle:])
    return [Instruction(_IF_AT_LEAST, ordered[middle][0], len(below), 0), *below, *above]


def _block(call: int, body: Block) -> Block:
    """What happens to one system call; every other one passes by."""
    return [Instruction(_IF_EQUAL, call, 0, len(body)), *body]


def choice(tests: tuple[Test, ...], yes: int, no: int) -> Block:
    """`yes` if every test holds, else `no`."""
    body: Block = [end(yes)]
    for test in reversed(tests):
        body = [*_asked(test), end(no), *body]
    return body


def _asked(test: Test) -> Block:
    """Falls through to the next instruction if the test fails, passes over it if it holds."""
    load = [
        Instruction(_LOAD, _ARGUMENTS + 8 * test.argument),
        Instruction(_AND, test.mask),
    ]
    count = len(test.among)
    # From the jump at place i, i places before the last one, the way over the end is `count - i`.
    jumps = [Instruction(_IF_EQUAL, v, count - i, 0) for i, v in enumerate(test.among)]
    return [*load, *jumps]


def program(instructions: Block) -> bytes:
    """The whole, ready for the kernel."""
    return b"".join(instruction.packed() for instruction in instructions)
