"""Ending a test of plain pytest by the verdict on its check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.language import say
from grader.results import Verdict

if TYPE_CHECKING:
    from grader.results import CheckResult, Finding


def end_test(result: CheckResult) -> None:
    """End the test the way pytest knows."""
    __tracebackhide__ = True
    if result.verdict is Verdict.SKIPPED:
        pytest.skip(say("a check that it builds on failed"))
    if result.verdict is not Verdict.PASSED:
        pytest.fail("\n".join(map(_line, result.findings)), pytrace=False)


def _line(found: Finding) -> str:
    where = f" ({found.file}:{found.line})" if found.line else ""
    hint = f"\n  {found.hint}" if found.hint else ""
    return f"{found.kind}: {found.message}{where}{hint}"
