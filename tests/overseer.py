"""Runs one command to its end, as the adoptive parent of all that it leaves behind; tells what it cost and left.

    python -I -S overseer.py SECONDS USER COMMAND…

Its last words on the error output are one line of JSON: `status`, `memory` (bytes that the command's own process had,
at most), `left` (processes that it left) and `late` (it had to be ended). USER is a number, or `-` for whoever runs
this. Linux only.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
LOOK_AFTER = 0.02
"""Seconds between two looks at the memory."""


def main():
    """Run it, look at it, bury it."""
    seconds, user, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    identity = {} if user == "-" else {"user": int(user), "group": int(user), "extra_groups": []}
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **identity)
    memory, late = watch(process, float(seconds))
    if late:
        process.kill()
    status = process.wait()
    told = {"status": status, "memory": memory, "left": bury(), "late": late}
    print(json.dumps(told), file=sys.stderr)


def watch(process, seconds):
    """The most memory that it had, and whether it is still there when the time is over."""
    deadline = time.monotonic() + seconds
    memory = 0
    while time.monotonic() < deadline:
        memory = max(memory, most_memory(process.pid))
        try:
            process.wait(LOOK_AFTER)
        except subprocess.TimeoutExpired:
            continue
        return memory, False
    return memory, True


def most_memory(pid):
    """The kernel's own high-water mark; 0 once the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def bury():
    """End what is left, generation after generation; how they called themselves, those that had not ended yet."""
    names = []
    while pids := adopted():
        for pid in pids:
            names += filter(None, [name(pid)] if is_alive(pid) else [])
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return names


def adopted():
    """Our children, and whoever has become one because his parent ended."""
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


def is_alive(pid):
    """Whether it is more than a status that nobody has asked for yet."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def name(pid):
    """How it was called; "" for one that is ending, and has no memory any more."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()


if __name__ == "__main__":
    main()
