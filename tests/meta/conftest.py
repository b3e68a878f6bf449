"""Finds the stages by their folders' names, and reads their READMEs as learners do."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader.scaffold.tables import STAGE_GLOB, TABLE_BEGIN, TABLE_END

ROOT = Path(__file__).resolve().parents[2]
STAGES = sorted((ROOT / "exercises").glob(STAGE_GLOB))
HEADINGS = {
    "README.md": (
        "Story",
        "What you have",
        "What to build",
        "How it is judged",
        "Run it",
        "Hints",
        "What this stage still cannot do",
    ),
    "README.ko.md": (
        "이야기",
        "주어진 것",
        "만들 것",
        "채점 기준",
        "실행",
        "힌트",
        "이 단계의 한계",
    ),
}
LEVELS = {
    "README.md": ["1. A question", "2. A pointer", "3. Nearly the code"],
    "README.ko.md": ["1. 질문", "2. 실마리", "3. 거의 코드"],
}
LENGTHS = {
    "README.md": (150, 350),
    "README.ko.md": (100, 350),  # Korean joins its particles to the nouns: fewer, longer words
}

FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
TABLE = re.compile(rf"{TABLE_BEGIN}.*?{TABLE_END}", re.DOTALL)
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
FOLD = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)


@dataclass(frozen=True)
class Readme:
    """A README of a stage."""

    name: str
    stage: str
    text: str

    @property
    def place(self):
        return f"exercises/{self.stage}/{self.name}"

    @property
    def title(self):
        """The first line, when it is a heading of the first level."""
        first = self.text.partition("\n")[0]
        return first.removeprefix("# ") if first.startswith("# ") else ""

    @property
    def headings(self):
        """Headings of the second level, in order."""
        return re.findall(r"^## (.*\S)", FENCE.sub("", self.text), re.MULTILINE)

    @property
    def words(self):
        """How many words are read at first: without hints, code, headings and the checks' table."""
        visible = self.text
        for unseen in (TABLE, DETAILS, FENCE, COMMENT, HEADING):
            visible = unseen.sub("", visible)
        return len([word for word in visible.split() if re.search(r"\w", word)])

    @property
    def hints(self):
        """Topic to the names of its levels that have something to say."""
        _, _, rest = self.text.partition(f"\n## {HEADINGS[self.name][5]}\n")
        section = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
        topics = re.split(r"^### (.*\S)\s*$", section, flags=re.MULTILINE)[1:]
        return {
            topic: [level for level, body in FOLD.findall(text) if COMMENT.sub("", body).strip()]
            for topic, text in zip(topics[::2], topics[1::2], strict=True)
        }


def pytest_generate_tests(metafunc):
    """Give a test that asks for a stage, or for a README, each of them in turn."""
    if "stage" in metafunc.fixturenames:
        metafunc.parametrize("stage", STAGES, ids=[stage.name for stage in STAGES])
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", HEADINGS)


@pytest.fixture
def read_readme():
    """Reads one README of one stage, or says that it is lacking."""

    def read(stage, name):
        path = stage / name
        if not path.is_file():
            pytest.fail(f"exercises/{stage.name} has no {name}: the stage's author writes it")
        return Readme(name, stage.name, path.read_text(encoding="utf-8"))

    return read


@pytest.fixture
def readme(stage, language, read_readme):
    """One README of one stage."""
    return read_readme(stage, language)


@pytest.fixture
def expected_headings(language):
    """Headings that every stage has, in the words of one language."""
    return list(HEADINGS[language])


@pytest.fixture
def expected_levels(language):
    """The three levels of a hint, in the words of one language."""
    return LEVELS[language]


@pytest.fixture
def expected_words(language):
    """Fewest and most words of a stage's README."""
    return LENGTHS[language]


@pytest.fixture
def root():
    """The repository."""
    return ROOT
