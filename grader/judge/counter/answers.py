"""How the services answer while a check goes on: in which order, until when, and what they hold back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge.counter.guests import Guests
from grader.judge.evidence import Focus
from grader.judge.findings import Broken
from grader.judge.orders import drive_in_orders
from grader.language import say
from grader.results import Kind

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Sequence

    from grader.judge.operations import Pending, Request
    from grader.judge.runs import Run
    from grader.judge.session import Session
    from grader.world import Customer, History, World


class Answers(Guests):
    """Steers the answers of a session, as arranged."""

    def __init__(self, world: World, draw: random.Random) -> None:
        super().__init__(world, draw)
        self._session: Session | None = None
        self._pick: Callable[[list[Pending]], Pending] | None = None
        self._held: Callable[[Request], bool] | None = None

    def attach(self, session: Session) -> None:
        """Steer this session from now on, as arranged."""
        self._session = session
        self._steer()

    def _steer(self) -> None:
        if self._session is not None:
            self._session.pick, self._session.held = self._pick, self._held

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

    # ---- serving

    async def serve(self, *runs: Run) -> None:
        """Answer whatever is asked until these runs have ended."""
        await self.session.drive(*(run.operation for run in runs))

    async def serve_until(self, condition: Callable[[], object], *runs: Run) -> None:
        """Answer until a condition holds."""
        await self.session.drive(*(run.operation for run in runs), until=condition)

    async def serve_until_asked(self, customer: Customer, step: str, run: Run) -> None:
        """Answer until this customer's checkout has called a step."""
        await self.serve_until(lambda: step in self.history.steps(customer.id), run)

    async def serve_once(self) -> bool:
        """Give the next answer, or let the next timer fire; False if there is neither."""
        return await self.session.step()

    async def serve_the_rest(self) -> None:
        """Give all answers that are still on their way, as late as they are, and let time pass."""
        await self.session.drain()

    async def break_silence(self) -> None:
        """Let the services that never answered fail at last, and whoever still waits for them go on."""
        self.session.break_silence()
        await self.serve_the_rest()

    async def wait(self, seconds: float) -> None:
        """Let virtual time pass, with all that is due in it."""
        await self.session.advance(seconds)

    async def moves_of(self, run: Run, *, until: Callable[[], object] | None = None) -> int:
        """Serve a run to its end; how many moves of the shop that took, or took until something held."""
        moves = 0
        while not run.done and not (until and until()) and await self.serve_once():
            moves += 1
        await self.serve(run)
        if not moves:  # there is no moment at which it could be cancelled
            text = say("{run} ended without waiting for any service", run=run)
            raise Broken(Kind.BEHAVIOUR, text)
        return moves

    async def cancel_one_after_each_move(self, runs: Iterable[Run], *, scope: bool = False) -> None:
        """Of runs in step, cancel the first at once, the second after one move, and so on."""
        for run in runs:
            await run.cancel(scope=scope)
            await self.serve_once()

    async def serve_in_orders(self, runs: Sequence[Run], orders: Sequence[Sequence[int]]) -> None:
        """Serve each batch in an order of its own: the places of those who get the next replies."""
        plans = {
            run.operation: [run.operation.customers[place] for place in order]
            for run, order in zip(runs, orders, strict=True)
        }
        await drive_in_orders(self.session, plans)

    # ---- which answer is next

    def hold(self, step: str, *customers: Customer) -> None:
        """Hold back the answers to one step, for everybody or for these, until `release`."""
        self._held = lambda request: (
            request.step == step and (not customers or request.customer in customers)
        )
        self._steer()

    def release(self) -> None:
        """Hold nothing back any more."""
        self._held = None
        self._steer()

    def answer_in_any_order(self) -> None:
        """Answer in an order drawn from the seed, whatever is due first."""
        self._pick = self.draw.choice
        self._steer()

    def answer_last_first(self) -> None:
        """Answer the latest call first."""
        self._pick = lambda free: max(free, key=_serial)
        self._steer()

    def answer_when_due(self) -> None:
        """Answer in the order of the services' latencies."""
        self._pick = None
        self._steer()

    def _focus(self, *customers: Customer, step: str = "", at: int | None = None) -> Focus:
        """A finding of this moment about these customers, or about those who were served last."""
        users = frozenset(customer.id for customer in customers)
        return Focus(users, step=step, at=at, seen=len(self.history))


def _serial(pending: Pending) -> int:
    return pending.serial
