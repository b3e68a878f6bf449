"""Mutants differ from their source in one edit, in what runs, and only where learners write."""

import ast
import textwrap

import pytest

from bench.mutants.mutation import mutants_of


@pytest.fixture
def mutants():
    """Gives the mutants of a function with this body, as pairs of operator and what came for what went."""

    def mutants(body, head="def f(services, x):"):
        source = head + "\n" + textwrap.indent(textwrap.dedent(body), "    ")
        made = mutants_of("s03_async_await", source)
        return {(m.operator, " / ".join(m.gone), " / ".join(m.come)) for m in made}

    return mutants


@pytest.mark.parametrize(
    ("body", "operator", "gone", "come"),
    [
        ("x.pay()", "statement left out", "x.pay()", "pass"),
        ("x.pay()", "statement said twice", "", "x.pay()"),
        ("x.a()\nx.b()", "neighbours swapped", "x.b()", "x.b()"),
        ("return x", "return forgotten", "return x", "x"),
        ("if x:\n    return x\nx()", "returns nothing", "return x", "return None"),
        ("while x:\n    break", "continue for break", "break", "continue"),
        ("while x:\n    continue", "break for continue", "continue", "break"),
        ("if x:\n    x()\nelse:\n    services()", "else left out", "else: / services()", ""),
        ("if x:\n    x()", "condition negated", "if x:", "if not x:"),
        ("if not x:\n    x()", "condition negated", "if not x:", "if x:"),
        ("if x:\n    x()", "condition always true", "if x:", "if True:"),
        ("while x:\n    x()", "condition always true", "while x:", "while True:"),
        ("return x < 1", "comparison exchanged", "return x < 1", "return x <= 1"),
        ("return x and f", "or for and", "return x and f", "return x or f"),
        ("return x and f", "one part of a condition", "return x and f", "return f"),
        ("raise ValueError(x) from f", "cause left out", None, "raise ValueError(x)"),
        (
            "raise ValueError(x)",
            "another exception raised",
            "raise ValueError(x)",
            "raise ShopError(x)",
        ),
        (
            "try:\n    x()\nexcept KeyError:\n    f()",
            "another exception caught",
            "except KeyError:",
            "except BaseException:",
        ),
        ("try:\n    x()\nexcept KeyError:\n    f()", "handler raises on", "f()", "raise"),
        ("try:\n    x()\nexcept KeyError:\n    f()", "handler does nothing", "f()", "pass"),
        ("x(1, f)", "arguments swapped", "x(1, f)", "x(f, 1)"),
        ("x(1, f)", "argument left out", "x(1, f)", "x(f)"),
        ("x(1, f)", "argument is nothing", "x(1, f)", "x(1, None)"),
        ("x(1, f=2)", "keyword left out", "x(1, f=2)", "x(1)"),
        ("return x(f)", "call gives its argument", "return x(f)", "return f"),
        ("f(1 + x(1))", "call gives nothing", None, "f(1 + None)"),
        ("x[f + 1] = 2", "another constant", None, "x[f + 0] = 2"),
        ("return x(f)", "call not made", "return x(f)", "return x"),
        ("x(*f)", "star left out", "x(*f)", "x(f)"),
        ("x(1)", "another constant", "x(1)", "x(2)"),
        ("x(True)", "another constant", "x(True)", "x(False)"),
        ("return x.set_result(f)", "another method", None, "return x.set_exception(f)"),
        ("return x.gather(f)", "exceptions as results", None, None),
        ("return [i for i in x]", "read backwards", None, "return [i for i in list(x)[::-1]]"),
        ("return [i for i in x if i]", "filter left out", None, "return [i for i in x]"),
        ("x(lambda: f())", "lambda does nothing", None, "x(lambda: None)"),
    ],
)
def test_an_operator_makes_its_edit(mutants, body, operator, gone, come):
    """Each in the place that it is about, and nothing else on the line changes."""
    made = mutants(body)

    assert any(
        (operator == what) and gone in (None, before) and come in (None, after)
        for what, before, after in made
    ), made


def test_awaits_are_forgotten_and_shielded(mutants):
    made = mutants("return await x", head="async def f(x):")

    assert ("await forgotten", "return await x", "return x") in made
    assert ("shielded", "return await x", "return await asyncio.shield(x)") in made


def test_withs_and_decorators_are_undone(mutants):
    made = mutants("async with x:\n    f()", head="@services\nasync def f(x):")

    assert ("only the body", "async with x: / f()", "f()") in made
    assert ("decorator does nothing", "@services", "@lambda it: it") in made


def test_a_mutant_runs_otherwise_than_its_source(mutants):
    """What compiles to the same code is no mutant: a docstring, an annotation, a second pass."""
    assert mutants("'''Says much.'''\nreturn None") == {
        ("another constant", "return None", "return 0"),
        ("another constant", "return None", "return True"),
    }


@pytest.mark.parametrize(
    ("body", "matters"),
    [
        ("a = x\ndef g():\n    return a", False),
        ("x.a = 1\nx.b = 2", False),
        ("async def g(): pass\nasync def h(): pass", False),
        ("a = x\nb = a", True),
        ("a = 1\na = x", True),
        ("a = x()\ndef g():\n    return a", True),
        ("a = x\ndef g(b=a):\n    return b", True),
    ],
)
def test_neighbours_are_swapped_where_it_can_matter(mutants, body, matters):
    """Bindings that know nothing of each other are the same program in either order."""
    assert ("neighbours swapped" in {what for what, _, _ in mutants(body)}) is matters


def test_only_what_learners_write_is_mutated():
    """Imports, names of types and what runs by hand are not judged, so no check can see them."""
    source = (
        "import asyncio\nx = 1\nP: list[str] = ['a']\nif __name__ == '__main__':\n    print(1)\n"
        "T: TypeAlias = 'list[str]'\n"
    )

    assert {mutant.line for mutant in mutants_of("s03_async_await", source)} == {3}


def test_every_mutant_is_another_program():
    source = "async def f(a, b):\n    x = await a.get(b[0])\n    return await a.pay(x)\n"

    made = [mutant.source for mutant in mutants_of("s03_async_await", source)]

    assert len(made) == len(set(made)) > 20
    assert all(ast.parse(text) for text in made)
