"""Values cross the wire as what they are, or as text; nothing hostile crosses at all."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import shop
from grader.protocol.messages import Ended
from grader.protocol.values import (
    DEPTH,
    ERRORS,
    ITEMS,
    OCTETS,
    TEXT,
    Foreign,
    Listed,
    Octets,
    Raised,
    Record,
    Value,
    pack,
    pack_error,
    unpack,
    unpack_error,
)
from grader.protocol.wire import decode_for_judge, frames

SAFE = (1 << 53) - 1
"""Largest whole number that every reader of JSON keeps."""
numbers = st.integers(-SAFE, SAFE)
texts = st.text(st.characters(codec="utf-8"), max_size=TEXT)
records = st.one_of(
    st.builds(shop.User, numbers, texts),
    st.builds(shop.Order, numbers, numbers),
    st.builds(shop.OrderDetails, numbers, numbers),
    st.builds(shop.Payment, texts, numbers, numbers, texts),
)
finite = st.floats(allow_nan=False, allow_infinity=False)
plain = st.one_of(st.none(), st.booleans(), numbers, finite, texts)
trees = st.lists(plain | records | st.lists(plain | records, max_size=4), max_size=4)
errors = st.sampled_from(sorted(ERRORS))


def sent(value):
    """A value after it has been packed, sent and received."""
    (frame,) = frames([Ended(1, "value", pack(value))])
    (message,) = decode_for_judge(frame)
    return message.value


@given(plain | records | trees)
def test_values_of_the_shop_come_out_as_they_went_in(value):
    """Plain values, records and lists of them keep their value and their type."""
    received = unpack(sent(value))

    assert received == value
    assert type(received) is type(value)


@given(errors, texts)
def test_errors_of_the_shop_keep_their_class(name, text):
    """An error is known by its class on the other side, and by every class it derives from."""
    error = ERRORS[name](text)

    received = sent(error)
    again = unpack_error(received)

    assert type(again) is type(error)
    assert all(received.is_a(base.__name__) for base in type(error).__mro__[:-1])
    assert not received.is_a("RuntimeError")


def test_text_of_an_error_crosses_twice_unchanged():
    """A service's error reaches the submission with the words that the world gave it."""
    error = shop.UserNotFound("no. 7")

    again = unpack_error(sent(error))

    assert again.args == error.args


@given(st.text(), st.integers(), st.floats())
def test_whatever_is_plain_can_be_sent(text, number, real):
    """No text, number or float is beyond what can be sent, nan and infinity included."""
    value = [text, number, real]

    received = sent(value)

    assert isinstance(received, Listed)
    assert len(received.items) == len(value)


def test_text_that_no_encoding_knows_can_be_sent():
    """A file name may hold half a character; so may whatever a submission gives."""
    value = ["before", "\udcff", shop.User(1, "\ud800")]

    received = sent(value)

    assert received.items[0] == "before"
    assert len(received.items) == len(value)


def test_nan_is_not_none():
    """A float that JSON has no word for does not turn into something else that is right."""
    received = sent(float("nan"))

    assert received is not None


@pytest.mark.parametrize("number", [SAFE + 1, -SAFE - 1, 10**5_000], ids=["huge", "low", "long"])
def test_huge_numbers_cross_as_text(number):
    """A number that JSON readers would bend, or that takes long to print, is only named."""
    received = sent(number), sent([number]), sent(shop.Order(number, 1))

    assert isinstance(received[0], Foreign)
    assert isinstance(received[1].items[0], Foreign)
    assert isinstance(received[2], Foreign)


def test_long_things_are_cut():
    """Texts and lists cross up to a bound."""
    text, numbers_ = "x" * (TEXT + 1), [0] * (ITEMS + 1)

    received = sent(text), sent(numbers_), sent(shop.User(1, text))

    assert len(received[0]) == TEXT
    assert len(received[1].items) == ITEMS
    assert len(received[2].fields["name"]) == TEXT


