"""A Dask cluster of two worker processes, one of which is killed."""

import subprocess
import sys
from contextlib import ExitStack

import pytest

from grader.batch import stub

pytest.importorskip("distributed")

GRADE = """
import sys
from grader.batch import stub
from grader.batch.cluster import ClusterWorkers
from grader.batch.jobs import Answer, Job, Terms

terms = Terms(stages=("s01_callbacks",), seed=7, checks="c", version="1")

def jobs():
    for number in range(int(sys.argv[2])):
        yield Job(str(number), "x", (Answer("s01_callbacks", b"x"),), terms)

for outcome in ClusterWorkers(sys.argv[1], stub.grade_encoded).grade(jobs()):
    print(outcome.key, outcome.result.score, flush=True)
    sys.stdin.readline()
"""
