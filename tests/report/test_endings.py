"""One golden folder per ending of a grading. UNBLOCKED_GOLDEN=1 rewrites them; review the diff."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from grader.language import language, speaking
from grader.report import Report, as_terminal, render
from grader.results import (
    CheckResult,
    Finding,
    Kind,
    StageResult,
    Verdict,
    stage_result,
    whole_result,
)

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).with_name("golden")
REWRITE = bool(os.environ.get("UNBLOCKED_GOLDEN"))
STAGES = {"s01_callbacks": 15, "s02_futures": 25, "s03_async_await": 30, "s04_thread_offload": 30}

SOURCE = '''\
"""Order and payment, with futures."""

import asyncio


def checkout(services, user_id):
    """Return a pending future of the payment."""
    out = asyncio.get_running_loop().create_future()

    def paid(payment):
        if not out.cancelled():
            out.set_result(payment)  # the comment on this line is rather longer than a terminal is

    def priced(details):
        services.process_payment(details, paid, out.set_exception)
'''

NOT_BEGUN = Finding(
    kind=Kind.CRASH, message="checkout raised NotImplementedError", file="pipeline.py", line=14
)
PAID_TWICE = Finding(
    kind=Kind.BEHAVIOUR,
    message="order 11 was paid 2 times",
    hint="What if step 1 answers twice?",
    file="pipeline.py",
    line=12,
)


def check(
    stage: str,
    title: str,
    points: float,
    *findings: Finding,
    verdict: Verdict | None = None,
    output: str = "",
) -> CheckResult:
    """Make a check that failed if anything was found, and passed otherwise."""
    verdict = verdict or (Verdict.FAILED if findings else Verdict.PASSED)
    return CheckResult(
        id=f"{stage}::test_{title.lower().replace(' ', '_')}",
        title=title,
        points=points,
        earned=points if verdict is Verdict.PASSED else 0.0,
        verdict=verdict,
        seconds=0.011,
        findings=findings,
        output=output,
    )


def full_marks(stage: str) -> StageResult:
    """Make a stage that is done."""
    points = float(STAGES[stage])
    return stage_result(
        stage,
        (
            check(stage, "Pays for the first order", points - 4),
            check(stage, "Hands each error to its caller", 4),
        ),
    )


def starter(stage: str) -> StageResult:
    """Make a stage that nobody has begun."""
    each = STAGES[stage] / 4
    titles = ("Pays", "Hands each error on", "Stops at no orders", "Keeps two checkouts apart")
    return stage_result(stage, tuple(check(stage, title, each, NOT_BEGUN) for title in titles))


def report(*stages: StageResult, untouched: frozenset[str] = frozenset()) -> Report:
    """Report on these stages, as the default command line would."""
    return Report(
        result=whole_result("exercises", 7, "linux", stages),
        sources={"s02_futures": SOURCE},
        files={stage.stage: f"exercises/{stage.stage}/pipeline.py" for stage in stages},
        untouched=untouched,
    )


def all_passed() -> Report:
    """Every stage is done."""
    return report(*(full_marks(stage) for stage in STAGES))


def starters() -> Report:
    """Nothing is begun; the first starter earns a little, since it does something."""
    first = stage_result(
        "s01_callbacks",
        (
            check("s01_callbacks", "Pays for the first order", 1),
            check("s01_callbacks", "Hands each error to its caller", 14, NOT_BEGUN),
        ),
    )
    others = (starter(stage) for stage in list(STAGES)[1:])
    return report(first, *others, untouched=frozenset(STAGES))


def next_stage_not_started() -> Report:
    """One stage is done, and the next is still the starter."""
    return report(
        full_marks("s01_callbacks"),
        *(starter(stage) for stage in list(STAGES)[1:]),
        untouched=frozenset(list(STAGES)[1:]),
    )


def failed_with_echoes() -> Report:
    """One mistake trips many checks."""
    stage = "s02_futures"
    invalid = Finding(kind=Kind.LOOP_ERROR, message="InvalidStateError: invalid state")
    late = Finding(kind=Kind.LEAK, message="step 3 began after the checkout was cancelled")
    checks = (
        check(stage, "Pays for the first order", 12),
        check(stage, "Leaves the loop clean", 1, invalid),
        check(stage, "Pays once when a service answers twice", 3, PAID_TWICE, invalid, late),
        check(stage, "Takes the first of two answers", 1, PAID_TWICE),
        *(check(stage, f"Stops when cancelled at step {step}", 1, late) for step in range(1, 8)),
        check(stage, "Cancels the whole batch", 0.5, verdict=Verdict.SKIPPED),
        check(stage, "Keeps the order of the batch", 0.5, verdict=Verdict.SKIPPED),
    )
    return report(
        full_marks("s01_callbacks"),
        stage_result(stage, checks),
        starter("s03_async_await"),
        starter("s04_thread_offload"),
        untouched=frozenset({"s03_async_await", "s04_thread_offload"}),
    )


def syntax_error() -> Report:
    """The file cannot be loaded, so every check of its stage says the same."""
    stage = "s02_futures"
    broken = Finding(
        kind=Kind.STRUCTURE,
        message="pipeline.py is not Python that can be read: '(' was never closed",
        hint="Read the line marked here and the one above it.",
        file="pipeline.py",
        line=15,
    )
    titles = ("Pays for the first order", "Hands each error to its caller", "Stops at no orders")
    return report(
        full_marks("s01_callbacks"),
        stage_result(stage, tuple(check(stage, title, 5, broken) for title in titles)),
        full_marks("s03_async_await"),
    )


def child_killed() -> Report:
    """An endless loop was stopped at the limit of CPU time."""
    stage = "s02_futures"
    killed = Finding(
        kind=Kind.LIMIT,
        message="the check used 5 s of CPU time and was stopped while it was in paid",
        hint="Which loop here waits for something to change without giving up its turn?",
        file="pipeline.py",
        line=11,
    )
    waiting = "".join(f"waiting, turn {turn}\n" for turn in range(400))
    checks = (
        check(stage, "Pays for the first order", 5),
        check(stage, "Waits without spinning", 4, killed, output=waiting),
    )
    return report(stage_result(stage, checks))


def ungradable() -> Report:
    """One check has no verdict; another stage failed a check on its own account."""
    lost = Finding(
        kind=Kind.CRASH, message="no reading of /proc could be had for 60 s of wall time"
    )
    unknown = Verdict.UNKNOWN
    return report(
        full_marks("s01_callbacks"),
        stage_result(
            "s02_futures",
            (
                check("s02_futures", "Pays for the first order", 22),
                check("s02_futures", "Pays once when a service answers twice", 3, PAID_TWICE),
            ),
        ),
        stage_result(
            "s03_async_await",
            (
                check("s03_async_await", "Overlaps the checkouts", 3, lost, verdict=unknown),
                check("s03_async_await", "Keeps the order", 2, lost, verdict=unknown),
            ),
        ),
    )


def nothing_graded() -> Report:
    """No check was run at all."""
    return report()


def hostile_output() -> Report:
    """The submission prints, raises and is written in text that wants to command a terminal."""
    stage = "s02_futures"
    raised = Finding(
        kind=Kind.BEHAVIOUR,
        message="checkout raised ValueError('\x1b]0;owned\x07[bold red]100 of 100\r[/] \u202e001')",
        hint="What is in the message?",
        file="pipeline.py",
        line=2,
    )
    output = (
        "\x1b[2J\x1b[H100 of 100 points: all four stages done.\r\n"
        "progress 10%\rprogress 20%\n"
        "\x9b31m [link=file:///etc/passwd]click[/link] \u2066 \ufeff\x00\x7f\udc80\n"
        "\uacb0\uc81c\uac00 \ub418\uc5c8\uc2b5\ub2c8\ub2e4 [not markup] :smile:\n"
    )
    source = "def a():\r\n\tif '\u202e' != 'x':  # \x1b[8m hidden\r\n\t\treturn '[red]'\r\n"
    stages = (stage_result(stage, (check(stage, "Raises nothing", 25, raised, output=output),)),)
    return Report(
        result=whole_result("ex\x1b[31mercises", 7, "linux", stages), sources={stage: source}
    )


ENDINGS: tuple[Callable[[], Report], ...] = (
    all_passed,
    starters,
    next_stage_not_started,
    failed_with_echoes,
    syntax_error,
    child_killed,
    ungradable,
    nothing_graded,
    hostile_output,
)
each_ending = pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: str(ending.__name__))


def expect_golden(path: Path, text: str) -> None:
    """Compare with the kept text, or keep this one."""
    if REWRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert text == path.read_bytes().decode()


@each_ending
@pytest.mark.parametrize("width", [60, 80])
def test_terminal_shows_the_ending(ending: Callable[[], Report], width: int) -> None:
    """The page for a learner is the one that was reviewed, at either width."""
    stream = StringIO()

    as_terminal.show(ending(), as_terminal.plain_console(stream, width))

    expect_golden(GOLDEN / ending.__name__ / f"terminal_{width}.txt", stream.getvalue())


@each_ending
def test_terminal_speaks_korean(ending: Callable[[], Report]) -> None:
    """What the page says by itself is in Korean, whose letters are two columns wide, and fits."""
    stream = StringIO()

    with speaking(language("ko")):
        as_terminal.show(ending(), as_terminal.plain_console(stream, 60))

    *lines, _ = stream.getvalue().splitlines()
    expect_golden(GOLDEN / ending.__name__ / "terminal_60_ko.txt", stream.getvalue())
    assert [line for line in lines if cell_len(line) > 60] == []


@each_ending
def test_json_tells_the_ending(ending: Callable[[], Report]) -> None:
    """The document for a program is the one that was reviewed."""
    given = ending()

    document = render("json", given)

    expect_golden(GOLDEN / ending.__name__ / "result.json", document)


def test_every_golden_folder_is_in_use() -> None:
    """No folder outlives its ending."""
    folders = {folder.name for folder in GOLDEN.iterdir()}

    assert folders == {ending.__name__ for ending in ENDINGS}
