"""The warm process: imports once what every child needs, then forks one child for each check.

    python -I grader/child/__main__.py CONTROL PLAN ROOT…
    python -I grader/child/__main__.py WIRE PLAN --once SIDE LOG STACKS TRIO FORKS ROOT…

It never sees a submission, has a single thread, and adopts what its children leave behind. CONTROL is the number of an
inherited socket; a request is a JSON line, its descriptors come along. PLAN says which walls are wanted round each
child; the first line that the judge hears says which hold. With --once it is itself the child, for trio if TRIO is 1,
and one that may fork if FORKS is 1.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.walls.building import Walls

REQUEST = 200
"""Bytes of a request, at most."""
PACKAGES = ("shop", "anyio", "sniffio", "idna", "typing_extensions", "msgspec")
"""What a submission may import beside the standard library, and what that needs."""


def warm(plan: str, *, once: bool) -> Walls:
    """Import what would else be imported inside a check, where it looks like blocking; and rehearse."""
    import grader.child.cheap_debug  # noqa: I001, PLC0415  # pyright: ignore[reportUnusedImport] - it has to be the first

    import asyncio  # noqa: PLC0415
    import concurrent.futures.thread  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - to be warm
    import logging  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - to be warm
    import queue  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - to be warm

    import anyio._backends._asyncio  # noqa: PLC0415  # pyright: ignore[reportUnusedImport] - to be warm
    import anyio.from_thread  # noqa: PLC0415  # pyright: ignore[reportUnusedImport] - to be warm
    import anyio.to_thread  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - to be warm

    import grader.child.life  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - to be warm
    from grader.child.rehearsal import TAKES, rehearse  # noqa: PLC0415

    from grader.child.watching import DETECTOR  # noqa: PLC0415

    DETECTOR.prepare()
    asyncio.new_event_loop().close()
    rehearse(1 if once else TAKES)
    walls = walls_of(plan)
    gc.collect()
    gc.freeze()  # a child's collection then leaves the shared pages alone
    # For the children; what we import ourselves is kept for the next time.
    sys.dont_write_bytecode = True
    return walls


def learn_trio(*, once: bool) -> None:
    """Import and rehearse what a child of trio's needs: more than all the rest, so nobody else pays for it."""
    import grader.child.trio_run  # noqa: PLC0415  # pyright: ignore[reportUnusedImport] - to be warm
    import grader.child.trio_services  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - to be warm
    from grader.child.rehearsal import TAKES, rehearse_on_trio  # noqa: PLC0415 - warm already

    rehearse_on_trio(1 if once else TAKES)
    gc.collect()
    gc.freeze()


def walls_of(plan: str) -> Walls:
    """The walls round each child, tried."""
    from grader.walls.building import Walls  # noqa: PLC0415 - as above
    from grader.walls.places import places_of  # noqa: PLC0415
    from grader.walls.plan import read_plan  # noqa: PLC0415

    walls = Walls(read_plan(plan), places_of(PACKAGES))
    walls.try_()
    return walls


def serve(control: socket.socket, walls: Walls) -> None:
    """Fork and end children until the judge has gone."""
    alive: set[int] = set()
    reply: dict[str, object] = {"walls": walls.standing.names}
    while tell(control, reply) and (received := receive(control)):
        request, descriptors = received
        if "end" in request:
            reply = {"ended": end(request["end"], alive)}
            walls.clear(request["end"])
        elif "trio" in request:
            learn_trio(once=False)
            reply = {"knows": "trio"}
        else:
            pid = fork(control, walls, descriptors, forks="forks" in request)
            alive.add(pid)
            reply = {"pid": pid}
    for pid in alive:
        kill(pid)


def tell(control: socket.socket, reply: dict[str, object]) -> bool:
    """Say a line to the judge; False if it has gone."""
    try:
        control.sendall(json.dumps(reply).encode() + b"\n")
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def receive(control: socket.socket) -> tuple[dict[str, int], list[int]] | None:
    """The next request and its descriptors; None when the judge has gone."""
    line = b""
    descriptors: list[int] = []
    # A packet is one request. From a stream, a byte at a time: then descriptors cannot mix.
    size = 1 if control.type == socket.SOCK_STREAM else REQUEST
    while not line.endswith(b"\n"):
        try:
            data, more, _, _ = socket.recv_fds(control, size, 4)
        except ConnectionResetError:
            data, more = b"", []
        if not data:
            return None
        line += data
        descriptors += more
    return json.loads(line), descriptors


def fork(
    control: socket.socket, walls: Walls, descriptors: list[int], *, forks: bool = False
) -> int:
    """A new child; returns its process id in the parent, and never in the child."""
    pid = os.fork()
    if pid == 0:
        control.close()
        walls.forks = forks
        become_child(walls, *descriptors)
    walls.make_room(pid)
    for descriptor in descriptors:
        os.close(descriptor)
    return pid


def become_child(walls: Walls, wire: int, side: int, log: int, stacks: int) -> None:
    """Never returns."""
    from grader.child.life import live  # noqa: PLC0415 - warm already
    from grader.walls.privileges import show  # noqa: PLC0415 - as above

    try:
        show()  # the judge, and its own detector, look at it through /proc
        os.setsid()
        live(walls, socket.socket(fileno=wire), socket.socket(fileno=side), log, stacks)
    except BaseException:  # noqa: BLE001 - a child must not go on as a second server
        traceback.print_exc()
    finally:
        os._exit(1)


def end(pid: int, alive: set[int]) -> int:
    """Kill a child and all that it left; returns its wait status."""
    if pid not in alive:
        return 0
    kill(pid)
    _, status = os.waitpid(pid, 0)
    alive.discard(pid)
    for _ in range(20):
        left = orphans(alive)
        for orphan in left:
            os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)
        if not left:
            break
    return status


def kill(pid: int) -> None:
    """End a child, and what it has forked: all of that is in its process group."""
    os.kill(pid, signal.SIGKILL)  # it may not have a group of its own yet
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def orphans(alive: set[int]) -> list[int]:
    """Children of ours that we did not fork: their parents have ended, and so has the check that they belong to."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:  # noqa: PTH123 - no pathlib in the warm process
            found = [pid for pid in map(int, file.read().split()) if pid not in alive]
    except OSError:  # no /proc: what is left is left to its limits
        return []
    return [pid for pid in found if os.getpgid(pid) not in alive]


def main() -> None:
    """Warm up; then serve, or be the child."""
    first, plan, *rest = sys.argv[1:]
    once = [int(word) for word in rest[1:6]] if rest[0] == "--once" else []
    roots = rest[6:] if once else rest
    sys.path[:0] = roots
    walls = warm(plan, once=bool(once))
    sys.path[:] = [path for path in sys.path if path not in roots or path.endswith("site-packages")]
    if once:
        *descriptors, trio, forks = once
        if trio:
            learn_trio(once=True)
        walls.forks = bool(forks)
        become_child(walls, int(first), *descriptors)
    if sys.platform == "linux":
        from grader.walls.privileges import adopt, hide  # noqa: PLC0415 - warm already

        adopt()
        hide()  # its children are of the same user
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judge, who ends us in order
    serve(socket.socket(fileno=int(first)), walls)
    os._exit(0)  # there is nothing to tidy up


if __name__ == "__main__":
    main()
