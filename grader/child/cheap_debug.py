"""asyncio's debug mode without its price; to be imported before asyncio is.

Debug mode keeps a stack for each handle, future and task, and asks the file system about each of its lines: half of
what a check costs. Nothing here reads those stacks. What is wanted of debug mode stays: it checks the thread of
`call_soon`, and keeps where a coroutine was made.
"""

from __future__ import annotations

import traceback

_extract_stack = traceback.extract_stack


def _no_stack(*_: object, **__: object) -> traceback.StackSummary:
    return traceback.StackSummary()


traceback.extract_stack = _no_stack  # the C half of asyncio keeps what it finds here
from asyncio import constants, format_helpers  # noqa: E402

traceback.extract_stack = _extract_stack
format_helpers.extract_stack = _no_stack  # and the Python half what it finds there
constants.DEBUG_STACK_DEPTH = 4  # type: ignore[misc]  # frames kept of where a coroutine was made
