"""The simulated shop, sans-I/O: requests in, replies with a due time out, and the history of it all."""

from grader.world.customers import FAILURES, STEPS, Customer, Fault
from grader.world.history import Event, History
from grader.world.world import Reply, World

__all__ = ["FAILURES", "STEPS", "Customer", "Event", "Fault", "History", "Reply", "World"]
