"""Every way in which a submission cannot be loaded has one sentence."""

import marshal

import pytest

from grader.judge import Contract, facts
from grader.protocol.messages import Compiled, Loaded

pytestmark = pytest.mark.asyncio

FORM = "async checkout(services, user_id, *, timeout)"
FINE = "async def checkout(services, user_id, *, timeout=None): pass\n"

BAD = {
    "syntax": ("\ndef checkout(:\n", "structure", "not valid Python", 2),
    "indentation": ("def f():\nreturn 1\n", "structure", "not valid Python", 2),
    "unknown encoding": ("# coding: klingon\n", "structure", "declared encoding", None),
    "wrong encoding": (b"# coding: utf-8\nx = '\xff'\n", "structure", "declared encoding", None),
    "no encoding": (b"x = '\xe9'\n", "structure", "encoding", None),
    "nul bytes": (b"x = 1\0\n", "structure", "pipeline.py", None),
    "nested": ("x = " + "-" * 200_000 + "1\n", "structure", "pipeline.py", None),
    "empty": ("", "structure", "does not define `checkout`", None),
    "another name": ("def check_out(): pass\n", "structure", "does not define `checkout`", None),
    "no function": ("checkout = 7\n", "structure", "does not define `checkout`", None),
    "too few": ("\nasync def checkout(services): pass\n", "structure", "cannot be called as", 2),
    "too many": ("async def checkout(a, b, c, *, timeout): pass\n", "structure", "cannot be", 1),
    "no keyword": ("def checkout(services, user_id): pass\n", "structure", "timeout=…", 1),
    "raises": ("\n\nraise ValueError('no')\n", "crash", "ValueError", 3),
    "raises deep": ("def f():\n    1 / 0\nf()\n", "crash", "ZeroDivisionError", 2),
    "exits": ("import sys\nsys.exit(0)\n", "crash", "SystemExit", 2),
    "interrupts": ("raise KeyboardInterrupt\n", "crash", "KeyboardInterrupt", 1),
    "missing module": ("import no_such_module\n", "crash", "ModuleNotFoundError", 1),
    "reads input": ("input()\n", "crash", "EOFError", 1),
    "await outside async": ("def f(s):\n    await s\n", "structure", "not valid Python", 2),
    "return outside": ("\nreturn 1\n", "structure", "not valid Python", 2),
    "same name twice": ("def f(a, a): pass\n", "structure", "not valid Python", 1),
}


@pytest.mark.parametrize(("source", "kind", "words", "line"), BAD.values(), ids=BAD)
async def test_bad_submission_has_one_sentence(load, source, kind, words, line):
    """The problem has a kind, one line of words, and a line of the file where one is known."""
    problem = load(source, FORM).problem

    assert problem.kind == kind
    assert words in facts.problem(problem)
    assert "\n" not in facts.problem(problem)
    assert line is None or problem.line == line


@pytest.mark.parametrize(
    "source",
    [
        FINE,
        "def checkout(*args, **keywords): pass\n",
        "from functools import partial\ncheckout = partial(lambda a, s, u, timeout: None, 1)\n",
        "class checkout:\n    def __init__(self, s, u, *, timeout): pass\n",
        "\ufeff" + FINE,
        b"# coding: latin-1\nname = '\xe9'\n" + FINE.encode(),
        "print('imported')\n" + FINE,
        "if __name__ == '__main__':\n    raise SystemExit\n" + FINE,
        "from __future__ import annotations\n" + FINE,
        "import re\nword = re.compile('\\d')\n" + FINE,
        "async def checkout(services, user_id, retries=3, *, timeout=None): pass\n",
    ],
)
async def test_every_fitting_style_is_loaded(load, source):
    """Whatever can be called in the form of the contract is good enough."""
    loaded = load(source, FORM)

    assert loaded.problem is None
    assert loaded.loop > 0


async def test_line_of_the_first_function_is_told(load):
    """A finding without a line of its own points there."""
    loaded = load("\n\n" + FINE, FORM)

    assert loaded.lines == {"checkout": 3}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def f(): pass\nasync def checkout(s, u): pass\n", 2),
        ("def checkout(s, u):\n    async def g():\n        pass\n", 2),
        ("def checkout(s, u):\n    x = 1\n    return [await x]\n", 3),
    ],
)
async def test_plain_stage_refuses_coroutines(load, source, line):
    """Where they would be the whole answer, `async` and `await` are refused, with the line."""
    problem = load(source, "checkout(services, user_id)", plain=True).problem

    assert (problem.kind, problem.line) == ("structure", line)


async def test_plain_stage_allows_generators(load):
    """A program that drives generators itself is plain enough."""
    source = "def checkout(s, u):\n    yield s\n"

    assert load(source, "checkout(services, user_id)", plain=True).problem is None


async def test_child_tells_what_it_compiled_before_it_runs_the_submission(load, talk):
    """A later child of the same submission is spared the compiling."""
    load("raise ValueError\n", FORM)

    assert [type(said) for said in talk.heard] == [Compiled, Loaded]
    assert marshal.loads(talk.heard[0].code).co_filename == "pipeline.py"


async def test_child_that_is_given_the_code_does_not_compile(talk, tmp_path):
    """It does not even look at the file."""
    code = marshal.dumps(compile(FINE, "pipeline.py", "exec"))
    contract = Contract(FORM, services="coroutines")

    loaded = talk.load(tmp_path / "pipeline.py", contract, code=code)

    assert loaded.problem is None
    assert [type(said) for said in talk.heard] == [Loaded]


async def test_large_code_is_not_told(load, talk):
    """A frame has its bounds; then every child compiles for itself."""
    load(FINE + f"text = {'x' * 100_000!r}\n", FORM)

    assert talk.heard[0] == Compiled(b"")


async def test_desk_is_vetted_with_its_methods(load):
    """A class that lacks a method, or takes other arguments, cannot be judged."""
    source = "class Desk:\n    def __init__(self, services, sdk): pass\n"
    options = {"desk": "Desk(services, sdk)"}

    problem = load(source, "async checkout(user_id)", **options).problem

    assert "does not define `Desk.checkout`" in facts.problem(problem)
