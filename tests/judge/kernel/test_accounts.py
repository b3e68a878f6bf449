"""What the kernel counts of the threads of a process of our own, apart from its first one."""

import os
import platform
import selectors
import socket
import subprocess
import sys
import threading

import pytest

from grader.judge.kernel.accounts import Account, LinuxAccounts, NoAccounts, accounts_of
from grader.judge.kernel.threads import SYSTEM_CALLS

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in SYSTEM_CALLS, reason="reads /proc"
)


@pytest.fixture
def beside():
    """Runs something in a thread, with the near end of a socket pair; ends it by closing the other end."""
    here = frozenset(int(thread) for thread in os.listdir("/proc/self/task"))  # noqa: PTH208 - of numbers
    accounts = LinuxAccounts(os.getpid(), without=here)
    started = []

    def beside(work):
        near, far = socket.socketpair()
        thread = threading.Thread(target=work, args=(near,))
        started.append((thread, near, far))
        thread.start()
        return accounts, far

    yield beside
    for thread, near, far in started:
        far.close()
        thread.join()
        near.close()
    accounts.close()


def asleep(accounts, looks=100):
    """How the thread sleeps, when it does at last; a wait for the interpreter's lock is over before so many looks."""
    seen, same = None, 0
    while same < looks:
        sleep = accounts.sleep()
        same = same + 1 if sleep and sleep.readings and sleep == seen else 0
        seen = sleep
    return seen


def selecting(kind, timeout):
    """Wait for readiness until the other end is closed."""

    def work(near):
        with kind() as selector:
            selector.register(near, selectors.EVENT_READ)
            while not selector.select(timeout):
                pass

    return work


@pytest.mark.parametrize(
    "kind", [selectors.EpollSelector, selectors.PollSelector, selectors.SelectSelector]
)
@pytest.mark.parametrize(("timeout", "timed"), [(None, False), (60, True)])
def test_sleep_in_a_selector_is_told_with_its_limit(beside, kind, timeout, timed):
    """Whichever selector it is, it is known as one, and whether it asked to be woken at a time."""
    accounts, _ = beside(selecting(kind, timeout))

    sleep = asleep(accounts)

    assert (sleep.selects, sleep.timed) == (1, timed)


def test_sleep_at_one_socket_is_no_selector(beside):
    """Whoever waits in `recv` waits for one socket alone."""
    accounts, _ = beside(lambda near: near.recv(1))

    sleep = asleep(accounts)

    assert (sleep.selects, sleep.timed) == (0, False)


READER = """
import socket, sys, threading
near = socket.socket(fileno=int(sys.argv[1]))
thread = threading.Thread(target=lambda: all(iter(lambda: near.recv(1), b"")))
thread.start()
thread.join()
"""


def test_wake_ups_are_counted():
    """A thread that is woken for each byte went to sleep as often."""
    near, far = socket.socketpair()
    with near, far:
        number = near.fileno()
        command = [sys.executable, "-I", "-S", "-c", READER, str(number)]
        with subprocess.Popen(command, pass_fds=[number]) as process:
            near.close()
            accounts = LinuxAccounts(process.pid)
            sleep = asleep(accounts)
            before = accounts.account()
            for _ in range(5):
                far.send(b"x")
                while (now := asleep(accounts)) == sleep:
                    pass
                sleep = now
            spent = accounts.account().since(before)
            accounts.close()
            far.close()

    assert spent.wakes == 5


def test_what_is_not_told_is_not_guessed():
    """Without a view from outside there are no accounts, and nobody is accused."""
    accounts = accounts_of(os.getpid(), "portable")

    assert isinstance(accounts, NoAccounts)
    assert accounts.account() is None
    assert accounts.sleep() is None
    assert Account(2.0, 5).since(Account(0.5, 2)) == Account(1.5, 3)
