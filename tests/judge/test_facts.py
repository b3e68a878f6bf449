"""What a learner reads: what happened in the history, and no word about what the judge runs in the child."""

import pytest

from grader.judge import Broken, Contract, facts
from grader.judge.evidence import Focus
from grader.protocol.messages import Note
from grader.protocol.values import Raised
from grader.world import STEPS, Event, Fault, History

CALLBACKS = Contract(
    "checkout(services, user_id, on_done, on_error)", services="callbacks", ends_by="callbacks"
)
NESTED = """
def checkout(services, user_id, on_done, on_error):
    def ordered(orders):
        services.get_order_details(orders[0], priced, on_error)
    def priced(details):
        services.process_payment(details, on_done, on_error)
    def known(user):
        services.get_orders(user, ordered, on_error)
    services.get_user_data(user_id, known, on_error)
"""

SETTLED_BY_A_THREAD = """
import asyncio
import threading
def checkout(services, user_id, on_done, on_error):
    future = asyncio.get_running_loop().create_future()
    future.add_done_callback(lambda paid: on_done(paid.result()))
    threading.Thread(target=future.set_result, args=[None]).start()
"""


class Somebody:
    """A customer, as far as his id is concerned."""

    def __init__(self, user):
        self.id = user


class Ann:
    """A customer, as far as facts are concerned."""

    id = 7


def history_of(*events):
    """A history of one customer: `step` is a call, `step!` its answer, `step?` its failure."""
    history = History()
    for number, name in enumerate(events):
        step = name.rstrip("!?")
        what = "called" if step == name else "answered"
        failed = name.endswith("?")
        text = "UserNotFound('no. 1')" if failed else ""
        call = STEPS.index(step)
        history.add(Event(what, float(number), step, 7, call, number + 10, text, failed))
    return history


USER, ORDERS, DETAILS, PAYMENT = STEPS
RIGHT = f"right would be {', '.join(STEPS)}"
FAILED = "get_user_data answered with UserNotFound('no. 1')"


@pytest.mark.parametrize(
    ("events", "right", "fact", "place"),
    [
        ([], STEPS, "no service had answered, and the checkout of user 7 never called get_user_data", None),
        (
            [USER, f"{USER}!"],
            STEPS,
            "get_user_data answered, and the checkout of user 7 never called get_orders",
            None,
        ),
        (
            [USER, f"{USER}!", ORDERS, f"{USER}!", ORDERS],
            STEPS,
            f"get_user_data answered again, and the checkout of user 7 called get_orders again; {RIGHT}",
            4,
        ),
        (
            [USER, f"{USER}?", ORDERS],
            STEPS[:1],
            f"{FAILED}, and the checkout of user 7 called get_orders; right would be get_user_data",
            2,
        ),
        (
            [ORDERS, USER],
            STEPS,
            f"no service had answered, and the checkout of user 7 called get_orders; {RIGHT}",
            0,
        ),
    ],
)  # fmt: skip
def test_a_deviation_is_told_by_what_came_before_it(events, right, fact, place):
    assert facts.deviation(history_of(*events), Ann(), right) == (fact, place)


def test_a_long_sequence_is_told_by_its_beginning():
    assert facts.steps([USER] * 800) == ", ".join([USER] * facts.FEW) + ", … (800 calls)"
    assert facts.steps([]) == "nothing"


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (
            "loop_error",
            "Exception in callback CallbackServices._settle(Answer(call=4))",
            "KeyError('x') came out of a callback, and nobody caught it but the loop's exception handler",
        ),
        (
            "loop_error",
            "Task exception was never retrieved",
            "a task or a future failed with KeyError('x'), and its exception was never retrieved",
        ),
        ("thread_died", "KeyError('x')", "a thread ended with KeyError('x')"),
    ],
)
def test_an_error_is_told_without_a_word_of_ours(kind, text, told):
    error = Raised("KeyError", "x", ("KeyError", "Exception"))

    assert facts.noted(Note(kind, text, 3, error)) == told


