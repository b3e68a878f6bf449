"""`unblocked probe`: the detector's own command."""

from grader.blocking.command import probe as command

__all__ = ["command"]
