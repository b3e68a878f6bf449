"""What the services of the simulated shop answer, to whom, and when."""

import random
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import shop
from grader.world import FAILURES, SOURCE, STEPS, Fault, World
from grader.world.troubles import Fate, fate_of

ASYNC_FAULTS = [Fault.TWICE, Fault.LATE_ERROR, Fault.SILENT]


def arguments(customer):
    """What a right program passes to each step."""
    return {
        "get_user_data": customer.id,
        "get_orders": customer.user,
        "get_order_details": customer.orders[0],
        "process_payment": customer.details,
        "charge": customer.details,
    }


def ask(world, customer, step, request_id="-"):
    """The replies to a right call; nobody pays before the order is priced."""
    if step in ("process_payment", "charge"):
        world.replies("get_order_details", customer.orders[0], "-")
    return world.replies(step, arguments(customer)[step], request_id)


def answers(customer):
    """What each step has to answer; of a payment only what it is for."""
    return {
        "get_user_data": customer.user,
        "get_orders": list(customer.orders),
        "get_order_details": customer.details,
    }


@pytest.mark.parametrize("step", STEPS[:3])
def test_each_step_answers_with_what_the_next_one_takes(world, step):
    """A right call is answered once, after the service's latency."""
    customer = world.add(latency={step: 0.3})

    (reply,) = ask(world, customer, step)

    assert (reply.kind, reply.value, reply.after) == ("done", answers(customer)[step], 0.3)


@pytest.mark.parametrize("step", ["process_payment", "charge"])
def test_payment_is_written_into_the_books(world, step):
    """A payment is for the order and the amount that were priced, and carries its request's id."""
    customer = world.add()

    (reply,) = ask(world, customer, step, "request-9")

    payment = reply.value
    assert (payment.order_id, payment.amount) == (customer.orders[0].id, customer.details.amount)
    assert payment.request_id == "request-9"
    assert world.paid == [payment]


def test_paying_twice_is_two_payments(world):
    """The shop takes money as often as it is asked; that is what a program must not do."""
    customer = world.add()

    first, second = (ask(world, customer, "process_payment")[0].value for _ in range(2))

    assert first.id != second.id
    assert world.paid == [first, second]
    assert world.payments_of(customer.orders[0]) == [first, second]
    assert world.payments_of(customer.orders[1]) == []


@pytest.mark.parametrize("step", [*STEPS, "charge"])
def test_step_fails_with_its_own_error(world, step):
    """The failing step gives its own failure and takes no money; the others answer."""
    customer = world.add(fails_at=step)

    replies = {each: ask(world, customer, each) for each in (*STEPS[:3], step)}

    failed = {each for each, (reply,) in replies.items() if reply.kind == "error"}
    assert failed == {step}
    assert type(replies[step][0].value) is FAILURES[step]
    assert world.paid == []


def test_step_may_fail_with_a_bug(world):
    """A failure may be any exception."""
    customer = world.add(fails_at="get_orders", failure=KeyError)

    (reply,) = ask(world, customer, "get_orders")

    assert reply.kind == "error"
    assert type(reply.value) is KeyError


@pytest.mark.parametrize("count", [0, 1, 5])
def test_customer_has_as_many_orders_as_planned(world, count):
    """Step 2 lists them all; all are the customer's, and no two alike."""
    customer = world.add(orders=count)

    (reply,) = world.replies("get_orders", customer.user, "-")

    assert len(set(reply.value)) == count
    assert {order.user_id for order in reply.value} <= {customer.id}


def test_customers_have_more_orders_than_one_by_turns(world):
    """A program that counts on two is found out by the second customer, and by the third."""
    customers = [world.add() for _ in range(6)]

    assert [len(customer.orders) for customer in customers] == [2, 1, 3, 2, 1, 3]


