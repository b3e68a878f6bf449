"""Stacks: read from a dump, cut to the step, and searched for the line at fault."""

import faulthandler

from grader.blocking.frames import caller
from grader.blocking.sources import is_standard, is_user_file
from grader.blocking.stacks import Frame, elect, inside_step, parse_dump, stack_of, user_frame

LOOP = Frame("/lib/asyncio/base_events.py", 1922, "_run_once")
SLEEPY = Frame("/home/me/shop.py", 7, "settle")
BUSY = Frame("/home/me/shop.py", 9, "count")
STARTER = Frame("/home/me/shop.py", 30, "<module>")
LIBRARY = Frame("/usr/lib/python3/dist-packages/client.py", 5, "get")


def here():
    return stack_of(caller())[0]


def test_faulthandlers_own_dump_is_understood(tmp_path):
    """What faulthandler writes for this very line names this file and function."""
    with (tmp_path / "dump").open("w+") as file:
        faulthandler.dump_traceback(file, all_threads=False)
        file.seek(0)
        stacks = parse_dump(file.read())

    assert stacks[0][0] == Frame(__file__, here().line - 4, here().function)


def test_names_that_are_not_ascii_are_read_back():
    text = 'Stack (most recent call first):\n  File "/caf\\xe9/\\uc8fc\\ubb38.py", line 3 in pay\n'

    assert parse_dump(text) == [(Frame("/café/주문.py", 3, "pay"),)]


def test_what_started_the_loop_is_not_in_the_step():
    """The program's outermost frame runs the loop; it is not what the step is doing."""
    assert inside_step((SLEEPY, LOOP, STARTER)) == (SLEEPY,)


def test_the_innermost_line_of_the_program_is_at_fault():
    assert user_frame((LIBRARY, SLEEPY, STARTER), is_user_file) == SLEEPY


def test_the_line_seen_most_often_wins():
    stacks = [(BUSY,), (LIBRARY, SLEEPY), (SLEEPY,)]

    assert elect(stacks, is_user_file) == (LIBRARY, SLEEPY)


def test_a_stack_without_a_line_of_the_program_elects_nobody():
    assert elect([(LIBRARY,)], is_user_file) is None


def test_whose_a_file_is():
    """The program's files are neither the library's, nor installed, nor made up."""
    import asyncio

    assert is_user_file(__file__)
    assert not is_user_file(asyncio.__file__)
    assert not is_user_file(LIBRARY.file)
    assert not is_user_file("<string>")
    assert is_standard(asyncio.__file__)
    assert not is_standard(LIBRARY.file)
