"""Reports as plain JSON values, for other programs and for the way out of a child process."""

from collections.abc import Mapping
from typing import Any

from .findings import Cause, Finding, Guarantees, KeptOut, Report


def encode(report: Report) -> dict[str, Any]:
    """A report as JSON's own types; the keys are a public format, added to but not changed."""
    return {
        "blocked": [_encode_finding(finding) for finding in report.blocked],
        "inconclusive": report.inconclusive,
        "guarantees": report.guarantees.value,
        "intact": report.intact,
        "kept_out": [
            {"thread": stall.thread, "seconds": round(stall.seconds, 4)}
            for stall in report.kept_out
        ],
    }


def decode(values: Mapping[str, Any]) -> Report:
    """The report that `encode` made these values of."""
    return Report(
        blocked=tuple(_decode_finding(finding) for finding in values["blocked"]),
        kept_out=tuple(KeptOut(**stall) for stall in values["kept_out"]),
        inconclusive=values["inconclusive"],
        intact=values["intact"],
        guarantees=Guarantees(values["guarantees"]),
    )


def _encode_finding(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file,
        "line": finding.line,
        "seconds": round(finding.seconds, 4),
        "cause": finding.cause.value,
        "call": finding.call,
        "times": finding.times,
        "hint": finding.hint,
    }


def _decode_finding(values: Mapping[str, Any]) -> Finding:
    names = ("file", "line", "call", "seconds", "times")
    return Finding(cause=Cause(values["cause"]), **{name: values[name] for name in names})
