"""The judge's side of one run of a submission, a layer for each thing that it does with the child."""

from grader.judge.session.session import Session

__all__ = ["Session"]
