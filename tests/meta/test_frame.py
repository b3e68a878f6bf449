"""What stage 9's page says of the interpreter is so, in the Python that runs these tests."""

import dis
import re
from pathlib import Path

import pytest

STAGE = Path(__file__).parents[2] / "exercises" / "s09_coroutines"
SAMPLE = re.compile(r"```python\nimport dis\n+(def .*?)\n+dis\.dis", re.DOTALL)
NAMED = re.compile(r"`([A-Z]+_[A-Z]+|RESUME|SEND)`")


async def awaiting():
    """Awaits."""
    await awaiting()


def instructions(function):
    """Names by place."""
    return {step.offset: step.opname for step in dis.get_instructions(function)}


@pytest.fixture(params=["README.md", "README.ko.md"])
def page(request):
    """The page in one language."""
    return (STAGE / request.param).read_text(encoding="utf-8")


@pytest.fixture
def greet(page):
    """The coroutine that the page looks at."""
    names = {"sleep": lambda seconds: seconds}
    exec(SAMPLE.findall(page)[0], names)
    return names["greet"]


def test_instructions_are_there(page, greet):
    """Each instruction that the page names is one of the sample, or of an `await`; later Pythons may say more."""
    there = {*instructions(greet).values(), *instructions(awaiting).values()}
    named = set(NAMED.findall(page))

    assert {"YIELD_VALUE", "RETURN_GENERATOR", "RESUME", "SEND"} <= named
    assert not [name for name in named if not any(real.startswith(name) for real in there)]


def test_coroutine_stands_at_its_yield(greet):
    """The frame of a coroutine that waits says where, and keeps its variables."""
    waiting = greet("Ada")
    waiting.send(None)

    stands_at = instructions(greet)[waiting.gi_frame.f_lasti]
    assert stands_at in {"YIELD_VALUE", "RESUME"}  # where it left; from 3.13 on, where it comes in
    assert waiting.gi_frame.f_locals == {"name": "Ada"}
    waiting.close()