@pytest.mark.parametrize("step", STEPS[:3])
def test_answer_follows_the_error(world, step):
    """A service that has failed answers after all; with a payment that would be money taken."""
    customer = world.add(fails_at=step, faults={step: Fault.LATE_ANSWER})
    well = ask(world, world.add(orders=2), step)

    first, second = ask(world, customer, step)

    assert (first.kind, second.kind) == ("error", "done")
    assert type(second.value) is type(well[0].value)
    assert second.after > first.after


def test_what_follows_an_answer_may_be_as_late_as_planned(world):
    customer = world.add(faults={"get_user_data": Fault.TWICE}, late=9.0)

    first, second = ask(world, customer, "get_user_data")

    assert second.after - first.after == pytest.approx(9.0)


def test_other_orders_are_priced_too(world):
    """A program that asks for another order than the first is answered: that is its mistake."""
    customer = world.add(orders=3)

    (priced,) = world.replies("get_order_details", customer.orders[2], "-")
    (paid,) = world.replies("process_payment", priced.value, "-")

    assert priced.value.order_id == customer.orders[2].id
    assert paid.value.order_id == customer.orders[2].id


@pytest.mark.parametrize("step", STEPS)
def test_silent_service_never_answers(world, step):
    """A silent step promises nothing."""
    customer = world.add(faults={step: Fault.SILENT})

    assert ask(world, customer, step) == []


@pytest.mark.parametrize("step", STEPS)
def test_service_answers_twice(world, step):
    """The same answer comes again, later; it is one payment."""
    customer = world.add(faults={step: Fault.TWICE})

    first, second = ask(world, customer, step)

    assert second.value == first.value
    assert second.after > first.after
    assert len(world.paid) == (step == "process_payment")


@pytest.mark.parametrize("step", STEPS)
def test_error_follows_the_answer(world, step):
    """After its answer the service reports an error, which is the step's own."""
    customer = world.add(faults={step: Fault.LATE_ERROR})

    first, second = ask(world, customer, step)

    assert (first.kind, second.kind) == ("done", "error")
    assert type(second.value) is FAILURES[step]
    assert second.after > first.after


@pytest.mark.parametrize("step", STEPS)
def test_answer_before_the_call_returns_has_no_delay(world, step):
    """An answer at once is due at no time; the world says beforehand that there are some."""
    before = world.prompt
    customer = world.add(faults={step: Fault.AT_ONCE})

    (reply,) = ask(world, customer, step)

    assert (before, world.prompt) == (False, True)
    assert (reply.kind, reply.after) == ("done", None)


@pytest.mark.parametrize("step", STEPS)
def test_service_raises_at_once(world, step):
    """The call itself raises the step's failure, and takes no money."""
    customer = world.add(faults={step: Fault.RAISES})

    (reply,) = ask(world, customer, step)

    assert (reply.kind, reply.after) == ("raises", None)
    assert type(reply.value) is FAILURES[step]
    assert world.paid == []


@pytest.mark.parametrize("step", STEPS)
def test_service_raises_at_once_what_was_planned(world, step):
    """A failure of another class than the step's own is raised in its place."""
    customer = world.add(faults={step: Fault.RAISES}, fails_at=step, failure=KeyError)

    (reply,) = ask(world, customer, step)

    assert (reply.kind, reply.value) == ("raises", customer.failure)
    assert fate_of(customer) == Fate(STEPS[: STEPS.index(step) + 1], KeyError)


def test_service_may_answer_at_once_and_then_raise(world):
    """The answer is the first of the two, and both come before the call returns."""
    customer = world.add(faults={"get_orders": (Fault.AT_ONCE, Fault.RAISES)})

    answer, error = ask(world, customer, "get_orders")

    assert (answer.kind, error.kind) == ("done", "raises")
    assert (answer.after, error.after) == (None, None)
    assert fate_of(customer) == Fate(STEPS)


