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
    # TODO: a function in here that takes on_done and on_error; about ten lines. Who else may call
    # back meanwhile, and how often?
    raise NotImplementedError("Stage 5: write always_later, which hands the callback to call_soon.")


def classify(fn: Asks) -> str:
    """Call `fn` ten times, and say whether its callbacks came before it returned.

    Returns:
        "sync" if they always did, "async" if they never did, else "both".
    """
    # TODO: five lines. Had it called back when it returned?
    raise NotImplementedError("Stage 5: write classify, ten calls and one word.")


if __name__ == "__main__":
    from shop.by_hand import run_zalgo

    run_zalgo(always_later, classify)
