"""The pages of a class."""

import re
from html.parser import HTMLParser

import msgspec
import pytest

from grader.batch.figures import KINDS_OF_FINDINGS, Figures, alike, commonest, figures_of
from grader.batch.roster import Entry
from grader.batch.store import Standing
from grader.batch.stub import grade_one

HOSTILE = "<script>alert(1)</script>\x1b[2J"


@pytest.fixture
def pages(store, run_stub, hand_in, tmp_path):
    """Writes the pages of a small class; gives their folder."""
    pages = pytest.importorskip("grader.batch.pages")
    for name in ("alice", "bob", HOSTILE.replace("/", "|")):
        hand_in(name, f"name = {name!r}\n")
    run_stub(store, [Entry("a/b", "alice", more={"name": HOSTILE}), Entry("missing", "missing")])
    (tmp_path / "out").mkdir()
    pages.write(tmp_path / "out", store.standings)
    return tmp_path / "out"


class Links(HTMLParser):
    """Collects where a page leads, and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.links, self.tags = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]


def test_the_class_page_leads_to_each_students_page(pages):
    """Whatever they are called, the page lies in its folder; nothing is loaded from elsewhere."""
    page = Links((pages / "index.html").read_text(encoding="utf-8"))

    assert len(page.links) == 3
    assert all((pages / link).is_file() for link in page.links)
    assert len(list((pages / "students").iterdir())) == 3
    assert "svg" in page.tags


def test_pages_hold_nothing_that_runs_or_is_loaded(pages):
    """A name that is markup is shown as it is, and what a terminal obeys is written out."""
    for path in pages.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        addresses = set(re.findall(r"https?://[^\s\"<]+", text))
        assert "script" not in Links(text).tags
        assert "\x1b" not in text
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_a_students_page_tells_each_verdict_and_finding(pages):
    page = (pages / "students" / "bob.html").read_text(encoding="utf-8")

    assert page.count(">passed<") + page.count(">failed<") == 20
    assert page.count("was paid 2 times") == page.count(">failed<") > 0


def test_figures_count_what_the_class_has_in_common(job):
    """Findings that differ in their numbers alone are one."""
    results = [grade_one(job(b"x = %d" % number)).result for number in range(50)]
    students = [standing(msgspec.json.encode(result)) for result in results]

    figures = figures_of([*students, standing(None)])

    failed = sum(c.verdict == "failed" for r in results for s in r.stages for c in s.checks)
    told = list(commonest(figures, 1000))
    assert (figures.graded, sum(figures.bins)) == (50, 50)
    assert figures.statuses == {"graded": 50, "failed to grade": 1}
    assert sum(figures.failed.values()) == sum(times for _, _, times in told) == failed
    assert {message for _, message, _ in told} == {"order # was paid # times"}
    assert figures.mean == pytest.approx(sum(result.score for result in results) / 50)


def test_counts_are_bounded_whatever_programs_say(job):
    """The commonest findings stay when there are too many different ones."""
    figures = Figures()
    figures.findings.update({("a", alike(f"x{'y' * n}")): 1 for n in range(KINDS_OF_FINDINGS)})
    figures.findings["a", "common"] = 9

    figures.add(standing(msgspec.json.encode(grade_one(job()).result)))

    assert len(figures.findings) <= KINDS_OF_FINDINGS
    assert figures.findings["a", "common"] == 9


def standing(result):
    """A student with this result."""
    return Standing("alice", "alice", True, None, "", "", result)
