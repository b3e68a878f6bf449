"""Every message survives the wire, and nothing else does."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.protocol import messages
from grader.protocol.messages import Answer, Deliver, Ended, Idle, Load, Loaded, Note, Start
from grader.protocol.values import Foreign, Given, Octets, Raised, Record, Value
from grader.protocol.wire import decode_for_child, decode_for_judge, frames

small = st.text(st.characters(codec="utf-8"), max_size=20)
whole = st.integers(-(1 << 53), 1 << 53)
real = st.floats(allow_nan=False, allow_infinity=False)


def some(kind):
    """Any instance of a message's class."""
    return st.builds(kind, **{f.name: of(f.type) for f in msgspec.structs.fields(kind)})


def of(annotation):
    """Any value of a field's type, as the classes are annotated."""
    if annotation == Value:
        return st.one_of(
            st.none(), st.booleans(), whole, real, small,
            st.builds(Record, st.just("User"), st.just({"id": 1, "name": "Ada"})),
            st.builds(Raised, small, small, st.tuples(small)),
            st.builds(Foreign, small, small),
            st.builds(Octets, st.binary(max_size=20)),
        )  # fmt: skip
    return st.from_type(annotation)


st.register_type_strategy(int, whole)
st.register_type_strategy(float, real)
st.register_type_strategy(str, small)
for struct in (messages.Signature, messages.Problem, messages.TaskState, Given):
    st.register_type_strategy(struct, some(struct))
st.register_type_strategy(Raised, st.builds(Raised, small, small))
ITEMS = tuple(messages.Item.__args__)
TO_JUDGE = tuple(messages.ToJudge.__args__)
for kind in ITEMS:
    fields = {f.name: f.type for f in msgspec.structs.fields(kind)}
    given_ = {
        "arguments": st.tuples(whole),
        "keywords": st.dictionaries(small, real | st.none(), max_size=2),
    }
    mine = {n: given_[n] if n in given_ else of(t) for n, t in fields.items()}
    st.register_type_strategy(kind, st.builds(kind, **mine))


@given(st.lists(st.one_of(*map(some, TO_JUDGE)), max_size=6))
def test_what_the_child_says_arrives_as_it_was_said(said):
    """All messages of the child come through in order, whatever they carry."""
    (frame,) = frames(said)

    assert decode_for_judge(frame) == said


@given(some(Load) | some(Deliver) | some(Answer))
def test_what_the_judge_says_arrives_as_it_was_said(said):
    """Orders, answers and the deliveries that hold them come through."""
    (frame,) = frames([said])

    assert decode_for_child(frame) == [said]


@pytest.mark.parametrize(
    ("decode", "said"),
    [
        (decode_for_judge, Load("p", "coroutines", "coroutine", ())),
        (decode_for_judge, Answer(1, "done")),
        (decode_for_child, Loaded()),
        (decode_for_child, Idle(1, None, 0)),
        (decode_for_child, Start(1, "checkout")),
    ],
    ids=repr,
)
def test_nobody_hears_his_own_words(decode, said):
    """What one side says cannot be said to it; an order comes inside a delivery only."""
    (frame,) = frames([said])

    with pytest.raises(msgspec.ValidationError):
        decode(frame)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"null",
        b"{}",
        b"[[]]",
        b'[{"type":"Idle","number":1,"timer":null}]',
        b'[{"type":"Idle","number":"1","timer":null,"accepted":0}]',
        b'[{"type":"Verdict","passed":true}]',
        b"\xff\xfe",
        b'[{"type":"Pong"}',
    ],
)
def test_frames_that_keep_to_no_shape_are_refused(frame):
    """A frame with anything else in it is refused as a whole."""
    with pytest.raises(msgspec.DecodeError):
        decode_for_judge(frame)


def test_nesting_that_would_exhaust_the_judge_is_refused():
    """A value nested a hundred thousand times over ends in an error, not in the judge's end."""
    depth = 100_000
    value = b'{"type":"Listed","items":[' * depth + b"]}" * depth
    frame = b'[{"type":"Ended","operation":1,"how":"value","value":' + value + b"}]"

    with pytest.raises((RecursionError, msgspec.DecodeError)):
        decode_for_judge(frame)


def test_messages_are_values():
    """Equal messages are equal, and none can be changed."""
    said = Ended(1, "value", 7), Ended(1, "value", 7)

    assert said[0] == said[1]
    with pytest.raises(AttributeError):
        said[0].value = 8
    assert Note("leak", "a task") != Note("leak", "another")
