"""Frames arrive whole, in order, or not at all, on packets and on streams alike."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.protocol.messages import Deliver, Ended, Idle
from grader.protocol.sockets import wire_pair
from grader.protocol.values import pack
from grader.protocol.wire import (
    FRAME,
    DatagramWire,
    FrameTooLarge,
    StreamWire,
    WireClosed,
    decode_for_child,
    decode_for_judge,
    frames,
    wire_on,
)

PACKETS = hasattr(socket, "SOCK_SEQPACKET") and hasattr(socket, "AF_UNIX")
KINDS = {
    "stream": socket.socketpair,
    "packets": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET),
}
only_packets = pytest.mark.skipif(not PACKETS, reason="this system has no packets on local sockets")
OPEN = Path("/proc/self/fd")
payloads = st.lists(st.binary(min_size=1, max_size=300), max_size=8)


@pytest.fixture(params=["stream", pytest.param("packets", marks=only_packets)])
def pair(request):
    """Two ends of one wire, of each kind."""
    ends = KINDS[request.param]()
    yield wire_on(ends[0]), wire_on(ends[1])
    for end in ends:
        end.close()


def all_of(wire):
    """All frames that are there."""
    found = []
    while frame := wire.receive():
        found.append(frame.data)
    return found


def test_frames_arrive_in_order(pair):
    """What was sent frame by frame is received frame by frame."""
    left, right = pair
    sent = [b"one", b"two", b"x" * 50_000, b"three"]
    right.socket.settimeout(0)

    for data in sent:
        left.send(data)

    assert all_of(right) == sent


def test_both_directions_are_one_wire(pair):
    """Each end sends and receives."""
    left, right = pair

    left.send(b"question")
    question = right.receive()
    right.send(b"answer")
    answer = left.receive()

    assert (question.data, answer.data) == (b"question", b"answer")


def test_nothing_there_is_none(pair):
    """An end that does not wait gets None as long as there is nothing."""
    left, right = pair
    right.socket.settimeout(0)

    before = right.receive()
    left.send(b"now")
    after = right.receive()

    assert before is None
    assert after.data == b"now"


def test_closed_wire_is_told_after_the_last_frame(pair):
    """What was sent before the other side went is still received."""
    left, right = pair
    left.send(b"last words")

    left.socket.close()

    assert right.receive().data == b"last words"
    with pytest.raises(WireClosed):
        right.receive()


def test_sending_to_a_closed_wire_says_so(pair):
    """The other side has gone: that is said, and no signal ends the process."""
    left, right = pair

    right.socket.close()

    with pytest.raises(WireClosed):
        left.send(b"anybody?")


def test_close_with_unread_frames_is_a_closed_wire(pair):
    """An end that goes without reading what it was sent has simply gone."""
    left, right = pair
    left.send(b"never read")

    right.socket.close()

    with pytest.raises(WireClosed):
        left.receive()


def test_largest_frame_passes(pair):
    """A frame of the largest size arrives whole."""
    left, right = pair
    right.socket.settimeout(0)
    left.socket.settimeout(0)
    data = os.urandom(FRAME)

    left.send(data)

    assert right.receive().data == data


def test_stream_cuts_frames_wherever_the_bytes_are_split():
    """A frame is whole once its last byte is there, however the bytes come."""

    @given(payloads, st.integers(1, 40))
    def arrives(sent, size):
        ends = socket.socketpair()
        out, wire = ends[0], StreamWire(ends[1])
        ends[1].settimeout(0)
        whole = b"".join(len(data).to_bytes(4, "big") + data for data in sent)
        received = []

        for start in range(0, len(whole), size):
            out.sendall(whole[start : start + size])
            received += all_of(wire)

        for end in ends:
            end.close()
        assert received == sent

    arrives()


def test_stream_refuses_a_frame_that_is_announced_too_large():
    """An announced length beyond the bound is refused before anything of it is kept."""
    out, ours = socket.socketpair()
    wire = StreamWire(ours)

    with out, ours:
        out.sendall((FRAME + 1).to_bytes(4, "big"))

        with pytest.raises(FrameTooLarge):
            wire.receive()


def test_stream_that_ends_within_a_frame_is_closed():
    """Half a frame is no frame."""
    out, ours = socket.socketpair()
    wire = StreamWire(ours)

    with ours:
        with out:
            out.sendall((10).to_bytes(4, "big") + b"half")

        with pytest.raises(WireClosed):
            wire.receive()


@only_packets
def test_packets_refuse_a_frame_that_is_too_large():
    """A packet beyond the bound is not handed over cut off, as if it were whole."""
    out, ours = KINDS["packets"]()
    wire = DatagramWire(ours)

    with out, ours:
        out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 * FRAME)
        out.sendall(b" " * (FRAME + 50))

        with pytest.raises(FrameTooLarge):
            wire.receive()


@only_packets
@pytest.mark.skipif(not OPEN.is_dir(), reason="the system does not list open files")
def test_descriptors_that_come_along_are_not_kept():
    """A child that sends open files with its frames does not use up the judge's."""
    out, ours = KINDS["packets"]()
    wire = DatagramWire(ours)

    with out, ours:
        socket.send_fds(out, [b"a first one"], [0])
        wire.receive()
        before = len(list(OPEN.iterdir()))
        for _ in range(20):
            socket.send_fds(out, [b"with a file"], [0, 1, 2])
            wire.receive()
        after = len(list(OPEN.iterdir()))

    assert after == before


@only_packets
def test_packets_carry_the_time_of_their_sending():
    """Each stamp is the kernel's, so a frame sent later never bears an earlier one."""
    out, ours = (DatagramWire(end) for end in KINDS["packets"]())
    ours.stamped()

    with out.socket, ours.socket:
        for data in (b"one", b"two"):
            out.send(data)
        stamps = [ours.receive().stamp for _ in range(2)]

    assert 0 < stamps[0] <= stamps[1]


def test_a_new_pair_talks():
    """The best pair that the system has is connected, and its wires fit its kind."""
    ends = wire_pair()
    left, right = map(wire_on, ends)

    left.send(b"hello")
    received = right.receive()

    assert received.data == b"hello"
    assert isinstance(left, DatagramWire if PACKETS else StreamWire)
    for end in ends:
        end.close()


@given(st.lists(st.integers(0, 60_000), max_size=12))
def test_messages_are_spread_over_as_few_frames_as_fit(sizes):
    """However large, messages keep their order, and each frame its bound."""
    said = [Ended(n, "value", pack([0] * min(size // 3, 5_000))) for n, size in enumerate(sizes)]

    sent = frames(said)

    assert all(len(frame) <= FRAME for frame in sent)
    assert [message for frame in sent for message in decode_for_judge(frame)] == said


def test_no_messages_are_a_frame_too():
    """An empty frame is a word: there is no answer."""
    (frame,) = frames([])

    assert decode_for_child(frame) == []


def test_a_message_that_fits_no_frame_is_refused():
    """It cannot be split, so it is refused by name."""
    too_large = Ended(1, "value", pack(["x" * 200] * 1_000))

    with pytest.raises(FrameTooLarge, match="Ended"):
        frames([Idle(1, None, 0), too_large])


def test_a_delivery_to_a_thousand_fits():
    """A batch of a thousand users is one order."""
    users = list(range(1_000_000, 1_001_000))

    (frame,) = frames([Deliver(1, 1, 0.0)])

    assert len(frames([Ended(1, "value", pack(users))])) == 1
    assert decode_for_child(frame)[0].items == ()
