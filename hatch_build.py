"""Lays the stages, without the shop and the solutions, into the wheel as `grader/exercises/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Stages(BuildHookInterface[Any]):
    """A new stage is found by its folder's name, and only a real wheel needs a copy of it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        exercises = Path(self.root, "exercises")
        for path in [*exercises.glob("README*.md"), *exercises.glob("s[0-9][0-9]_*")]:
            build_data["force_include"][str(path)] = f"grader/exercises/{path.name}"