def test_a_list_of_ones_own_crosses_as_a_list_and_is_asked_nothing():
    """A subclass may lie about what it holds; the list itself does not."""

    class Liar(list):
        def __getitem__(self, _):
            raise AssertionError

        def __iter__(self):
            return iter(["a lie"])

        __len__ = None

    assert sent(Liar([1, 2])).items == (1, 2)


def test_deep_lists_are_cut():
    """Lists cross to a bounded depth; below there is only text."""
    nested: list = []
    nested.append(nested)

    received = sent(nested)

    for _ in range(DEPTH):
        (received,) = received.items
    assert isinstance(received, Foreign)


def test_exception_groups_tell_what_they_hold():
    """A group is not what it holds, and what it holds can be found."""
    inner = ExceptionGroup("inner", [KeyError("bug")])
    group = ExceptionGroup("outer", [shop.UserNotFound("no. 1"), inner])

    received = sent(group)

    assert received.contains("KeyError")
    assert received.contains("UserNotFound")
    assert not received.is_a("KeyError")
    assert not received.contains("PaymentDeclined")


def test_deep_exception_groups_are_cut():
    """However deep a group is, packing it ends."""
    group: Exception = KeyError("bug")
    for _ in range(200):
        group = ExceptionGroup("deeper", [group])

    received = sent(group)

    assert received.is_a("ExceptionGroup")
    assert not received.contains("KeyError")


def test_a_namesake_is_not_the_shops_error():
    """`except shop.NoOrders` would not catch a class that only bears the name."""
    namesake = type("NoOrders", (Exception,), {})

    received = sent(namesake("nothing"))

    assert received.name == "NoOrders"
    assert not received.is_a("NoOrders")


@pytest.mark.parametrize(
    "data",
    [
        {"id": 1},
        {"id": "1", "name": "Ada"},
        {"id": 1, "name": 2},
        {},
    ],
)
def test_records_that_fit_no_class_are_refused(data):
    """A record with missing fields, or fields of another type, is no value of the shop."""
    record = Record("User", data)

    with pytest.raises(msgspec.ValidationError):
        unpack(record)


def test_records_of_unknown_name_are_refused():
    """Nothing but the four values of the shop can be built."""
    record = Record("Popen", {"args": "rm"})

    with pytest.raises(msgspec.ValidationError, match="Popen"):
        unpack(Listed((record,)))


def test_errors_and_foreign_values_stay_shapes():
    """The judge never builds an exception, or anything else, of a submission's making."""
    shapes = [pack_error(KeyError("x")), Foreign("set", "{1}")]

    received = unpack(Listed(tuple(shapes)))

    assert received == shapes


def test_addresses_are_left_out():
    """Where in memory an object lies is no fact about a run."""
    received = sent(object())

    assert received == Foreign("object", "<object object>")


def test_error_names_its_line_when_given():
    """The line where an exception was raised goes with it."""
    raised = pack_error(KeyError("x"), line=31)

    assert raised.line == 31
    assert str(raised) in ("KeyError(x)", "KeyError('x')")
    assert isinstance(raised, Raised)


def test_only_what_may_cross_is_a_value():
    """A reply that carries anything else is refused when it is decoded."""
    frame = b'[{"type":"Ended","operation":1,"how":"value","value":{"type":"Popen"}}]'

    with pytest.raises(msgspec.ValidationError):
        decode_for_judge(frame)
    assert Value is not None


def test_bytes_cross_as_they_are():
    """What was read from a socket is compared byte by byte; of a large heap only its size is told."""
    data = bytes(range(256))

    assert unpack(pack([data])) == [data]
    assert pack(bytes(OCTETS + 1)) == Foreign("bytes", f"{OCTETS + 1} bytes")
    assert decode_for_judge(frames([Ended(1, "value", pack(data))])[0])[0].value == Octets(data)
