"""How far a batch is, on a terminal and in a pipe."""

import io

from rich.console import Console

from grader.batch.progress import watching


def watched(*, terminal):
    """What is written while three submissions of four are seen."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120)
    with watching(console, 4) as tally:
        tally.known()
        tally.graded()
        tally.failed()
    return stream.getvalue(), tally


def test_a_terminal_shows_what_is_done_and_what_failed():
    shown, tally = watched(terminal=True)

    assert "3/4" in shown
    assert "1 failed to grade" in shown
    assert "a minute" in shown
    assert (tally.kept, tally.done, tally.lost, tally.seen) == (1, 1, 1, 3)


def test_a_pipe_stays_quiet():
    shown, tally = watched(terminal=False)

    assert shown == ""
    assert tally.seen == 3
