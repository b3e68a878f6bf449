"""One release, made once: what it holds is looked at in several places."""

import pytest

from grader.release.contents import Assignment, contents


@pytest.fixture(scope="session")
def everything():
    """Every file of the assignment as it is by default."""
    return contents(Assignment())
