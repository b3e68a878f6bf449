"""The result as SARIF 2.1.0, for code scanning and editors: a kind of finding is a rule, a finding a result.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from grader.report.explained import apology
from grader.report.harmless import harmless_report
from grader.report.places import place_of
from grader.results import Kind, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.report.content import Report
    from grader.results import CheckResult, Finding

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_RULES: Mapping[Kind, str] = {
    Kind.LIMIT: "Stays within its limits of time, memory and output.",
    Kind.TAMPERING: "Keeps to what is its own.",
    Kind.STRUCTURE: "Can be loaded, with each function in its agreed shape.",
    Kind.CRASH: "Raises only what it should raise.",
    Kind.BLOCKING: "Never holds the event loop.",
    Kind.STUCK: "Waits only for what can come.",
    Kind.NEVER_AWAITED: "Awaits each coroutine that it makes.",
    Kind.BEHAVIOUR: "Does what its check asks for.",
    Kind.LOOP_ERROR: "Lets no exception reach the event loop's handler.",
    Kind.LEAK: "Leaves nothing running.",
}


def render(report: Report) -> str:
    """Encode the findings of all failed checks; what could not be graded has none, and says why."""
    report = harmless_report(report)
    return (
        json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=2)
        + "\n"
    )


def _run(report: Report) -> dict[str, Any]:
    found = list(_found(report)) if report.result.gradable else []
    return {
        "tool": {"driver": _driver([finding for _, _, finding in found])},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "properties": {"score": report.result.score, "maxScore": report.result.max_score}
        if report.result.gradable
        else {},
        "results": [_result(report, *found_one) for found_one in found],
    }


def _found(report: Report) -> Iterator[tuple[str, CheckResult, Finding]]:
    for stage in report.result.stages:
        for check in stage.checks:
            if check.verdict is Verdict.FAILED:
                yield from ((stage.stage, check, finding) for finding in check.findings)


def _driver(findings: list[Finding]) -> dict[str, Any]:
    rules = [_rule(kind, [f.hint for f in findings if f.kind is kind and f.hint]) for kind in Kind]
    return {"name": "unblocked", **_version(), "rules": rules}


def _version() -> dict[str, str]:
    """Of the installed package; a checkout that is not installed has none."""
    try:
        return {"version": version("unblocked")}
    except PackageNotFoundError:
        return {}


def _rule(kind: Kind, hints: list[str]) -> dict[str, Any]:
    """A rule's help is the questions that this report asks about it."""
    rule: dict[str, Any] = {"id": kind, "shortDescription": {"text": _RULES[kind]}}
    if hints:
        rule["help"] = {"text": "\n".join(dict.fromkeys(hints))}
    return rule


def _invocation(report: Report) -> dict[str, Any]:
    if report.result.gradable:
        return {"executionSuccessful": True}
    notification = {"level": "error", "message": {"text": apology(report)}}
    return {"executionSuccessful": False, "toolExecutionNotifications": [notification]}


def _result(report: Report, stage: str, check: CheckResult, finding: Finding) -> dict[str, Any]:
    place = place_of(report, stage, finding)
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(place.path)}} if place else {}
    if place and place.line:
        where["region"] = {"startLine": place.line}
    return {
        "ruleId": finding.kind,
        "ruleIndex": list(Kind).index(finding.kind),
        "level": "error",
        "message": {"text": f"{check.title}: {finding.message}"},
        "locations": [{"physicalLocation": where}] if where else [],
        "properties": {"check": check.id, "points": check.points, "hint": finding.hint},
    }
