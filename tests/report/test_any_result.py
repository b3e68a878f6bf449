"""What holds for every result, however hostile its texts: hypothesis writes the results."""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files
from io import BytesIO, TextIOWrapper
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped,unused-ignore]
from msgspec import UNSET
from rich.cells import cell_len

from grader.judge.evidence import MOST
from grader.report import FORMATS, Report, as_terminal, draws_timelines, focus, harmless, render
from grader.results import (
    CheckResult,
    Event,
    Finding,
    Kind,
    Result,
    StageResult,
    Verdict,
    What,
    stage_result,
    whole_result,
)
from grader.timeline import Operation, Recording, Stall, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SCHEMA = json.loads(files("grader.report").joinpath("schema_v1.json").read_text("utf-8"))
VALIDATOR: Any = Draft202012Validator(SCHEMA)

# Texts of a hostile submission: any code point, lone surrogates too, and often the worst of them.
WORST = (
    "\x1b\x9b\x00\x07\r\n\t\x0b\x85\u2028\u202e\u2066\u200b\ufeff\ud800\U000e0001[]\\%:,=|<&@`*#_"
)
texts = st.text(st.characters() | st.sampled_from(WORST), max_size=40)
stage_names = st.from_regex(r"s[0-9]{2}_[a-z_]{1,20}", fullmatch=True)
points = st.integers(1, 60).map(lambda halves: halves / 2)

findings = st.builds(
    Finding,
    kind=st.sampled_from(Kind),
    message=texts,
    hint=texts,
    file=st.none() | st.just("pipeline.py") | texts,
    line=st.none() | st.integers(1, 12),
)


events = st.builds(
    Event,
    what=st.sampled_from(get_args(What)),
    at=st.floats(0, 1e6),
    subject=texts,
    user=st.none() | st.integers(0, 10**7),
    number=st.integers(0, 99),
    line=st.none() | st.integers(1, 12),
    text=texts,
    failed=st.booleans(),
    wrong=st.booleans(),
    left_out=st.integers(0, 99),
)


recordings = st.builds(
    Recording,
    events=st.lists(events, max_size=8).map(
        lambda drawn: tuple(sorted(drawn, key=lambda event: event.at))
    ),
    operations=st.tuples(st.builds(Operation, st.integers(0, 99), texts, st.integers(0, 9))),
    steps=st.tuples(st.builds(Step, st.floats(0, 9), st.just(0), st.floats(0, 9))),
    stalls=st.tuples(
        st.builds(Stall, st.integers(1, 12), st.just("waits"), texts, st.floats(0, 1))
    ),
    file=texts,
)


@st.composite
def checks(draw: st.DrawFn, stage: str) -> CheckResult:
    """Draw a check whose points and findings agree with its verdict."""
    verdict = draw(st.sampled_from(Verdict))
    worth = draw(points)
    least = 1 if verdict is Verdict.FAILED else 0
    most = 0 if verdict is Verdict.PASSED else 3
    told = tuple(draw(st.lists(events, max_size=20))) if verdict is Verdict.FAILED else ()
    return CheckResult(
        id=f"{stage}::test_{draw(st.integers(0, 99))}",
        title=draw(texts),
        points=worth,
        earned=worth if verdict is Verdict.PASSED else 0.0,
        verdict=verdict,
        seconds=draw(st.floats(0, 60)),
        findings=tuple(draw(st.lists(findings, min_size=least, max_size=most))),
        output=draw(texts),
        events=told or UNSET,
        private=draw(st.sampled_from((UNSET, True))),
    )


@st.composite
def stages(draw: st.DrawFn, names: st.SearchStrategy[str] = stage_names) -> StageResult:
    """Draw a stage of up to twelve checks."""
    name = draw(names)
    return stage_result(name, tuple(draw(st.lists(checks(name), max_size=12))))


@st.composite
def results(draw: st.DrawFn, names: st.SearchStrategy[str] = stage_names) -> Result:
    """Draw a result of up to four stages."""
    drawn = tuple(draw(st.lists(stages(names), max_size=4)))
    return whole_result(draw(texts), draw(st.integers(0, 2**63)), draw(texts), drawn)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Draw a report about stages of any name, with sources, paths and a command of any text."""
    result = draw(results(stage_names | texts))
    ids = [check.id for stage in result.stages for check in stage.checks]
    names = st.sampled_from([stage.stage for stage in result.stages] or [""])
    return Report(
        result=result,
        sources=draw(st.dictionaries(names, texts)),
        files=draw(st.dictionaries(names, texts | st.sampled_from(["/", ".", "a/pipeline.py"]))),
        untouched=draw(st.frozensets(names)),
        command=draw(texts),
        recordings={check: draw(recordings) for check in ids[: draw(st.integers(0, 3))]},
    )


many = settings(deadline=None, max_examples=60)


@many
@given(results())
def test_json_of_any_result_follows_the_schema(result: Result) -> None:
    """A program that trusts the schema can read whatever we write."""
    document = json.loads(render("json", Report(result)))

    VALIDATOR.validate(document)


@many
@given(results())
def test_json_loses_nothing_but_surrogates(result: Result) -> None:
    """Decoding gives the result back; only lone surrogates, which JSON cannot carry, are spelt."""
    document = render("json", Report(result))

    decoded = msgspec.json.decode(document, type=Result)

    assert decoded == harmless.with_every_text(
        result,
        lambda _field, text: text.encode("utf-8", "backslashreplace").decode(),
    )


@many
@given(reports(), st.sampled_from(sorted(FORMATS)))
def test_no_format_emits_a_character_that_a_terminal_obeys(report: Report, name: str) -> None:
    """Any report can be printed without harm, and no format stumbles over it."""
    text = render(name, report)

    assert text.endswith("\n")
    kinds = {unicodedata.category(char) for char in text if char != "\n"}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


MACHINES = sorted(
    name for name in set(FORMATS) - {"json", "terminal"} if not draws_timelines([name])
)


@many
@given(reports(), st.sampled_from(MACHINES))
def test_every_format_for_machines_is_read_by_its_consumer(
    consumers: Mapping[str, Callable[[str], Any]], report: Report, name: str
) -> None:
    """Any report keeps to what its reader publishes, whatever was submitted."""
    assert consumers[name](render(name, report))


def texts_in(document: Any) -> Iterator[str]:
    """Every text in a decoded document."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, (dict, list)):
        for item in document.values() if isinstance(document, dict) else document:
            yield from texts_in(item)


