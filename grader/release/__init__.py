"""The assignment as learners get it: what is in it, the grader that goes with it, and how it is written."""