def test_answer_at_once_may_come_twice(world):
    """Both come before the call returns; an error that follows an answer at once comes later."""
    both = world.add(faults={"get_orders": (Fault.AT_ONCE, Fault.TWICE)})
    late = world.add(faults={"get_orders": (Fault.AT_ONCE, Fault.LATE_ERROR)})

    assert [reply.after for reply in ask(world, both, "get_orders")] == [None, None]
    assert [reply.after is None for reply in ask(world, late, "get_orders")] == [True, False]


@pytest.mark.parametrize("fault", ASYNC_FAULTS)
def test_only_planned_customers_meet_faults(world, fault):
    """A fault of one customer's step is nobody else's, and no other step's."""
    unlucky = world.add(faults={"get_orders": fault})
    lucky = world.add()

    assert len(ask(world, unlucky, "get_user_data")) == 1
    assert len(ask(world, lucky, "get_orders")) == 1


@pytest.mark.parametrize(
    "latency", [0.8, {"get_orders": 0.8}, MappingProxyType({"get_orders": 0.8})]
)
def test_latency_may_be_planned(world, latency):
    """A planned latency is kept, for all steps or for some."""
    customer = world.add(latency=latency)

    (reply,) = ask(world, customer, "get_orders")

    assert reply.after == 0.8


WRONG = {
    "get_user_data": ["1", 1.0, True, None, -1],
    "get_orders": [7, None, shop.User(-1, "Ada"), [shop.User(-1, "Ada")]],
    "get_order_details": [None, shop.Order(-1, -1), shop.OrderDetails(-1, 1)],
    "process_payment": [None, shop.OrderDetails(-1, 1), shop.Order(-1, 1), 5],
    "charge": [None, shop.OrderDetails(-1, 1)],
}


@pytest.mark.parametrize(
    ("step", "argument"), [(step, argument) for step, all_ in WRONG.items() for argument in all_]
)
def test_argument_that_no_customer_has_is_refused(world, step, argument):
    """Whatever is not a customer's id, user, order or details gets a TypeError, and pays nothing."""
    world.add()

    (reply,) = world.replies(step, argument, "-")

    assert world.owner(step, argument) is None
    assert type(reply.value) is TypeError
    assert reply.kind == "error"
    assert world.paid == []


def test_argument_that_was_tampered_with_is_refused(world):
    """A user, an order or an amount that the shop never gave is refused, though the id is known."""
    customer = world.add()
    ask(world, customer, "get_order_details")
    forged = {
        "get_orders": shop.User(customer.id, customer.user.name + "!"),
        "get_order_details": shop.Order(customer.orders[0].id, customer.id + 1),
        "process_payment": shop.OrderDetails(customer.orders[0].id, customer.details.amount - 1),
        "charge": shop.OrderDetails(customer.orders[0].id, 0),
    }

    kinds = {step: type(world.replies(step, value, "-")[0].value) for step, value in forged.items()}

    assert kinds == dict.fromkeys(forged, TypeError)
    assert world.paid == []


@pytest.mark.parametrize("place", [0, 1])
def test_amount_that_was_never_told_is_refused(world, place):
    """Nobody pays a sum of his own choice, for the first of his orders or for another."""
    customer = world.add(orders=2)
    invented = shop.OrderDetails(customer.orders[place].id, 1)

    (reply,) = world.replies("process_payment", invented, "-")

    assert type(reply.value) is TypeError
    assert world.paid == []


def test_price_of_an_order_does_not_change(world):
    """Asking again gives the same details, of the first order and of any other."""
    customer = world.add(orders=2)

    prices = [
        [world.replies("get_order_details", order, "-")[0].value for _ in range(2)]
        for order in customer.orders
    ]

    assert [first == second for first, second in prices] == [True, True]


def test_wrong_argument_raises_where_services_answer_at_once(world):
    """A prompt service raises it out of the call, as Python would."""
    world.add(faults={"get_orders": Fault.AT_ONCE})

    (reply,) = world.replies("get_orders", None, "-")

    assert (reply.kind, reply.after) == ("raises", None)


