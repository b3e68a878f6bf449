"""Consumers: what the reader of each format makes of a report that keeps to what that reader publishes."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jsonschema import (  # type: ignore[import-untyped,unused-ignore]
    Draft4Validator,
    Draft202012Validator,
)
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from xmlschema import XMLSchema

from grader.report import Report
from grader.results import CheckResult, Finding, Kind, Verdict, stage_result, whole_result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SCHEMAS = Path(__file__).with_name("schemas")
JUNIT = XMLSchema(SCHEMAS / "junit-10.xsd")
SARIF = Draft4Validator(json.loads((SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text("utf-8")))
GRADESCOPE = Draft202012Validator(json.loads((SCHEMAS / "gradescope.json").read_text("utf-8")))
MARKDOWN = MarkdownIt("commonmark").enable("table")
STAGE = "s02_futures"


class Command(NamedTuple):
    """A workflow command as a runner of GitHub's understands it."""

    name: str
    properties: dict[str, str]
    text: str


def junit(text: str) -> JUnitXml:
    """Valid by the schema, and read by a library."""
    JUNIT.validate(text)
    return JUnitXml.fromstring(text.encode())


def sarif(text: str) -> Any:
    """The one run of a valid log."""
    log = json.loads(text)
    SARIF.validate(log)
    (run,) = log["runs"]
    return run


def gradescope(text: str) -> Any:
    """A document with documented fields only; a score goes with its tests, and neither without the other."""
    document = json.loads(text)
    GRADESCOPE.validate(document)
    assert ("score" in document) == ("tests" in document)
    return document


def commands(text: str) -> list[Command]:
    """Every line is a command; nothing reaches the log that the runner might take for another."""
    return [_command(line) for line in text.removesuffix("\n").split("\n")]


def _command(line: str) -> Command:
    assert line.startswith("::")
    head, _, data = line[2:].partition("::")
    name, _, listed = head.partition(" ")
    assert name in {"error", "notice"}
    pairs = [pair.partition("=") for pair in listed.strip().split(",")]
    return Command(name, {k: _unescaped(v, ":,") for k, _, v in pairs}, _unescaped(data))


def _unescaped(text: str, more: str = "") -> str:
    """The runner undoes its escapes one after the other, the per cent sign last."""
    for char in f"\r\n{more}%":
        text = text.replace(f"%{ord(char):02X}", char)
    return text


def outputs(text: str) -> dict[str, str]:
    """The outputs of a step."""
    pairs = [line.partition("=") for line in StringIO(text)]
    assert all(separator for _, separator, _ in pairs)
    return {name: value.removesuffix("\n") for name, _, value in pairs}


def markdown(text: str) -> list[str]:
    """The texts of a page that holds nothing but headings, lists, one table and text."""
    tokens = MARKDOWN.parse(text)
    inline = [token for token in tokens if token.type == "inline"]
    parts = [child for token in inline for child in token.children or ()]
    assert {part.type for part in parts} <= {"text", "softbreak", "hardbreak", "text_special"}
    assert not {"html_block", "fence", "code_block", "blockquote_open", "hr"} & {
        token.type for token in tokens
    }
    return ["".join(part.content or " " for part in token.children or ()) for token in inline]


@pytest.fixture(scope="session")
def consumers() -> Mapping[str, Callable[[str], Any]]:
    """What reads each format for machines."""
    return {
        "junit": junit,
        "sarif": sarif,
        "gradescope": gradescope,
        "github": commands,
        "classroom": commands,
        "github_output": outputs,
        "markdown": markdown,
    }


def _check(name: str, verdict: Verdict, *findings: Finding, output: str = "") -> CheckResult:
    earned = 3.0 if verdict is Verdict.PASSED else 0.0
    return CheckResult(
        id=f"{STAGE}::test_{name}",
        title=f"Title of {name}",
        points=3.0,
        earned=earned,
        verdict=verdict,
        seconds=0.25,
        findings=findings,
        output=output,
    )


PAID_TWICE = Finding(
    kind=Kind.BEHAVIOUR,
    message="order 11 was paid 2 times: 100%, ok",
    hint="What if step 1 answers twice?",
    file="pipeline.py",
    line=12,
)
LOST = Finding(kind=Kind.CRASH, message="no process could be started")


def _report(*checks: CheckResult) -> Report:
    result = whole_result("work", 7, "linux", (stage_result(STAGE, checks),))
    return Report(result, files={STAGE: f"work/{STAGE}/pipeline.py"})


@pytest.fixture(scope="session")
def marks_lost() -> Report:
    """Of four checks one passed, two failed of the same cause, one was skipped."""
    return _report(
        _check("passes", Verdict.PASSED),
        _check("pays_once", Verdict.FAILED, PAID_TWICE, output="::error::forged\n"),
        _check("echo", Verdict.FAILED, PAID_TWICE),
        _check("later", Verdict.SKIPPED),
    )


@pytest.fixture(scope="session")
def ungradable() -> Report:
    """One check failed, and of another the verdict is unknown."""
    return _report(
        _check("pays_once", Verdict.FAILED, PAID_TWICE), _check("lost", Verdict.UNKNOWN, LOST)
    )


@pytest.fixture(scope="session")
def nothing_graded() -> Report:
    """No check was run."""
    return Report(whole_result("work", 7, "linux", ()))
