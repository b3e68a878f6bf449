"""The shop as a check sees it: who comes, how the services answer, and what must have been asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.judge import facts
from grader.judge.findings import Broken
from grader.results import Kind

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from grader.judge.operations import Pending, Request
    from grader.judge.run import Run
    from grader.judge.session import Session
    from grader.world import Customer, History, World


class Counter:
    """The `shop` of a check: arranges the world before the submission is loaded, steers its answers afterwards."""

    def __init__(self, world: World, draw: random.Random) -> None:
        self._world = world
        self.draw = draw
        self._session: Session | None = None

    def attach(self, session: Session) -> None:
        """Steer this session from now on."""
        self._session = session

    @property
    def session(self) -> Session:
        """The session under way."""
        assert self._session is not None, "the check steers answers before it called the submission"
        return self._session

    @property
    def history(self) -> History:
        """What has happened so far."""
        return self.session.history

    @property
    def now(self) -> float:
        """Virtual seconds."""
        return self.session.now

    def customer(self, **plan: Any) -> Customer:  # noqa: ANN401 - see World.add
        """A new customer; see `World.add` for what may be planned."""
        return self._world.add(**plan)

    def customers(self, count: int, **plan: Any) -> list[Customer]:  # noqa: ANN401 - as above
        """Several alike."""
        return [self.customer(**plan) for _ in range(count)]

    # ---- how the services answer

    async def serve(self, *runs: Run) -> None:
        """Answer whatever is asked until these runs have ended."""
        await self.session.drive(*(run.operation for run in runs))

    async def serve_until(self, condition: Callable[[], bool], *runs: Run) -> None:
        """Answer until a condition holds."""
        await self.session.drive(*(run.operation for run in runs), until=condition)

    async def serve_once(self) -> bool:
        """Give the next answer, or let the next timer fire; False if there is neither."""
        return await self.session.step()

    async def serve_the_rest(self) -> None:
        """Give all answers that are still on their way, as late as they are, and let time pass."""
        await self.session.drain()

    async def wait(self, seconds: float) -> None:
        """Let virtual time pass, with all that is due in it."""
        await self.session.advance(seconds)

    def hold(self, condition: Callable[[Request], bool] | str) -> None:
        """Hold back the answers to one step, or to the requests that fit a condition, until `release`."""
        if isinstance(condition, str):
            step = condition
            self.session.held = lambda request: request.step == step
        else:
            self.session.held = condition

    def release(self) -> None:
        """Hold nothing back any more."""
        self.session.held = lambda request: False

    def answer_in_any_order(self) -> None:
        """Answer in an order drawn from the seed, whatever is due first."""
        self.session.pick = lambda free: self.draw.choice(free)

    def answer_last_first(self) -> None:
        """Answer the latest call first."""
        self.session.pick = lambda free: max(free, key=_serial)

    def answer_when_due(self) -> None:
        """Answer in the order of the services' latencies."""
        self.session.pick = None

    # ---- what must have been asked

    def must_have_seen(self, customer: Customer, steps: Sequence[str]) -> None:
        """This customer's checkout called exactly these steps, in this order."""
        calls = self.history.calls(customer.id)
        seen = [call.subject for call in calls]
        if seen == list(steps):
            return
        wrong = next((i for i, s in enumerate(seen) if i >= len(steps) or s != steps[i]), len(seen) - 1)
        line = calls[wrong].line if calls else self.history.last_line()
        why = facts.cause(self.history, customer)
        text = f"the checkout of user {customer.id} called {facts.steps(seen)}; right would be {facts.steps(steps)} ({why})"
        raise Broken(Kind.BEHAVIOUR, text, line)

    def must_have_been_asked_by_all(self, customers: Sequence[Customer], step: str, why: str) -> None:
        """Each of them has called this step, though nothing was answered that would let one wait for another."""
        asked = {call.user for call in self.history.calls() if call.subject == step}
        begun = sum(customer.id in asked for customer in customers)
        if begun < len(customers):
            text = f"only {begun} of {len(customers)} checkouts have called {step}, {why}"
            raise Broken(Kind.BEHAVIOUR, text, self.history.last_line())


def _serial(pending: Pending) -> int:
    return pending.serial
