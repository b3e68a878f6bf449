"""How a stage's program is called: its contract, read from its checks."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from grader.errors import ExerciseError
from grader.judge.contract import Contract
from grader.language import say

if TYPE_CHECKING:
    from pathlib import Path

    from grader.protocol.messages import Load


def contract_of(stage: Path) -> Load:
    """What the judge would order a child to load.

    Raises:
        ExerciseError: The stage's checks cannot be imported, or have no contract.
    """
    path = stage / "test_pipeline.py"
    place = f"{stage.name}/{path.name}"
    spec = importlib.util.spec_from_file_location(f"{stage.name}_checks", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        text = say("{path} cannot be imported: {error}", path=place, error=error)
        raise ExerciseError(text) from error
    contract = getattr(module, "CONTRACT", None)
    if not isinstance(contract, Contract):
        raise ExerciseError(say("{path} has no CONTRACT", path=place))
    return contract.load("")
