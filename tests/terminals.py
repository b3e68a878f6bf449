"""A terminal of our own: a program runs on it as in front of a learner, and what it shows can be read."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

TAKE = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes the terminal the program's own, so that its keys can interrupt."""
PATIENCE = 90.0
"""Seconds of real time in which something must show: nobody waits so long unless it fails."""
ESCAPE = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")


class Terminal:
    """Runs `python ...` in a folder, on a terminal of a given size."""

    def __init__(self, *arguments, cwd, columns=80, lines=40, env=None):
        self._master, slave = pty.openpty()
        self.resize(columns, lines)
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE, sys.executable, *map(str, arguments)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={**os.environ, "TERM": "xterm", **(env or {})},
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""

    def resize(self, columns, lines=40):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys):
        os.write(self._master, keys.encode())

    @property
    def screen(self):
        """What the last frame shows."""
        return ESCAPE.sub("", self.shown.rpartition("\x1b[H")[2]).replace("\r\n", "\n")

    def wait_for(self, *texts, gone=()):
        """Read until the screen shows all of this, and nothing of what is to be gone."""
        until = time.monotonic() + PATIENCE
        while any(text not in self.screen for text in texts) or any(t in self.screen for t in gone):
            assert self._read(until), f"waited in vain for {texts} without {gone}:\n{self.screen}"
        return self.screen

    def wait_end(self):
        """Read until the program has ended; gives its exit status."""
        until = time.monotonic() + PATIENCE
        while self._read(until):
            pass
        return self.process.wait(PATIENCE)

    def _read(self, until):
        ready, _, _ = select.select([self._master], [], [], max(0, until - time.monotonic()))
        try:
            data = os.read(self._master, 65536) if ready else b""
        except OSError:  # nobody has the other end any more
            data = b""
        self.shown += data.decode(errors="replace")
        return bool(data)

    def close(self):
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._master)
