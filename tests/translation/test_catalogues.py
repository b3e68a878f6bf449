"""Every catalogue is complete, fits the sources, and is compiled."""

import re
import string

import pytest
from babel.messages.catalog import Catalog

from grader.language import catalogue_in
from translation.catalogues import compiled, missing, pages, read, said, texts, updated, wanted

PARTICLES = "은|는|이|가|을|를|과|와|로|으로|이라|라|이나|나|이고|고|였|이었"
"""Korean words that change with the sound before them, which nobody knows of a value."""


@pytest.fixture(scope="module", params=pages(), ids=lambda page: f"{page[1].name}-{page[0]}")
def page(request):
    """A language, and the folder that has something to say in it."""
    return request.param


@pytest.fixture(scope="module")
def catalogue(page):
    """What translators have written."""
    code, home = page
    return read(home, code)


def places(text):
    """The named places of a message, or of one in a template."""
    named = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return named | set(re.findall(r"%\((\w+)\)s", text))


def test_catalogue_holds_what_is_said(page, catalogue):
    """`nox -s messages` would find nothing to do: no message is new, none is gone."""
    _, home = page

    template = wanted(home)

    assert {str(m.id) for m in catalogue} == {str(m.id) for m in template}


def test_nothing_is_missing_or_guessed(catalogue):
    """Every message has its translation."""
    assert missing(catalogue) == []


def test_places_agree(catalogue):
    """A translation knows the places of its message and no others; only a number may be left to a word."""
    for message in catalogue:
        known = set().union(*map(places, texts(message.id)))
        for text in texts(message.string):
            spare = {"name"} if "filename" in known else {"choice"}  # click's, in English always
            assert places(text) <= known, message.id
            assert known - places(text) <= spare, message.id


def test_no_particle_depends_on_a_value(page, catalogue):
    """After a place in Korean stands no particle that would have to suit what is put there."""
    if page[0] != "ko":
        pytest.skip("a matter of Korean")
    wrong = [
        text
        for message in catalogue
        for text in texts(message.string)
        if re.search(rf"[}}`]({PARTICLES})(?![가-힣])", re.sub(r"`[^`{{}}]*`", "", text))
    ]

    assert wrong == []


def test_catalogue_is_compiled(page, catalogue):
    """What gettext reads is what translators have written."""
    code, home = page

    assert said(catalogue_in(home, code).read_bytes()) == said(compiled(catalogue))


def test_known_messages_keep_their_translation():
    """Bringing a catalogue up to date adds what is new, drops what is gone, and guesses nothing."""
    old, template = Catalog("ko"), Catalog()
    old.add("said as ever", "늘 하던 말")
    old.add("said until today", "오늘까지 하던 말")
    template.add("said as ever")
    template.add("said since today")

    fresh = updated(old, template)

    assert missing(fresh) == ["said since today"]
    assert fresh["said as ever"].string == "늘 하던 말"
    assert "said until today" not in fresh
