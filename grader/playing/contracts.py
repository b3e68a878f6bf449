"""How a stage's program is called: its contract, read from its checks."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from grader.errors import ExerciseError
from grader.judge.contract import Contract

if TYPE_CHECKING:
    from pathlib import Path

    from grader.protocol.messages import Load


def contract_of(stage: Path) -> Load:
    """What the judge would order a child to load.

    Raises:
        ExerciseError: The stage's checks cannot be imported, or have no contract.
    """
    path = stage / "test_pipeline.py"
    spec = importlib.util.spec_from_file_location(f"{stage.name}_checks", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ExerciseError(f"{stage.name}/test_pipeline.py cannot be imported: {error}") from error
    contract = getattr(module, "CONTRACT", None)
    if not isinstance(contract, Contract):
        raise ExerciseError(f"{stage.name}/test_pipeline.py has no CONTRACT")
    return contract.load("")
