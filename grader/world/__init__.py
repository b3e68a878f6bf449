"""The simulated shop, sans-I/O: requests in, replies with a due time out, and the history of it all."""

from grader.results import Event
from grader.world.customers import FAILURES, STEPS, Customer, Fault
from grader.world.history import History, around
from grader.world.replies import SOURCE, Reply
from grader.world.world import World

__all__ = [
    "FAILURES",
    "SOURCE",
    "STEPS",
    "Customer",
    "Event",
    "Fault",
    "History",
    "Reply",
    "World",
    "around",
]
