"""When a wait is in vain is decided by what the kernel has counted, read here from accounts of the test's own."""

import pytest

from grader.judge.kernel.accounts import Account, Sleep
from grader.judge.kernel.threads import ASLEEP, Reading
from grader.judge.sockets import waiting
from grader.judge.sockets.waiting import Waiting

ONCE = Reading(7, ASLEEP, b"100", b"1")
AGAIN = Reading(7, ASLEEP, b"200", b"2")


class Books:
    """Accounts that the test writes."""

    def __init__(self, sleep=None, *accounts):
        self._accounts = list(accounts) or [Account(0.0, 0)]
        self.asleep = sleep

    def account(self):
        return self._accounts.pop(0) if len(self._accounts) > 1 else self._accounts[0]

    def sleep(self):
        return self.asleep

    def close(self): ...


@pytest.mark.parametrize(
    ("spent", "why"),
    [
        (Account(waiting.COMPUTED + 0.1, 3), "it has computed for 1.6 s"),
        (Account(0.1, waiting.WOKEN + 1), "it has woken up 501 times"),
    ],
)
def test_who_computes_or_wakes_for_long_had_his_chance(spent, why):
    """A program that is busy with something else will not come to it."""
    wait = Waiting(Books(None, Account(0.0, 0), spent))

    assert wait.in_vain().startswith(why)


def test_who_moves_may_still_come_to_it():
    """Neither a little computing nor two different sleeps are a reason to give up."""
    books = Books(Sleep((ONCE,), timed=False, selects=1), Account(0.0, 0), Account(0.1, 2))
    wait = Waiting(books)

    assert wait.in_vain() is None
    books.asleep = Sleep((AGAIN,), timed=False, selects=1)
    assert not wait.is_unmoved(0.0)
    assert wait.is_unmoved(0.0)
    books.asleep = None
    assert not wait.is_unmoved(0.0)


def test_sleep_until_a_time_is_waited_for_longer():
    """Whoever sleeps until a timer is due may be woken by it."""
    assert waiting.UNMOVED_UNTIL > 10 * waiting.UNMOVED


def test_without_accounts_there_is_patience():
    """Where the system does not tell, nothing is given up at once."""
    assert Waiting(Books(None, None)).in_vain() is None
