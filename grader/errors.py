"""Who must act when grading cannot go on.

GraderError                 carries `exit_code`; its text is one sentence fit for the terminal
├── UsageError              the caller must act: no such file, folder, stage or option value      exit 2
├── ExerciseError           the author of an exercise must act: checks or README inconsistent     exit 3
└── MachineError            we or the machine must act: the child cannot be started               exit 3

What is wrong with a submission is never an exception out of the grader: it is a `Finding` (see `results`).
"""

from __future__ import annotations

from typing import ClassVar


class GraderError(Exception):
    """Base of every error that ends a grading; the text is shown as it is."""

    exit_code: ClassVar[int] = 3


class UsageError(GraderError):
    """The command line names something that is not there."""

    exit_code = 2


class ExerciseError(GraderError):
    """An exercise's checks, README or contract contradict each other."""


class MachineError(GraderError):
    """The machine would not do its part: no process, no socket, no memory."""
