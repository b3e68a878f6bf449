"""What is measured, in which order, within what a machine bears."""

import pytest

from grader.shootout.plan import MOST_COMPUTING, SERVERS, WORKS, Cell, affordable, in_turns


@pytest.mark.parametrize(
    ("asked", "files", "able"),
    [((50, 2000), 20_000, (50, 2000)), ((50, 2000), 1024, (50, 231)), ((3, 3), 64, (1,))],
)
def test_open_files_bound_the_connections(asked, files, able):
    """As many clients as descriptors allow, each number once."""
    assert affordable(asked, files) == able


def test_each_round_begins_with_another_server():
    """Under each load all servers take their turn, and whoever is first changes."""
    rounds = [list(in_turns(SERVERS, WORKS, (50,), turn)) for turn in range(len(SERVERS))]

    assert {cells[0].server for cells in rounds} == set(SERVERS)
    assert all(set(cells) == set(rounds[0]) for cells in rounds)


def test_more_clients_that_compute_would_only_queue():
    """Where requests compute, there are never more than so many."""
    cells = in_turns(SERVERS, WORKS, (50, 2000), 0)

    assert max(c.connections for c in cells if c.work == "computes") == MOST_COMPUTING


def test_each_connection_gets_an_answer():
    """There are no fewer requests than connections."""
    assert Cell("loop", "computes", 2000).requests == 2000
