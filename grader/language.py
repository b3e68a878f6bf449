"""The language in which learners are spoken to: chosen once, asked wherever a sentence is made.

Verdicts, kinds, codes and events are the same in every language; only sentences are not. Whoever makes one says it:

    say("order {order} was paid {times} times", order=11, times=2)

The message is a constant in English and its own key in the catalogues (docs/languages.md). What is not translated is
said in English.
"""

from __future__ import annotations

import gettext
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

DOMAIN = "messages"
"""The one that gettext asks by default, and with it click and the detector."""
PACKAGE = Path(__file__).parent
CATALOGUES = PACKAGE / "locale"
"""The grader's own, a folder for each language; a stage has a folder of the same name."""
STAGES = (PACKAGE / "exercises", PACKAGE.parent / "exercises")
"""Where stages are: in the installed package, or in a checkout beside it."""
CODES = ("en", *sorted(path.name for path in CATALOGUES.glob("[a-z]*") if path.is_dir()))
"""Every language that there is."""
VARIABLES = ("UNBLOCKED_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Of the environment; the first that is set decides."""


@dataclass(frozen=True)
class Language:
    """A language, and what is known in it."""

    code: str = "en"
    words: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)


_SPOKEN = ContextVar("_SPOKEN", default=Language())  # noqa: B039 - it is frozen


def spoken() -> Language:
    """The language in which sentences are made just now."""
    return _SPOKEN.get()


def speak(language: Language) -> None:
    """Speak this language from now on, in this context and in those that begin in it."""
    _SPOKEN.set(language)


@contextmanager
def speaking(language: Language) -> Generator[None]:
    """Speak this language for a while; afterwards the one from before."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def say(message: str, /, **values: object) -> str:
    """A sentence in the language that is spoken.

    Args:
        message: In English, with named places as in `str.format`; a constant, or it is not found for the catalogues.
        values: What stands in the places. Without any, the message is taken as it is.
    """
    text = spoken().words.gettext(message) if message else ""
    return text.format(**values) if values else text


def say_count(one: str, many: str, count: int, /, **values: object) -> str:
    """The same with a number, which stands in the place `{count}`: for one, or for any other number."""
    return spoken().words.ngettext(one, many, count).format(count=count, **values)


def later(message: str) -> str:
    """Mark a message that stands in a table, and is said when it is needed."""
    return message


def later_count(one: str, many: str) -> tuple[str, str]:
    """The same with a number."""
    return one, many


def wanted(environ: Mapping[str, str]) -> str:
    """The code of the language that an environment asks for: our own variable first, then the locale."""
    value = next(filter(None, map(environ.get, VARIABLES)), "")
    code = value.replace("-", "_").partition("_")[0].partition(".")[0].lower()
    return code if code in CODES else "en"


@cache
def language(code: str) -> Language:
    """A language with its catalogues; English needs none."""
    if code == "en":
        return Language()
    words = gettext.NullTranslations()
    for path in reversed(catalogues(code)):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        catalogue.add_fallback(words)
        words = catalogue
    return Language(code, words)


def catalogues(code: str) -> list[Path]:
    """The compiled catalogues of a language: the grader's first, then those of the stages that have one."""
    paths = (catalogue_in(home, code) for home in homes())
    return [path for path in paths if path.is_file()]


def homes() -> list[Path]:
    """Whoever has a catalogue of its own: the grader, and each stage."""
    stages = next((folder for folder in STAGES if folder.is_dir()), PACKAGE / "exercises")
    return [PACKAGE, *sorted(stages.glob("s[0-9][0-9]_*"))]


def catalogue_in(home: Path, code: str, suffix: str = "mo") -> Path:
    """Where a catalogue lies: compiled, or (`po`) for translators."""
    return home / "locale" / code / "LC_MESSAGES" / f"{DOMAIN}.{suffix}"
