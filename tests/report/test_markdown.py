"""Markdown as a renderer shows it."""

from __future__ import annotations

from grader.report import render
from grader.report.as_markdown import plain


def test_page_tells_the_score_and_each_cause(consumers, marks_lost):
    """The whole result first, then a table, then what to look at."""
    texts = consumers["markdown"](render("markdown", marks_lost))

    assert texts[0] == "3 of 12 points; next: s02_futures, 3 checks to go"
    assert texts[4:7] == ["s02_futures", "3 of 12", "3"]
    assert "Title of pays_once (3)" in texts[8]
    assert "work/s02_futures/pipeline.py:12" in texts[8]
    assert texts[-1] == "1 check not run: built on one that failed"


def test_ungradable_shows_no_check(consumers, ungradable):
    """Only that there is no grade, and whose doing that is."""
    texts = consumers["markdown"](render("markdown", ungradable))

    assert len(texts) == 2
    assert "pays_once" not in "".join(texts)


def test_text_stays_text(consumers):
    """No link, picture, mention or tag of a stranger is rendered."""
    hostile = "<img src=x> [a](http://b) ![c](d) @all `e` **f** |g| www.h.i"

    assert consumers["markdown"](plain(hostile)) == [hostile]
    assert "\\@all" in plain(hostile)