@given(st.integers(), st.integers(1, 8))
def test_equal_seeds_draw_equal_worlds(seed, count):
    """A seed fixes every id, name, amount, latency, receipt and error."""
    worlds = [World(random.Random(seed)) for _ in range(2)]

    drawn = [
        [(c.user, c.orders, c.details, c.latency, str(c.failure)) for c in customers]
        for customers in ([w.add(fails_at="get_orders") for _ in range(count)] for w in worlds)
    ]

    assert drawn[0] == drawn[1]


def test_equal_seeds_give_equal_receipts(new_world):
    """The receipt is drawn from the seed, too."""
    worlds = [new_world(3), new_world(3)]

    receipts = [ask(world, world.add(), "process_payment")[0].value for world in worlds]

    assert receipts[0] == receipts[1]


def test_no_id_is_known_before_the_run(new_world):
    """Other seeds give other users, orders and receipts: a table of known answers earns nothing."""
    worlds = [new_world(seed) for seed in range(200)]
    customers = [world.add() for world in worlds]

    users = {customer.id for customer in customers}
    orders = {customer.orders[0].id for customer in customers}
    amounts = {customer.details.amount for customer in customers}
    receipts = {
        ask(world, customer, "process_payment")[0].value.id
        for world, customer in zip(worlds, customers, strict=True)
    }

    assert min(map(len, (users, orders, amounts, receipts))) > 190


def test_order_ids_do_not_follow_from_user_ids(new_world):
    """Neither the order nor the amount can be computed from the user's id."""
    customers = [new_world(seed).add() for seed in range(50)]

    distances = {customer.orders[0].id - customer.id for customer in customers}

    assert len(distances) > 45


def test_no_two_customers_share_an_id(world):
    """All ids of one world are different."""
    customers = [world.add(orders=3) for _ in range(300)]

    users = [customer.id for customer in customers]
    orders = [order.id for customer in customers for order in customer.orders]

    assert len(set(users)) == len(users)
    assert len(set(orders)) == len(orders)


def test_some_answers_are_due_in_the_same_instant(world):
    """Latencies are drawn from few enough values that two services may answer together."""
    latencies = [world.add().latency["get_orders"] for _ in range(100)]

    assert len(set(latencies)) < len(latencies)
    assert min(latencies) > 0


def test_a_service_answers_at_once_by_turns():
    """At the first call, the second, and so on; then as at the last."""
    world = World(random.Random(1))
    customer = world.add(turns={STEPS[0]: (False, True)})

    replies = [world.replies(STEPS[0], customer.id, "-")[0] for _ in range(4)]

    assert world.prompt
    assert [reply.after is None for reply in replies] == [False, True, True, True]


def test_a_source_gives_its_ids_and_ends():
    """Each at its pace; how many were read is known."""
    world = World(random.Random(1))
    ann, bob = world.add(), world.add()
    world.open_source([bob])
    source = world.open_source([ann, bob], pace=2.0)

    replies = [world.replies(SOURCE, source, "-")[0] for _ in range(4)]

    assert [reply.value for reply in replies] == [ann.id, bob.id, None, None]
    assert {reply.after for reply in replies} == {2.0}
    assert (world.read_from(0), world.read_from(source)) == (0, 2)


def test_a_source_may_fail_in_place_of_its_end():
    """It raises once; asked again it is over, as an async generator is."""
    world = World(random.Random(1))
    ann = world.add()
    source = world.open_source([ann], failure=KeyError)

    replies = [world.replies(SOURCE, source, "-")[0] for _ in range(3)]

    assert [reply.kind for reply in replies] == ["done", "error", "done"]
    assert isinstance(replies[1].value, KeyError)
    assert replies[2].value is None


@pytest.mark.parametrize("number", [7, -1, "0", None, [0]])
def test_a_source_that_nobody_opened_is_refused(number):
    """Whoever asks for it does not keep to the protocol."""
    world = World(random.Random(1))
    world.open_source([])

    with pytest.raises((KeyError, ValueError)):
        world.replies(SOURCE, number, "-")
