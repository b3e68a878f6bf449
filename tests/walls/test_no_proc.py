"""A machine without /proc is graded all the same, behind the walls that need none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HIDE = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"]


def can_hide_proc():
    """Whether this user may hide /proc in a mount namespace of his own."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("unshare"):
        return False
    return subprocess.run([*HIDE, "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not can_hide_proc(), reason="only root can hide /proc, and not everywhere")
def test_right_program_gets_full_marks_without_proc():
    """The judge has no view from outside then, and says so."""
    command = [sys.executable, "-m", "grader", "grade", "s01", "--submission", "solutions", "-v"]

    done = subprocess.run(
        [*HIDE, *command], cwd=ROOT, check=False, capture_output=True, text=True, timeout=120
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "guarantees: portable" in done.stdout
