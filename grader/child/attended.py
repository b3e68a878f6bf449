"""A child on the terminal, for a debugger: nothing watches it, nothing bounds it, its streams are the learner's.

It is started by name: `python grader/child/attended.py WIRE SIDE STACKS ROOT…`, the first three being descriptors.
"""

from __future__ import annotations

import os
import socket
import sys


def main() -> None:
    """Import what a submission may import, and live."""
    wire, side, stacks, *roots = sys.argv[1:]
    sys.path[:] = [*roots, *sys.path[1:]]  # our own folder holds nothing for a submission
    import grader.child.cheap_debug  # noqa: F401, I001, PLC0415  # pyright: ignore[reportUnusedImport] - it has to be the first

    from grader.child.life import attend  # noqa: PLC0415 - it is found only now

    wires = [socket.socket(fileno=int(number)) for number in (wire, side)]
    attend(wires[0], wires[1], int(stacks))
    os._exit(1)


if __name__ == "__main__":
    main()
