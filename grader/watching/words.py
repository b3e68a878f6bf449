"""Every sentence of the watch, in one place."""

from __future__ import annotations

from grader.language import later

WATCHING = later("watching {folder}: save a file, and its stage is graded")
GRADING = later("grading {stage} ...")
GONE = later("{file} is gone; save it again, and it is graded")
NO_VERDICT = later("{stage} has not been graded yet")
BACK = later("the one who grades has gone; another one begins")
OPENED = later("opened {page}")
NOT_OPENED = later("no browser could be opened; the page is {page}")
LAST_STAGE = later("that is the last stage")
FIRST_STAGE = later("that is the first stage")
NOTHING_TO_HINT = later("no check of {stage} fails: there is nothing to hint at")
NO_HINTS = later("there are no hints for this check")
HINT = later("Hint {level} of {levels}: {title}")
MORE_HINTS = later("h shows the next level")
LAST_HINT = later("that was the last level")
NO_TIMELINE = later("nothing happened that could be drawn")
TIMELINE = later("What happened: {title}")
CHECKS = later("Checks of {stage}")
STAGE_DONE = later("{stage} is done: {learned}")
GO_ON = later("n goes on to {stage}")
ALL_DONE = later(
    "Every stage is done. You have written the same checkout as callbacks, as a future, as a coroutine and over "
    "threads, and you have seen that they are one idea: somebody else waits, so that you need not. The next time that "
    "a program is slow, you will ask first what its loop is waiting for."
)
LEARNED = {
    "s01": later("every failure has a way out, though no stack leads there."),
    "s02": later(
        "a result that is not there yet is a value: it can be passed on, awaited, cancelled, and is settled once."
    ),
    "s03": later(
        "code that reads from top to bottom, and still shares its time with everybody else."
    ),
    "s04": later(
        "what blocks can be lived with, as long as it blocks somebody who has nothing else to do."
    ),
    "s05": later("a callback that always comes later: whoever calls need not guess when."),
    "s11": later("every task has an owner, and what must not be cut short has a shield."),
    "s12": later("whoever is slow may slow down whoever is fast, so that nothing piles up."),
}
"""What a finished stage leaves one with; a stage that is not listed here says `LEARNED_ELSE`."""
LEARNED_ELSE = later("every check holds.")
KEYS = later("h hint  t timeline  n/p stage  l list  r rerun  o page  q quit")
KEYS_NARROW = later("h t n/p l r o q: hint timeline stage list rerun page quit")
DONE = later("done")
NOT_GRADED = later("not graded")
GOODBYE = later("{stage}: {state}. See you.")
NEEDS_WATCHFILES = later(
    "`unblocked watch` notices saves with watchfiles: pip install 'unblocked[watch]', or nox -s watch"
)
NO_FOLDER = later(
    "there is no folder {folder!r}; give the one that holds the stages: --submission PATH"
)
