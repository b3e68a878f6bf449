"""What must have come of an operation: a part for each sort of demand, and `Run`, which has them all."""

from grader.judge.runs.run import Run

__all__ = ["Run"]
