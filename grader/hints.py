"""Hints live in the stages' READMEs, in each language: three levels under a `### topic`, the first is a question."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LANGUAGES: Mapping[str, str] = {"en": "README.md", "ko": "README.ko.md"}
"""Each language's page."""
TOPICS: Mapping[Kind, str] = {
    Kind.BLOCKING: "blocking",
    Kind.LIMIT: "blocking",
    Kind.STRUCTURE: "structure",
}
"""Kinds of finding that have a topic of their own, whatever the check is about."""
_TOPIC = re.compile(r"^### ([\w-]+)$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_LEVEL = re.compile(r"<details><summary>\d\. [^<]*</summary>\s*(.*?)\s*</details>", re.DOTALL)


@cache
def hints(folder: Path, language: str = "en") -> Mapping[str, tuple[str, ...]]:
    """Topic to its levels, read from one stage's page; empty if there is no page."""
    page = folder / LANGUAGES.get(language, "README.md")
    if not page.is_file():
        return {}
    topics = _TOPIC.findall(page.read_text(encoding="utf-8"))
    return {name: tuple(_LEVEL.findall(text)) for name, text in topics}


def question(folder: Path, topic: str, kind: Kind, language: str = "en") -> str:
    """The first level for a finding: the kind's own topic if it has one, else the check's."""
    found = hints(folder, language)
    levels = found.get(TOPICS.get(kind, topic)) or found.get(topic) or ("",)
    return levels[0]
