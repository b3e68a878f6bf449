"""The command line speaks the language that it is asked for, with everything that click says by itself."""

import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from grader.cli import main


@pytest.fixture
def told():
    """What a command line prints, in an environment."""

    def run(*words, **environ):
        return CliRunner().invoke(main, words, env={"UNBLOCKED_LANGUAGE": None, **environ}).output

    return run


def english_words(text):
    """Words of two small letters and more, without what a learner types and what stands for it."""
    formats = "terminal json github gitlab gradescope classroom folder zip git"
    names = "main exercises docs unblocked nox pip bubblewrap timeline html trace"
    code = "checkout breakpoint"
    typed = {
        *formats.split(),
        *names.split(),
        *code.split(),
        *main.list_commands(None),
        "en",
        "ko",
        "def",
    }
    words = "".join(c if c.isascii() and (c.isalpha() or c in "-_./@:`") else " " for c in text)
    return {w for w in words.split() if w.isalpha() and w.islower() and len(w) > 1} - typed


@pytest.mark.parametrize("command", [(), ("grade",), ("probe",), ("release",), ("template",)])
def test_help_is_korean(told, command):
    """Usage, headings, commands and options, wherever --language stands."""
    pages = [
        told(*command, "--help", LANG="ko_KR.UTF-8"),
        told("--language", "ko", *command, "--help"),
    ]

    assert pages[0].startswith("사용법:")
    assert pages[1] == pages[0]
    assert not english_words(pages[0])


def test_language_of_the_command_line_goes_before_that_of_the_environment(told):
    """What is typed counts more than what is set."""
    assert told("--language", "en", "--help", UNBLOCKED_LANGUAGE="ko").startswith("Usage:")
    assert told("grade", "--language", "ko", "--help", LANG="C").startswith("사용법:")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nosuch"], "오류: 그런 명령은 없습니다: 'nosuch'"),
        (["grade", "--nosuch"], "오류: 그런 옵션은 없습니다: '--nosuch'"),
        (["probe"], "오류: 인자가 빠졌습니다: 'FILE'"),
        (["probe", "nosuch.py"], "'nosuch.py': 없습니다."),
        (["grade", "--format", "nosuch"], "unblocked: 그런 형식은 없습니다: 'nosuch'."),
        (["grade", "--report", "json"], "unblocked: --report에는 FORMAT=FILE 꼴로 적어야 합니다."),
    ],
)
def test_errors_are_korean(told, words, sentence):
    """Click's own errors and ours."""
    assert sentence in told(*words, UNBLOCKED_LANGUAGE="ko")


def test_environment_is_as_before(told):
    """A process that runs a command line goes on in its own language."""
    before = dict(os.environ)

    told("--language", "ko", "--help")

    assert dict(os.environ) == before
    assert told("--help").startswith("Usage:")


def test_stream_without_the_letters_gets_english():
    """No letter that it cannot carry, and no traceback."""
    environ = {**os.environ, "UNBLOCKED_LANGUAGE": "ko", "PYTHONIOENCODING": "ascii"}

    done = subprocess.run(
        [sys.executable, "-m", "grader", "grade", "s99"],
        env=environ,
        capture_output=True,
        check=False,
    )

    assert done.stderr.startswith(b"unblocked: there is no single stage called 's99'")


def test_probe_speaks_korean(told, tmp_path):
    """The detector's own command goes through gettext."""
    path = tmp_path / "naps.py"
    path.write_text("import time\nasync def main():\n    time.sleep(0.1)\n")

    output = told("probe", str(path), UNBLOCKED_LANGUAGE="ko")

    assert re.search(r"naps.py:3  time.sleep \d+ms 동안 기다림$", output, re.MULTILINE)
    assert "`await asyncio.sleep(...)`을 쓰세요." in output
