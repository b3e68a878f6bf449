"""What the judge makes of the detector's lines."""

from grader.judge.detected import sure_lines
from grader.protocol.messages import Blocked, BlockedLine


def test_wait_that_is_only_suspected_is_no_sure_line():
    """On a busy machine a right program's thread may take long to start; a sleep says itself that it waits."""
    suspected = BlockedLine("waits", 0.03, 1, 5, "lock.acquire")
    sleep = BlockedLine("waits", 0.03, 1, 6, "time.sleep")

    assert sure_lines(Blocked((suspected, sleep), True, False), most_calls=0) == [sleep]
