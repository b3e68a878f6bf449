"""Stage 5: a callback that always comes later, and a way to find one that does so only sometimes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

Asks = Callable[[Callable[[Any], None], Callable[[Exception], None]], None]
"""A function that takes `on_done` and `on_error`, and calls one of them with its answer."""
TRIES = 10
"""How often `classify` calls a function before it says what it is."""


def always_later(call_soon: Callable[..., object], fn: Asks) -> Asks:
    """Make a function that asks `fn`, and calls back once, after it has returned.

    Args:
        call_soon: The event loop's: `call_soon(callback, argument)` runs it in a later turn.
        fn: May answer before it returns, or later, or several times, or raise.
    """

    def later(on_done: Callable[[Any], None], on_error: Callable[[Exception], None]) -> None:
        answered = False

        def answer(callback: Callable[[Any], None], value: object) -> None:
            nonlocal answered
            if not answered:
                answered = True
                call_soon(callback, value)

        try:
            fn(lambda value: answer(on_done, value), lambda error: answer(on_error, error))
        except Exception as error:  # noqa: BLE001 - whatever it raises is its answer
            answer(on_error, error)

    return later


def classify(fn: Asks) -> str:
    """Call `fn` ten times, and say whether its callbacks came before it returned.

    Returns:
        "sync" if they always did, "async" if they never did, else "both".
    """
    seen = {_answers_at_once(fn) for _ in range(TRIES)}
    if len(seen) > 1:
        return "both"
    return "sync" if True in seen else "async"


def _answers_at_once(fn: Asks) -> bool:
    told: list[object] = []
    fn(told.append, told.append)
    return bool(told)


if __name__ == "__main__":
    from shop.by_hand import run_zalgo

    run_zalgo(always_later, classify)
