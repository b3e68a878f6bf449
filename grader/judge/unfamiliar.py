"""Errors that a learner meets for the first time, asyncio's own and those of the walls: what to do about each."""

from __future__ import annotations

from grader.language import later, say

OFF_THE_LOOP = "Non-thread-safe operation"
"""How asyncio, in debug mode, refuses what another thread than the loop's asks of it."""
LOOP_IN_LOOP = (
    "cannot be called from a running event loop",
    "event loop is already running",
    "while another loop is running",
    "Already running asyncio in this thread",
)
"""How it refuses to run a loop inside a loop; the coroutine that it was to run is then never awaited."""
_RUNS_ALREADY = later("The loop runs already: `await` the coroutine, or return its future.")
_OF_ANOTHER_LOOP = later(
    "It belongs to another loop: make it where it is used, not while the file is imported."
)
_BEHIND_WALLS = later(
    "A graded program may start no process, open no connection, and read or write no files but its own."
)
REFUSED = tuple(f"PermissionError({number}" for number in ("1,", "'1'", "13,", "'13'"))
"""What the walls refuse, by the numbers of the system."""
ADVICE = {
    **dict.fromkeys(LOOP_IN_LOOP, _RUNS_ALREADY),
    "`call_soon_threadsafe`": later(  # as our own message has it, in every language
        "Have the loop do it: `loop.call_soon_threadsafe(future.set_result, value)`."
    ),
    "no running event loop": later(
        "A loop is running only for coroutines and callbacks in its own thread: ask for it there."
    ),
    "attached to a different loop": _OF_ANOTHER_LOOP,
    "is bound to a different event loop": _OF_ANOTHER_LOOP,
    **dict.fromkeys(REFUSED, _BEHIND_WALLS),
    "'coroutine' object": later("A coroutine does nothing until it is awaited, or made a task."),
}
"""Words of an error, as messages quote them, to one thing to try."""


def advice(message: str) -> str:
    """What to try, if a message quotes such an error; else an empty text."""
    return next((say(text) for words, text in ADVICE.items() if words in message), "")


def is_loop_in_loop(message: str) -> bool:
    """Whether a message quotes that a loop was to run inside a loop."""
    return any(words in message for words in LOOP_IN_LOOP)
