"""A whole shootout, with few clients: what it finds out that is no matter of speed."""

import io

import pytest

from grader.errors import UsageError
from grader.report.console import plain_console
from grader.shootout.page import render
from grader.shootout.plan import SERVERS
from grader.shootout.referee import Referee
from grader.shootout.shooting import Shooting
from grader.shootout.table import show

BROKEN = """
from shop.requests import finish
from shop.sockets import arrivals


def serve_threads(listener, handler, stop):
    raise NotImplementedError("Write me.")


def serve_loop(listener, handler, stop):
    for connection in arrivals(listener, stop):
        with connection:
            connection.sendall(b"paid nothing\\n")
"""


def shot(path, **options):
    """The shootout of a program."""
    with Referee(path) as referee:
        options = {"connections": (4,), "rounds": 1, "tell": lambda done, all_: None, **options}
        return Shooting(referee, **options).carry_out("mine", "coroutines", {"HOLDING": "loop"})


@pytest.fixture(scope="module")
def reference(request):
    """The reference servers, measured with four clients."""
    return shot(request.config.rootpath / "solutions/s10_servers/pipeline.py")


def test_all_servers_are_measured(reference):
    """Each under both loads, with every answer right."""
    measured = {(row.cell.server, row.cell.work) for row in reference.rows}

    assert measured == {(s, work) for s in SERVERS for work in ("waits", "computes")}
    assert not any(row.failed for row in reference.rows)
    assert reference.left_out == ()


def test_what_clients_cost_is_counted(reference):
    """A process, or a thread, for each client who is held, and for the others no more."""
    needs = {held.server: held.needs for held in reference.held}

    assert needs["processes"].processes == 5
    assert needs["threads"].threads == 5
    assert needs["loop"].threads == needs["coroutines"].threads == 1


def test_table_fits_a_terminal(reference):
    """80 columns, in letters alone where a stream has no others."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")

    show(reference, plain_console(stream))

    stream.seek(0)
    text = stream.read()
    assert max(map(len, text.splitlines())) <= 80
    assert "HOLDING is loop: so it was measured." in text


def test_page_needs_nothing_else(reference):
    """No script, nothing from another host."""
    page = render(reference)

    assert "<script" not in page
    assert 'src="' not in page
    assert page.count("<svg") == 2


def test_broken_servers_are_left_out_with_the_reason(write_program):
    """One that raises, one that answers wrong, and those that are not there."""
    found = shot(write_program(BROKEN))

    why = {left.server: left.why for left in found.left_out}
    assert why["threads"] == "NotImplementedError: Write me."
    assert "wrong" in why["loop"]
    assert why["reactor"] == "NameError: name 'serve_reactor' is not defined"
    assert set(why) == set(SERVERS)
    assert found.rows == ()


def test_program_that_cannot_be_imported_is_its_authors_affair(write_program):
    """Nothing is measured, and the sentence says why."""
    with pytest.raises(UsageError, match="cannot be imported: SyntaxError"):
        shot(write_program("def serve_loop(:"))