async def broken_by(session_of, source, **plan):
    """How a checkout of one customer is broken, and its session."""
    session = await session_of(source, CALLBACKS)
    operation = await session.begin("checkout", session.world.add(**plan))
    with pytest.raises(Broken) as broken:
        await session.drive(operation)
    return broken.value, session, operation


@pytest.mark.asyncio
async def test_who_is_stuck_reads_what_came_last(session_of):
    """The finding is about the one customer, and about all that was seen until then."""
    source = NESTED.replace("orders[0], priced, on_error", "orders[0], priced, print")

    broken, session, operation = await broken_by(session_of, source, fails_at=DETAILS)

    (customer,) = operation.customers
    message = broken.finding.message
    assert message.startswith("get_order_details answered with DetailsUnavailable(")
    assert message.endswith("never ends: every call is answered, no timer runs")
    assert broken.focus == Focus(
        frozenset({customer.id}), operation.number, seen=len(session.history)
    )


@pytest.mark.asyncio
async def test_who_is_stuck_for_an_error_reads_the_error_and_its_line(session_of):
    """An exception in a callback is the cause; that nothing ever ends is its echo."""
    broken, *_ = await broken_by(session_of, NESTED, orders=0)

    assert broken.finding.line == 4
    assert broken.finding.message.startswith(
        "IndexError('list index out of range') was raised where nobody caught it, so checkout("
    )


@pytest.mark.asyncio
async def test_who_settles_a_future_from_another_thread_reads_which_call_would_be_right(session_of):
    """Asyncio's own words name neither the thread nor the way out."""
    broken, *_ = await broken_by(session_of, SETTLED_BY_A_THREAD)

    assert broken.finding.message.startswith(
        "another thread used the loop or a future without `call_soon_threadsafe`, so checkout("
    )


@pytest.mark.asyncio
async def test_a_silent_service_is_not_said_to_have_answered(session_of):
    broken, *_ = await broken_by(session_of, NESTED, faults={ORDERS: Fault.SILENT})

    assert "get_orders does not answer, no timer runs" in broken.finding.message


@pytest.mark.asyncio
async def test_the_history_says_what_an_operation_came_to(session_of):
    """A payment in words, an empty list of orders, and a failure by its class."""
    paid = NESTED.replace(
        "ordered(orders):", "ordered(orders):\n        if not orders: return on_done(None)"
    )
    session = await session_of(paid, CALLBACKS)
    customers = [session.world.add(), session.world.add(orders=0), session.world.add(fails_at=USER)]
    for customer in customers:
        await session.drive(await session.begin("checkout", customer))

    told = [(e.subject, e.failed, e.text) for e in session.history if e.what == "told"]
    order = customers[0].orders[0].id
    assert told[0] == ("on_done", False, f"the payment of order {order}")
    assert told[1] == ("on_done", False, "None")
    assert told[2][:2] == ("on_error", True)
    assert told[2][2].startswith("UserNotFound(")
    empty = session.history.last_answer(customers[1].id)
    assert (empty.subject, empty.text) == (ORDERS, "[]")


def test_most_in_flight_counts_from_the_first_call_to_the_last_answer():
    """Whoever has had his last answer makes room, in whatever step the next one begins."""
    history = History()
    for what, user in [
        ("called", 7), ("called", 8), ("answered", 7), ("called", 9), ("called", 1), ("answered", 9), ("raised", 8)
    ]:  # fmt: skip
        history.add(Event(what, 0.0, STEPS[0], user, line=user))
    people = [Somebody(user) for user in (7, 8, 9)]

    assert facts.most_in_flight(history, people) == (2, history.events[1])
    assert facts.most_in_flight(history, people[:1]) == (1, history.events[0])
    assert facts.most_in_flight(history, []) == (0, None)
