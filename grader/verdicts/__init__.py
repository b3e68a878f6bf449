"""From checks to verdicts: runs each, believes the books only twice, and puts the first cause first."""

from grader.verdicts.course import Course

__all__ = ["Course"]
