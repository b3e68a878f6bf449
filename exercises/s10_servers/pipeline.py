"""Stage 10: one service, five servers: processes, threads, a loop, a reactor, coroutines."""

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from socket import socket, socketpair
from threading import Thread

sys.path.append(f"{sys.path[0]}/../../exercises")  # so that this file runs by itself

from shop.requests import Handler, Work, finish, step
from shop.sockets import Door, arrivals, readable, ready, send

HOLDING, COMPUTING, ALONGSIDE = "", "", ""


def serve_processes(listener: socket, handler: Handler, stop: socket) -> None:
    """Fork a process for each connection."""
    # TODO: a conversation with one client, which blocks (eight lines; threads can use it, too), and a
    # fork for each arrival. Who ends the child, and who asks how it ended?
    raise NotImplementedError("Stage 10: write serve_processes, with a fork for each connection.")


def serve_threads(listener: socket, handler: Handler, stop: socket) -> None:
    """Start a thread for each connection."""
    # TODO: six lines. Nothing may be left when this returns.
    raise NotImplementedError("Stage 10: write serve_threads, with a thread for each connection.")


def serve_loop(listener: socket, handler: Handler, stop: socket) -> None:
    """Resume on one thread whoever waits for something that is ready."""
    # TODO: the same conversation, cut wherever it would wait, and a loop round a selector; some
    # thirty lines. What does a request wait for, and who looks for that?
    raise NotImplementedError("Stage 10: write serve_loop, which never waits but in its selector.")


def serve_reactor(listener: socket, handler: Handler, stop: socket) -> None:
    """Turn the same loop, and hand each request over to a worker."""
    # TODO: the loop that you have, with a handler that only hands over; ten lines. How does the
    # loop learn that a worker is done?
    raise NotImplementedError("Stage 10: write serve_reactor, which hands requests to workers.")


def serve_coroutines(listener: socket, handler: Handler, stop: socket) -> None:
    """Start a task for each connection."""
    # TODO: the first conversation again, with an `await` wherever it waits; twenty lines.
    raise NotImplementedError("Stage 10: write serve_coroutines, with a task for each connection.")


if __name__ == "__main__":
    from shop.servers_by_hand import run_servers

    run_servers(serve_processes, serve_threads, serve_loop, serve_reactor, serve_coroutines)
