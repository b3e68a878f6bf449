"""Worlds by their seeds."""

import random

import pytest

from grader.world import World


@pytest.fixture
def new_world():
    """Makes a world of a seed."""
    return lambda seed=7: World(random.Random(seed))


@pytest.fixture
def world(new_world):
    """One world."""
    return new_world()
