"""The trusted side: it starts the child, owns its time, keeps the history, and decides."""

from grader.judge.contract import Contract
from grader.judge.findings import Broken, Undecided
from grader.judge.session import Session
from grader.language import later, say

__all__ = ["Broken", "Contract", "Session", "Undecided", "later", "say"]
