"""Every sentence of a play, in one place."""

from __future__ import annotations

CALLED = "{step} is called"
ANSWERED = "{step} answers"
FAILED = "{step} fails: {text}"
CANCELLED = "{step} is cancelled"
DONE = "the checkout ends with {text}"
LOST = "the checkout ends with {text}"
STALLED = "the loop stood still for {text}"
PRINTED = "it printed: {text}"
BROKE = "the program broke off: {text}"
CURTAIN = "played in {text}"
NEVER_ENDED = "it has not ended after {seconds:g} s, and is ended now"
VANISHED = "the program's process has ended by itself"
CUSTOMER = "user {user}"
LOOP = "loop"
LEGEND = "u user  o orders  d details  p pay  # paid  x not  ! stalled"
CANNOT_PLAY = "{stage} cannot be played: its program is not a checkout"
BAD_FAULT = (
    "--fault takes [USER:]STEP=KIND, KIND being {kinds}, not {text!r}; the steps are {steps}"
)
BAD_LATENCY = (
    "--latency takes SECONDS or STEP=SECONDS, from 0 to 60, not {text!r}; the steps are {steps}"
)
