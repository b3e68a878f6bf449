"""The page, as a parser sees it; how it looks and behaves in a browser is tested in tests/browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.report import Report, render
from grader.results import CheckResult, Event, Finding, Kind, Verdict, stage_result, whole_result
from grader.timeline import Left, Operation, Recording, Stall, Step

VOID = {"meta", "link", "rect", "line", "path", "br"}
WORST = "<script>alert(1)</script>\"'&<!--]]>`{{ 7 * 7 }}{% endraw %}"
SOURCE = "import time\n\n\nasync def checkout(services, user_id):\n    time.sleep(0.05)\n"


class Page(HTMLParser):
    """A page's elements, and whether each is closed by its own tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def values(self, attribute):
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


def blocked(text: str = "`time.sleep` held the loop for 50 ms", **more) -> Report:
    """A stage whose only check blocked the loop."""
    check = CheckResult(
        id="s03_async_await::test_pays",
        title="Pays the first order",
        points=2,
        earned=0,
        verdict=Verdict.FAILED,
        seconds=0,
        findings=(
            Finding(kind=Kind.BLOCKING, message=text, hint=text, file="pipeline.py", line=5),
        ),
        output=text,
    )
    recording = Recording(
        (
            Event("called", 0.0, "get_user_data", 812, 1, line=4),
            Event("answered", 0.2, "get_user_data", 812, 1),
            Event("called", 0.2, "get_orders", 812, 2, line=5),
            Event("answered", 0.4, "get_orders", 812, 2, text=text, failed=True),
        ),
        (Operation(1, "checkout", 0, (812,), 1),),
        (Step(0.2, 2, 0.05),),
        (Stall(5, "waits", text, 0.05),),
        file="pipeline.py",
        left=Left(events=9, checkouts=3),
    )
    return Report(
        whole_result("exercises", 7, "linux", (stage_result("s03_async_await", (check,)),)),
        sources={"s03_async_await": SOURCE},
        recordings={check.id: recording},
        **more,
    )


def test_page_shows_the_finding_its_line_and_its_timeline():
    """All that a learner needs is on the page, and the timeline is there in words, too."""
    page = Page(render("html", blocked()))

    words = " ".join(page.text.split())
    assert "0 of 2 points" in words
    assert "time.sleep held the loop for 50 ms" in words
    assert "s03_async_await/pipeline.py:5" in words
    assert "5 time.sleep(0.05)" in words
    assert "0.00 s to 0.20 s get_user_data, line 4: answered" in words
    assert "held the loop for 50 ms" in words
    assert "Not drawn: 3 more checkouts, 9 events." in words
    assert "One service call at a time. The loop was blocked." in words


def test_page_needs_no_network_and_runs_our_script_only():
    """No address, no event attribute, one script, and a policy that lets nothing else run."""
    text = render("html", blocked(WORST))
    page = Page(text)

    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert page.values("src") == []
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert not [
        name for _, attributes in page.elements for name in attributes if name.startswith("on")
    ]
    (policy,) = (value for value in page.values("content") if value and "default-src" in value)
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy


def test_what_a_submission_says_is_text():
    """Markup and template code of a submission are shown and do nothing."""
    page = Page(render("html", blocked(WORST)))

    assert "{{ 7 * 7 }}" in page.text
    assert "alert(1)" in page.text
    assert not page.open


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("use `await` here", "use <code>await</code> here"),
        ("no code", "no code"),
        ("odd ` one", "odd ` one"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("`a` or `b`", "<code>a</code> or <code>b</code>"),
    ],
)
def test_code_in_a_sentence_is_set_apart(text, told):
    """Only pairs of backticks are code; nothing is lost, and all is escaped."""
    assert f'<p class="hint">{told}</p>' in render("html", blocked(text))


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters() | st.sampled_from("<>\"'&`{}%"), max_size=60))
def test_any_text_leaves_the_page_whole(text):
    """Whatever a submission says, elements are closed, ids are unique, and links lead somewhere."""
    page = Page(render("html", blocked(text)))

    ids = page.values("id")
    assert not page.open
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in page.values("href") if link.startswith("#")} <= set(ids)
    assert {*page.values("aria-labelledby"), *page.values("aria-describedby")} <= set(ids)


def test_each_drawn_bar_has_its_sentence():
    """What can be chosen in the drawing is told in words."""
    page = Page(render("html", blocked()))

    assert page.values("data-w")
    assert sorted(page.values("data-w")) == sorted(page.values("data-is"))


def test_page_without_timelines_is_a_page():
    """A result from elsewhere has no histories, and no key to them."""
    report = blocked()
    page = Page(render("html", Report(report.result)))

    assert "How to read a timeline" not in page.text
    assert "time.sleep held the loop for 50 ms" in " ".join(page.text.split())
