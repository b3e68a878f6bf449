"""Every sentence of a play, in one place."""

from __future__ import annotations

from grader.language import later

CALLED = later("{step} is called")
ANSWERED = later("{step} answers")
FAILED = later("{step} fails: {text}")
CANCELLED = later("{step} is cancelled")
DONE = later("the checkout ends with {text}")
LOST = later("the checkout ends with {text}")
STALLED = later("the loop stood still for {text}")
PRINTED = later("it printed: {text}")
BROKE = later("the program broke off: {text}")
CURTAIN = later("played in {text}")
NEVER_ENDED = later("it has not ended after {seconds:g} s, and is ended now")
VANISHED = later("the program's process has ended by itself")
CUSTOMER = later("user {user}")
LOOP = later("loop")
LEGEND = later("u user  o orders  d details  p pay  # paid  x not  ! stalled")
CANNOT_PLAY = later("{stage} cannot be played: its program is not a checkout")
BAD_FAULT = later(
    "--fault takes [USER:]STEP=KIND, KIND being {kinds}, not {text!r}; the steps are {steps}"
)
BAD_LATENCY = later(
    "--latency takes SECONDS or STEP=SECONDS, from 0 to 60, not {text!r}; the steps are {steps}"
)
