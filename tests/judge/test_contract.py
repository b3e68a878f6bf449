"""A stage's contract, from the form that learners read to the order that the child gets."""

import pytest

from grader.errors import ExerciseError
from grader.judge import Contract
from grader.protocol.messages import Signature


def test_functions_are_read_as_they_are_written():
    """Positional arguments, and those after the star that are passed by keyword."""
    contract = Contract(
        "async checkout(services, user_id, *, timeout)",
        "checkout_many(services, user_ids)",
        services="coroutines",
    )

    order = contract.load("/tmp/pipeline.py")

    assert order.signatures == (
        Signature("checkout", ("services", "user_id"), ("timeout",)),
        Signature("checkout_many", ("services", "user_ids")),
    )
    assert (order.path, order.services, order.ends_by) == (
        "/tmp/pipeline.py",
        "coroutines",
        "coroutine",
    )


def test_defaults_and_annotations_may_be_written():
    """A form may be as full as a learner would write it."""
    contract = Contract(
        "checkout(services: object, user_id: int = 7, *, timeout: float | None = None) -> object",
        services="coroutines",
    )

    (signature,) = contract.load("").signatures

    assert signature == Signature("checkout", ("services", "user_id"), ("timeout",))


def test_desk_owns_its_methods():
    """The class comes first, and its methods are called on an instance."""
    contract = Contract(
        "async checkout(user_id)", services="coroutines", desk="Checkout(services, sdk)"
    )

    order = contract.load("", max_parallel=3, default_threads=2)

    assert order.desk == "Checkout"
    assert order.signatures == (
        Signature("Checkout", ("services", "sdk")),
        Signature("Checkout.checkout", ("self", "user_id")),
    )
    assert (order.max_parallel, order.default_threads) == (3, 2)


def test_desk_has_an_sdk_that_takes_one_unless_more_are_asked_for():
    """Without a desk there is no SDK; with one, it takes at least one caller."""
    desk = Contract("f(x)", services="coroutines", desk="Desk(services, sdk)")
    functions = Contract("f(x)", services="coroutines")

    assert desk.load("").max_parallel == 1
    assert functions.load("").max_parallel == 0
    assert functions.load("").desk is None


def test_plain_is_passed_on():
    """A stage may refuse `async` and `await`."""
    plain, free = (Contract("f(x)", services="callbacks", plain=p) for p in (True, False))

    assert plain.load("").plain
    assert not free.load("").plain


@pytest.mark.parametrize(
    "form",
    [
        "",
        "checkout",
        "checkout(",
        "class Checkout(services)",
        "checkout(1)",
        "await checkout(x)",
        "one(x): ...\ndef two(y)",
        "checkout(x\0)",
    ],
    ids=repr,
)
def test_form_that_is_no_signature_is_the_authors_mistake(form):
    """It is refused when the contract is made, with the form in the message."""
    with pytest.raises(ExerciseError, match="not a signature"):
        Contract(form, services="coroutines")


def test_desk_that_is_no_signature_is_the_authors_mistake():
    """The class is written with its arguments, like a function."""
    with pytest.raises(ExerciseError, match="not a signature"):
        Contract("checkout(user_id)", services="coroutines", desk="class Checkout:")


def test_contracts_are_values():
    """Equal forms make equal contracts, and none can be changed."""
    one, other = (Contract("f(x)", services="callbacks", ends_by="future") for _ in range(2))

    assert one == other
    with pytest.raises(AttributeError):
        one.plain = True


def test_first_backend_is_meant_where_none_is_named():
    """A stage runs on asyncio, unless it says otherwise."""
    one = Contract("f(x)", services="coroutines")
    both = Contract("f(x)", services="coroutines", backends=("trio", "asyncio"))

    assert [one.load("").backend, both.load("").backend] == ["asyncio", "trio"]
    assert both.load("", backend="asyncio").backend == "asyncio"


@pytest.mark.parametrize("backends", [(), ("curio",), ("asyncio", "curio")])
def test_backend_that_is_none_is_the_authors_mistake(backends):
    """It is refused when the contract is made."""
    with pytest.raises(ExerciseError, match="no backends"):
        Contract("f(x)", services="coroutines", backends=backends)


@pytest.mark.parametrize(
    "form",
    [
        {"services": "callbacks"},
        {"services": "coroutines", "ends_by": "future"},
        {"services": "coroutines", "desk": "Checkout(services, sdk)"},
    ],
)
def test_trio_runs_coroutines_alone(form):
    """Callbacks, futures and desks are asyncio's."""
    with pytest.raises(ExerciseError, match="coroutines of a module"):
        Contract("f(x)", backends=("asyncio", "trio"), **form)


def test_classes_are_written_with_their_methods():
    """A stage on sockets names its class, and what can be called of it."""
    contract = Contract("MiniLoop()", "MiniLoop.call_soon(callback)", plain=True, sockets=True)

    order = contract.load("")

    assert order.sockets
    assert order.signatures == (
        Signature("MiniLoop", ()),
        Signature("MiniLoop.call_soon", ("self", "callback")),
    )
