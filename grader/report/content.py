"""What a format may show: the result, and what surrounds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from grader.language import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.results import Result
    from grader.timeline import Recording


@dataclass(frozen=True)
class Report:
    """One grading and what its reader may want to see beside it.

    Attributes:
        sources: Stage to the text of its pipeline.py; without an entry no source line is shown.
        files: Stage to the path of its pipeline.py, as the learner would type it.
        untouched: The stages whose pipeline.py is still the starter, word for word.
        command: What grades again, when the name of a stage is put after it.
        verbose: Say what a learner need not know: which walls were up.
        recordings: Check id to its history, where it was kept.
        only: The one check that was judged; "" if all were.
        further: The stages of the bonus ladder that are to be had, once the core is finished.
    """

    result: Result
    sources: Mapping[str, str] = field(default_factory=dict[str, str])
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    untouched: frozenset[str] = frozenset()
    command: str = "nox -s grade --"
    verbose: bool = False
    recordings: Mapping[str, Recording] = field(default_factory=dict[str, "Recording"])
    only: str = ""
    further: tuple[str, ...] = ()

    def file_of(self, stage: str) -> str:
        """Path of the one file that a learner edits in this stage."""
        return self.files.get(stage, f"{stage}/pipeline.py")

    def readme_of(self, stage: str) -> str:
        """Path of the page that a learner reads first in this stage."""
        folder = Path(self.file_of(stage)).parent
        own = folder / f"README.{spoken().code}.md"
        return str(own if own.is_file() else folder / "README.md")

    def run_again(self, stage: str) -> str:
        """Command that grades this stage only, by the shortest name that is sure to find it."""
        only = f" --check {self.only}" if self.only else ""
        return f"{self.command} {stage.partition('_')[0]}{only}"

    def is_pipeline(self, stage: str, file: str) -> bool:
        """Whether a finding in `file` points into the stage's own file, and not into another."""
        return PurePath(file).name in {"pipeline.py", PurePath(self.file_of(stage)).name}
