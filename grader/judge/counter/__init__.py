"""The `shop` of a check."""

from grader.judge.counter.counter import Counter

__all__ = ["Counter"]
