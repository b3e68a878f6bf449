"""A grader for asynchronous Python that judges from another process."""
