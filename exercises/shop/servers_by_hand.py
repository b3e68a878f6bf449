"""Run the servers of stage 10 by hand: each answers three customers, and what they hear is printed."""

from __future__ import annotations

from socket import create_connection, create_server, socket, socketpair
from threading import Thread, Timer
from typing import TYPE_CHECKING

from .errors import PaymentDeclined
from .in_memory import LATENCY, say

if TYPE_CHECKING:
    from .requests import Server, Work

ORDERS = (11, 12, 13)
DECLINED = b"13"


def run_servers(*servers: Server) -> None:
    """Have each of them answer three customers, one of whom has no luck with his card."""
    for serve in servers:
        with create_server(("127.0.0.1", 0), backlog=8) as listener:
            listener.setblocking(False)
            _visit(serve, listener)


def _visit(serve: Server, listener: socket) -> None:
    stop, goodbye = socketpair()
    with stop, goodbye:
        desk = Thread(target=_run, args=(serve, listener, stop))
        desk.start()
        desk.join(LATENCY)
        try:
            for order in ORDERS if desk.is_alive() else ():
                say(f"{serve.__name__}: {_ask(listener, order)}")
        finally:
            goodbye.send(b"\0")
            desk.join()


def _run(serve: Server, listener: socket, stop: socket) -> None:
    try:
        serve(listener, _take_payment, stop)
    except NotImplementedError as error:
        say(str(error))


def _ask(listener: socket, order: int) -> str:
    try:
        with create_connection(listener.getsockname(), timeout=5 * LATENCY + 1) as customer:
            customer.sendall(b"pay %d 1250\n" % order)
            return customer.makefile().readline().strip() or "no answer"
    except OSError as error:
        return f"no answer: {error}"


def _take_payment(line: bytes) -> Work:
    """Ask the card network, which is a timer here, and wait for its answer."""
    _, order, amount = line.split()
    if order == DECLINED:
        raise PaymentDeclined(order)
    network, us = socketpair()
    with network, us:
        Timer(LATENCY, network.send, [b"receipt-%b-%b" % (order, amount)]).start()
        yield us
        return b"paid " + us.recv(100)
