"""Waiting for the child: until it is settled, or until it is clear that it never will be."""

from grader.judge.settling.in_vain import check_budgets, gone
from grader.judge.settling.settling import settle

__all__ = ["check_budgets", "gone", "settle"]
