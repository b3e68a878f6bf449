"""Values that were made to do harm: each crosses as text, and runs nothing on the other side."""

import pytest

import shop
from grader.protocol.messages import Ended
from grader.protocol.values import Foreign, Listed, Raised, Record, pack
from grader.protocol.wire import decode_for_judge, frames


class Mischief(BaseException):
    """Not even an Exception."""


def refuse(*args, **keywords):
    raise Mischief


def made(name, *bases, of=(), meta=type, **members):
    """An instance of a class that is made for the test, so that only `pack` ever looks at it."""
    return meta(name, bases, members)(*of)


def unreadable():
    return made("Unreadable", __repr__=refuse)


def readable_as_something_else():
    """Its text is a str in name only: cut, it becomes a receipt."""
    members = {"__str__": lambda self: self, "__getitem__": lambda self, key: Record("Payment", {})}
    text = made("Text", str, of=["harmless"], **members)
    return made("Readable", __repr__=lambda self: text)


def says_it_is_an_error():
    return made("Claims", __class__=property(lambda self: KeyError))


def raises_when_asked_for_its_class():
    return made("Classless", __class__=property(refuse))


def of_a_class_without_a_name():
    return made("Nameless", meta=type("Meta", (type,), {"__name__": property(refuse)}))


def of_a_class_named_by_a_list():
    return made("Named", meta=type("Meta", (type,), {"__name__": property(lambda cls: [])}))


def says_it_is_a_payment():
    meta = type("Meta", (type,), {"__name__": property(lambda cls: "Payment")})
    return made("Paid", meta=meta, id="p", order_id=1, amount=1, request_id="-")


def number_in_name_only():
    return made("Int", int, of=[7], **dict.fromkeys(["__repr__", "__abs__", "__lt__"], refuse))


def text_in_name_only():
    members = ["__repr__", "__str__", "__getitem__", "__len__"]
    return made("Text", str, of=["seven"], **dict.fromkeys(members, refuse))


def list_in_name_only():
    members = ["__repr__", "__iter__", "__getitem__", "__len__"]
    return made("List", list, of=[[7]], **dict.fromkeys(members, refuse))


def payment_in_name_only():
    return made("Payment", shop.Payment, of=["p", 1, 1], __eq__=refuse, __getattribute__=refuse)


def user_without_fields():
    return object.__new__(shop.User)


def user_of_lists():
    return shop.User([], {})


def error_that_hides_its_arguments():
    return made("Hidden", Exception, of=["x"], args=property(refuse))


def error_whose_argument_is_a_number():
    return made("Numbered", Exception, of=["x"], args=7)


def group_that_hides_its_members():
    return made("Group", ExceptionGroup, of=["x", [KeyError()]], exceptions=property(refuse))


def error_that_lies_about_its_bases():
    meta = type("Meta", (type,), {"__mro__": property(lambda cls: (KeyError, Exception, object))})
    return made("Liar", Exception, of=["x"], meta=meta)


HOSTILE = [
    unreadable,
    readable_as_something_else,
    says_it_is_an_error,
    raises_when_asked_for_its_class,
    of_a_class_without_a_name,
    of_a_class_named_by_a_list,
    says_it_is_a_payment,
    number_in_name_only,
    text_in_name_only,
    list_in_name_only,
    payment_in_name_only,
    user_without_fields,
    user_of_lists,
    error_that_hides_its_arguments,
    error_whose_argument_is_a_number,
    group_that_hides_its_members,
    error_that_lies_about_its_bases,
]


@pytest.mark.parametrize("make", HOSTILE)
def test_hostile_value_can_be_sent(make):
    """Packing never raises, and what it gives can be encoded and decoded."""
    (frame,) = frames([Ended(1, "value", pack(make()))])

    (message,) = decode_for_judge(frame)

    assert isinstance(message.value, Foreign | Raised | Listed)


@pytest.mark.parametrize("make", HOSTILE)
def test_hostile_value_spoils_no_list(make):
    """One of them among others leaves the others as they are."""
    (frame,) = frames([Ended(1, "value", pack([1, make(), 2]))])

    (message,) = decode_for_judge(frame)

    assert message.value.items[::2] == (1, 2)


@pytest.mark.parametrize("make", [number_in_name_only, text_in_name_only, payment_in_name_only])
def test_subclass_is_not_taken_for_what_it_derives_from(make):
    """A subclass of int, str or a record is a foreign value; one of list is a list, read as such."""
    shape = pack(make())

    assert type(shape) is Foreign


def test_error_that_lies_about_its_bases_is_no_key_error():
    """What an exception derives from is read off its class, whatever the class says."""
    raised = pack(error_that_lies_about_its_bases())

    assert not raised.is_a("KeyError")
