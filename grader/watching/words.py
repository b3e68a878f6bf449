"""Every sentence of the watch, in one place."""

from __future__ import annotations

WATCHING = "watching {folder}: save a file, and its stage is graded"
GRADING = "grading {stage} ..."
GONE = "{file} is gone; save it again, and it is graded"
NO_VERDICT = "{stage} has not been graded yet"
BACK = "the one who grades has gone; another one begins"
OPENED = "opened {page}"
NOT_OPENED = "no browser could be opened; the page is {page}"
LAST_STAGE = "that is the last stage"
FIRST_STAGE = "that is the first stage"
NOTHING_TO_HINT = "no check of {stage} fails: there is nothing to hint at"
NO_HINTS = "there are no hints for this check"
HINT = "Hint {level} of {levels}: {title}"
MORE_HINTS = "h shows the next level"
LAST_HINT = "that was the last level"
NO_TIMELINE = "nothing happened that could be drawn"
TIMELINE = "What happened: {title}"
CHECKS = "Checks of {stage}"
STAGE_DONE = "{stage} is done: {learned}"
GO_ON = "n goes on to {stage}"
ALL_DONE = (
    "Every stage is done. You have written the same checkout as callbacks, as a future, as a coroutine and over "
    "threads, and you have seen that they are one idea: somebody else waits, so that you need not. The next time that "
    "a program is slow, you will ask first what its loop is waiting for."
)
LEARNED = {
    "s01": "every failure has a way out, though no stack leads there.",
    "s02": "a result that is not there yet is a value: it can be passed on, awaited, cancelled, and is settled once.",
    "s03": "code that reads from top to bottom, and still shares its time with everybody else.",
    "s04": "what blocks can be lived with, as long as it blocks somebody who has nothing else to do.",
}
"""What a finished stage leaves one with; a stage that is not listed here says `LEARNED_ELSE`."""
LEARNED_ELSE = "every check holds."
KEYS = "h hint  t timeline  n/p stage  l list  r rerun  o page  q quit"
KEYS_NARROW = "h t n/p l r o q: hint timeline stage list rerun page quit"
DONE = "done"
NOT_GRADED = "not graded"
GOODBYE = "{stage}: {state}. See you."
NEEDS_WATCHFILES = "`unblocked watch` notices saves with watchfiles: pip install 'unblocked[watch]', or nox -s watch"
NO_FOLDER = "there is no folder {folder!r}; give the one that holds the stages: --submission PATH"
