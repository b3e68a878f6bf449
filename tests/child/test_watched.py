"""Sockets under watch: each thread that uses them is told of once, and all else is the system's own."""

import socket
import threading

import pytest

from grader.child.watched import watched
from grader.protocol.values import Listed


@pytest.fixture
def told():
    """What the judge would hear."""
    return []


@pytest.fixture
def pair(told):
    """A watched socket, and the other end."""
    ours, theirs = socket.socketpair()
    ours.settimeout(3)
    with watched(ours, told.append) as watching, theirs:
        yield watching, theirs


def test_first_use_by_a_thread_is_told(pair, told):
    """One word for each thread, whatever it does afterwards."""
    watching, theirs = pair

    watching.sendall(b"word")
    theirs.send(b"answer")
    answer = watching.recv(100)
    other = threading.Thread(target=watching.send, args=(b"more",))
    other.start()
    other.join()

    assert (theirs.recv(100), answer) == (b"wordmore", b"answer")
    assert told == [Listed(("sendall",)), Listed(("send",))]


def test_what_it_accepts_is_watched_too():
    """A listening socket hands its watch on."""
    told = []
    listener = socket.create_server(("127.0.0.1", 0))
    with watched(listener, told.append) as listening:
        client = socket.create_connection(listening.getsockname())
        accepted, _ = listening.accept()
        reader = threading.Thread(target=accepted.recv, args=(1,))
        reader.start()
        client.send(b"x")
        reader.join()
        client.close()
        accepted.close()

    assert told == [Listed(("accept",)), Listed(("recv",))]


def test_it_stays_as_it_was(pair):
    """Its descriptor, its timeout and its kind are those of the socket that it was."""
    watching, _ = pair

    assert (watching.gettimeout(), watching.family) == (3, socket.AF_UNIX)
    assert watching.fileno() > 0