@many
@given(reports(), st.sampled_from(["gradescope", "sarif"]))
def test_decoded_texts_are_harmless_too(report: Report, name: str) -> None:
    """What a platform shows of a JSON document is its decoded texts."""
    kinds = {
        unicodedata.category(char)
        for text in texts_in(json.loads(render(name, report)))
        for char in text
        if char != "\n"
    }

    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})


@many
@given(reports())
def test_an_ungradable_result_fails_nobody(
    consumers: Mapping[str, Callable[[str], Any]], report: Report
) -> None:
    """In no format is there a failure where there is no grade."""
    gradable = report.result.gradable
    read = {name: consumers[name](render(name, report)) for name in MACHINES}

    assert gradable or not sum(suite.failures for suite in read["junit"])
    assert gradable or not read["sarif"]["results"]
    assert ("score" in read["gradescope"]) == gradable
    assert (read["github"][-1].name == "notice") == gradable
    assert bool(read["github_output"]["score"]) == gradable


@many
@given(reports(), st.integers(20, 100), st.sampled_from(["utf-8", "ascii", "cp437", "cp949"]))
def test_page_fits_any_terminal(report: Report, width: int, encoding: str) -> None:
    """No line is wider than the terminal but the last, and that one is the summary."""
    written = BytesIO()
    stream = TextIOWrapper(written, encoding=encoding, newline="\n")

    as_terminal.show(report, as_terminal.plain_console(stream, width))
    stream.flush()

    *lines, last = written.getvalue().decode(encoding).removesuffix("\n").split("\n")
    assert all(cell_len(line) <= width for line in lines)
    assert all(line == line.rstrip() for line in lines)
    assert last == focus.summary(harmless.harmless_report(report, encoding)).rstrip()


BROKEN: dict[str, dict[str, object]] = {
    "an unknown verdict": {"verdict": "maybe"},
    "an unknown kind": {"findings": [{"kind": "odd", "message": "", "hint": ""}]},
    "a field that is not documented": {"colour": "red"},
    "points for a failed check": {"earned": 3.0},
    "a failed check without a finding": {"findings": []},
    "a check without a stage": {"id": "test_pays_once"},
    "a check that is worth nothing": {"points": 0},
    "events that are none": {"events": []},
    "an event of an unknown sort": {"events": [{"what": "odd", "at": 0.0, "subject": "charge"}]},
    "events of a check that passed": {
        "verdict": "passed",
        "findings": [],
        "events": [{"what": "called", "at": 0.0, "subject": "charge"}],
    },
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN.keys())
def test_schema_refuses(change: dict[str, object]) -> None:
    """The schema is strict enough to notice a document that does not make sense."""
    finding = Finding(kind=Kind.STUCK, message="step 2 waits for step 1")
    check = CheckResult(
        id="s02_futures::test_pays_once",
        title="Pays once",
        points=3,
        earned=0,
        verdict=Verdict.FAILED,
        seconds=0.01,
        findings=(finding,),
    )
    stage = stage_result("s02_futures", (check,))
    document = json.loads(render("json", Report(whole_result("x", 1, "linux", (stage,)))))
    valid_before = VALIDATOR.is_valid(document)

    document["stages"][0]["checks"][0].update(change)

    assert valid_before
    assert not VALIDATOR.is_valid(document)


def test_schema_is_a_schema() -> None:
    """The file says of itself which dialect it is written in, and keeps to it."""
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


def test_schema_knows_every_word_of_the_results() -> None:
    """A kind or verdict that is added to the results is added to the schema, in the same order."""
    definitions = SCHEMA["$defs"]

    assert definitions["finding"]["properties"]["kind"]["enum"] == list(Kind)
    assert definitions["check"]["properties"]["verdict"]["enum"] == list(Verdict)
    assert definitions["event"]["properties"]["what"]["enum"] == list(get_args(What))
    assert list(definitions["event"]["properties"]) == list(Event.__struct_fields__)
    assert definitions["check"]["properties"]["events"]["maxItems"] == MOST
