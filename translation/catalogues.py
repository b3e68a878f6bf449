"""Catalogues: what ought to be in one, bringing it up to date, compiling it."""

from __future__ import annotations

import gettext
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grader.language import CODES, DOMAIN, catalogue_in, homes
from translation.extracting import messages, sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WIDTH = 120
"""Columns of a line in a catalogue."""
HEADER = """\
msgid ""
msgstr ""
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
"""What readers of a catalogue need; dates and names of tools would change it each time."""


def pages() -> list[tuple[str, Path]]:
    """Every language that is translated into, with each folder that has a catalogue in it."""
    return [(code, home) for code in CODES if code != "en" for home in homes()]


def wanted(home: Path) -> Catalog:
    """A catalogue of all messages of a folder, without translations."""
    catalogue = Catalog(project="unblocked", domain=DOMAIN, charset="utf-8", fuzzy=False)
    for path in sorted(home.rglob("*.py")):
        place = path.relative_to(home).as_posix()
        for message in messages(path.read_text(encoding="utf-8")):
            catalogue.add(message, locations=[(place, 0)])
    for path in sorted(home.glob("report/page/*.html")):
        with path.open("rb") as template:
            for message in sentences(template):
                catalogue.add(message, locations=[(path.relative_to(home).as_posix(), 0)])
    return catalogue


def read(home: Path, code: str) -> Catalog:
    """The catalogue of a folder in one language; empty if there is none."""
    path = catalogue_in(home, code, "po")
    if not path.is_file():
        return Catalog(code, domain=DOMAIN, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def updated(old: Catalog, template: Catalog) -> Catalog:
    """A catalogue with the messages of a template: known ones keep their translation, new ones wait for one.

    Nothing is guessed from messages that are alike: a guess would pass for a translation.
    """
    old.update(template, no_fuzzy_matching=True)
    return old


def source_of(catalogue: Catalog) -> bytes:
    """A catalogue as its translators read it."""
    file = BytesIO()
    write_po(file, catalogue, WIDTH, omit_header=True, ignore_obsolete=True, include_lineno=False)
    header = HEADER.format(code=catalogue.locale, plurals=catalogue.plural_forms)
    return header.encode() + file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """What is not translated, or only guessed."""
    return [str(m.id) for m in catalogue if m.id and (m.fuzzy or not all(texts(m.string)))]


def texts(text: str | Sequence[str] | None) -> Sequence[str]:
    """A message, or a translation, for each number that it knows."""
    return [text or ""] if isinstance(text, str | None) else text


def said(data: bytes) -> dict[object, str]:
    """What a compiled catalogue says, without what the tool that made it says of itself."""
    words = gettext.GNUTranslations(BytesIO(data))
    return {message: text for message, text in vars(words)["_catalog"].items() if message}
