"""In a language that has only brackets no English word is left: whatever learners read is translatable.

Each message becomes ⟦⟧ with the values of its places, so that English in a value is seen as well. What may stay are
names out of programs, code, and what Python says itself.
"""

import gettext
import html
import re
import string
from pathlib import Path

import pytest

from grader.grading import Request, grade
from grader.language import Language, speaking
from grader.report import Report, as_html, as_terminal
from grader.walls.plan import BARE

FOLDER = Path(__file__).parent / "submissions"
MISSES = [
    ("s01", "s01_callbacks/near_miss/swallows_the_callers_exception.py"),
    ("s01", "s01_callbacks/near_miss/step_3_has_no_error_path.py"),
    ("s02", "s02_futures/near_miss/settled_by_a_thread.py"),
    ("s02", "s02_futures/near_miss/late_payment_on_a_cancelled_future.py"),
    ("s03", "s03_async_await/near_miss/computes_on_the_loop.py"),
    ("s03", "s03_async_await/near_miss/timeout_leaves_the_work.py"),
    ("s04", "s04_thread_offload/near_miss/charges_on_the_loop.py"),
    ("s04", "s04_thread_offload/near_miss/guesses_the_amount.py"),
    ("s05", "s05_zalgo/near_miss/calls_back_on_the_spot.py"),
    ("s05", "s05_zalgo/near_miss/last_first.py"),
    ("s06", "s06_readiness/near_miss/one_after_the_other.py"),
    ("s06", "s06_readiness/near_miss/never_sleeps.py"),
    ("s07", "s07_event_loop/near_miss/no_bell.py"),
    ("s07", "s07_event_loop/near_miss/ticks.py"),
    ("s11", "s11_structured_concurrency/near_miss/patience_ignored.py"),
    ("s11", "s11_structured_concurrency/near_miss/no_shield.py"),
    ("s12", "s12_backpressure/near_miss/fills_up_first.py"),
    ("s12", "s12_backpressure/near_miss/failure_ends_the_stream.py"),
]
NAMES = {
    *("async", "await", "charge", "checkout", "import", "linux", "portable", "seed", "ms"),
    *("nox", "unblocked", "grade", "submission", "def", "None", "True", "False", "SDK"),
    *("asyncio", "trio"),  # what runs a program
    "walk",  # a function of a learner's
    *("aclose", "classify", "id"),  # functions and a parameter of the bonus stages
    *("sync", "both"),  # what `classify` gives
    *("orders", "payment"),  # get_orders and process_payment on a bar
}


class Brackets(gettext.NullTranslations):
    """The pseudo-locale: a catalogue made on the fly."""

    def gettext(self, message):
        parts = string.Formatter().parse(message)
        kept = (
            f"{{{name}{'!' + conversion if conversion else ''}{':' + form if form else ''}}}"
            for _, name, form, conversion in parts
            if name
        )
        return "⟦" + " ".join([*kept, *re.findall(r"%\(\w+\)s", message)]) + "⟧"

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture(scope="module", params=MISSES, ids=lambda miss: Path(miss[1]).stem)
def graded(request):
    """A near miss, graded and reported in brackets; hints are the Korean page's."""
    stage, path = request.param
    with speaking(Language("ko", Brackets())):
        request = Request([stage], FOLDER / path, seed=7, bonus=True, walls=BARE, timelines=True)
        done = grade(request)
        report = Report(
            recordings=done.recordings,
            result=done.result,
            sources={file.folder.name: file.text for file in done.files},
            files={file.folder.name: "pipeline.py" for file in done.files},
        )
        return done.result, as_terminal.render(report), as_html.render(report)


def english(text):
    """Words of a text that no program, no code and no value explains."""
    text = re.sub(r"`[^`]*`", " ", text)  # code
    text = re.sub(
        r"\b[A-Z]\w+\([^)]*(\)|\.\.\.|$)|<[^>]*>", " ", text
    )  # what an exception says, or a repr
    text = re.sub(r"[\w/.-]*[_./:\d][\w/.-]*", " ", text)  # names, paths, numbers
    text = re.sub(r"\b[A-Z][a-z]+[A-Z]\w*", " ", text)  # names of classes
    return [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in NAMES]


def test_findings_titles_and_hints_hold_no_english(graded):
    """Of each check that failed: what it is called, what happened, what to ask oneself."""
    result, _, _ = graded
    checks = [check for stage in result.stages for check in stage.checks]
    said = [check.title for check in checks]
    said += [f.message for check in checks for f in check.findings]
    said += [f.hint for check in checks for f in check.findings]

    assert any(check.findings for check in checks), "nothing was found, so nothing was said"
    assert {text: english(text) for text in said if english(text)} == {}


def test_terminal_report_holds_no_english(graded):
    """Every line, apart from the learner's own source."""
    _, page, _ = graded
    lines = [line for line in page.splitlines() if not re.match(r"[ >]*\d+ │", line)]

    assert english(" ".join(" ".join(lines).split())) == []


def test_page_holds_no_english(graded):
    """Every text and every label, apart from the learner's own source."""
    _, _, page = graded
    labels = " ".join(re.findall(r'(?:aria-label|data-(?:auto|light|dark))="([^"]*)"', page))
    text = re.sub(r"(?s)<(script|style|pre|title)\b.*?</\1>|<code>.*?</code>", " ", page)
    text = html.unescape(re.sub(r"<[^>]*>", " ", text) + labels)

    assert english(" ".join(text.replace("Unblocked", " ").split())) == []
