"""The shop as a check sees it: who comes, how the services answer, and what must have been asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge import facts
from grader.judge.evidence import FEW, Focus
from grader.judge.findings import Broken
from grader.judge.guests import Guests
from grader.judge.orders import drive_in_orders
from grader.language import later, say, say_count
from grader.results import Kind
from grader.world.troubles import fate_of

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Sequence

    from grader.judge.operations import Pending, Request
    from grader.judge.runs import Run
    from grader.judge.session import Session
    from grader.world import Customer, History, World
TOO_MANY = later("{count} callers were inside charge at the same time; the SDK allows {most}")


class Counter(Guests):
    """The `shop` of a check: arranges the world before the submission is loaded, steers its answers afterwards."""

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

    # ---- how the services answer

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

    def hold(self, step: str) -> None:
        """Hold back the answers to one step, until `release`."""
        self._held = lambda request: request.step == step
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

    # ---- charges

    def charging(self) -> list[Customer]:
        """Whose charges are inside the SDK, in the order in which they entered."""
        inside = [r for r in self.session.requests.values() if r.blocks and r.open]
        return [request.customer for request in inside if request.customer]

    async def the_one_charging(self) -> Customer:
        """Whose charge is inside an SDK that takes one."""
        await self._come_inside(1)
        inside = self.charging()
        if len(inside) != 1:
            text = (
                say(TOO_MANY, count=len(inside), most=1)
                if inside
                else say("nobody was inside charge, though there was work for it")
            )
            raise self._broken_unless_failed(text)
        return inside[0]

    def _broken_unless_failed(self, text: str) -> Broken:
        """A finding about charges; if a checkout has failed before, that says more."""
        failed = [e for e in self.history if e.what == "ended" and e.line]
        if failed:
            text = say(
                "{run} gave {got}, so {consequence}",
                run=failed[0].subject,
                got=failed[0].text,
                consequence=text,
            )
        line = failed[0].line if failed else self.history.last_line()
        return Broken(Kind.BEHAVIOUR, text, line, self._focus())

    async def answer_a_charge(self) -> None:
        """Let the charge that entered last leave the SDK."""
        await self.session.answer(self.session.agenda.charges()[-1])

    async def must_be_charging(self, *, most: int, least: int = 0) -> None:
        """So many callers are inside the SDK now, and no more will come; the loop turns meanwhile."""
        await self._come_inside(least)
        await self.session.ping()
        inside = [r for r in self.session.requests.values() if r.blocks and r.open]
        if len(inside) > most:
            text = say(TOO_MANY, count=len(inside), most=most)
            line = inside[-1].line or self._line_before(inside[-1])
            raise Broken(Kind.BEHAVIOUR, text, line, self._inside(inside))
        if len(inside) < least:
            text = (
                say_count(
                    "{count} caller was inside charge, though the SDK allows {most} and {least} had work for it",
                    "{count} callers were inside charge, though the SDK allows {most} and {least} had work for it",
                    len(inside),
                    most=most,
                    least=least,
                )
                if inside
                else say(
                    "nobody was inside charge, though the SDK allows {most} and {least} had work for it",
                    most=most,
                    least=least,
                )
            )
            raise self._broken_unless_failed(text)

    async def _come_inside(self, least: int) -> None:
        """Bear with threads that sleep before they charge."""
        while len(self.charging()) < least and await self.session.bear_with_threads():
            pass

    def _inside(self, requests: Sequence[Request]) -> Focus:
        """Those whose charges are inside the SDK; the last to enter is the one too many."""
        customers = [request.customer for request in requests if request.customer]
        at = self.history.place_of_call(requests[-1].number)
        return self._focus(*customers, step="charge", at=at)

    def _focus(self, *customers: Customer, step: str = "", at: int | None = None) -> Focus:
        """A finding of this moment about these customers, or about those who were served last."""
        users = frozenset(customer.id for customer in customers)
        return Focus(users, step=step, at=at, seen=len(self.history))

    def _line_before(self, request: Request) -> int | None:
        """Where the learner's code last was in a checkout whose charge was called with none of it on the stack."""
        return self.history.last_line(request.customer.id) if request.customer else None

    def must_have_charged(self, customers: Sequence[Customer]) -> None:
        """Each of them has paid, whatever the submission made of it."""
        paid = {payment.order_id for payment in self._world.paid}
        missing = [c for c in customers if c.orders[0].id not in paid]
        if missing:
            text = say(
                "{count} of {all} checkouts were never charged, user {user}'s for one",
                count=len(missing),
                all=len(customers),
                user=missing[0].id,
            )
            focus = self._focus(*missing[:FEW])
            raise Broken(Kind.BEHAVIOUR, text, self.history.last_line(), focus)

    async def must_not_leave_a_charge_behind(self, checkout: Run) -> None:
        """Who has closed the desk has waited for the charge inside the SDK; a checkout that still does so may, too."""
        inside = [r for r in self.session.requests.values() if r.blocks and r.open]
        if inside and checkout.done:
            text = say(
                "the desk was closed while a charge was still inside the SDK: a thread of it was left"
            )
            line = inside[0].line or self._line_before(inside[0])
            raise Broken(Kind.LEAK, text, line, self._inside(inside))
        if inside and await self.session.close_loop():
            text = say(
                "the loop was closed while a charge was still inside the SDK: the desk had not waited for it"
            )
            line = inside[0].line or self._line_before(inside[0])
            raise Broken(Kind.LEAK, text, line, self._inside(inside))

    async def must_have_a_free_executor(self, threads: int) -> None:
        """Somebody else who uses the loop's default executor is served at once, by each of its threads."""
        for _ in range(threads):
            other = await self.session.use_executor()
            if not other.done:
                text = say(
                    "another user of the loop's default executor has to wait behind queued charges"
                )
                raise Broken(Kind.BEHAVIOUR, text, self.history.last_line())

    def must_have_few_threads(self, most: int) -> None:
        """Threads do not pile up."""
        count = self.session.kernel.threads()
        if count > most:
            text = say(
                "the process had {count} threads after charges that ran {most} at a time",
                count=count,
                most=self.session.max_parallel,
            )
            raise Broken(Kind.LEAK, text, self.history.last_line())

    # ---- what must have been asked

    async def must_have_nothing_running(self) -> None:
        """No task of the submission is under way."""
        tasks = await self.session.tasks()
        if tasks:
            text = say("all runs were over, and a task still ran: {task}", task=tasks[0].name)
            raise Broken(Kind.LEAK, text, tasks[0].line)

    def must_have_seen(self, customer: Customer, steps: Sequence[str]) -> None:
        """This customer's checkout called exactly these steps, in this order."""
        if self.history.steps(customer.id) == list(steps):
            return
        text, place = facts.deviation(self.history, customer, steps)
        line = self.history.last_line(customer.id) or self.history.last_line()
        if place is not None:
            line = self.history.events[place].line
        raise Broken(Kind.BEHAVIOUR, text, line, self._focus(customer, at=place))

    def must_have_told_in_order(self, runs: Sequence[Run]) -> None:
        """Their callers heard in this order."""
        numbers = [run.operation.number for run in runs]
        told = [e for e in self.history if e.what == "told" and e.number in numbers]
        if [e.number for e in told] != numbers:
            places = ", ".join(str(numbers.index(e.number) + 1) for e in told)
            text = say(
                "of {count} callers who were due one after the other, these heard: {places}",
                count=len(runs),
                places=places or say("nobody"),
            )
            line = told[0].line if told else self.history.last_line()
            raise Broken(Kind.BEHAVIOUR, text, line, self._focus())

    def must_never_have_had_in_flight(self, customers: Sequence[Customer], *, most: int) -> None:
        """At no moment were more checkouts than this between their first call and their last answer."""
        count, event = facts.most_in_flight(self.history, customers)
        if count > most:
            text = say(
                "{count} checkouts were in flight at the same time; the limit is {most}",
                count=count,
                most=most,
            )
            raise Broken(Kind.BEHAVIOUR, text, event.line if event else None, self._focus())

    def must_have_dealt_with(
        self, runs: Iterable[Run], *, silence: type[BaseException] | None = None
    ) -> None:
        """Each checkout called the steps that its customer's troubles allow, and came to what is right then.

        Args:
            runs: Of `checkout`.
            silence: What it ends with where a service never answers; None if it never ends.
        """
        for run in runs:
            (customer,) = run.operation.customers
            fate = fate_of(customer, silence=silence)
            self.must_have_seen(customer, fate.steps)
            run.must_come_to(fate)

    def must_have_been_asked_by_all(
        self, customers: Sequence[Customer], step: str, why: str
    ) -> None:
        """Each of them has called this step, though nothing was answered that would let one wait for another."""
        asked = {call.user for call in self.history.calls() if call.subject == step}
        begun = sum(customer.id in asked for customer in customers)
        if begun < len(customers):
            text = say_count(
                "only {count} of {all} checkouts has called {step}, {why}",
                "only {count} of {all} checkouts have called {step}, {why}",
                begun,
                all=len(customers),
                step=step,
                why=say(why),
            )
            raise Broken(Kind.BEHAVIOUR, text, self.history.last_line(), self._focus())


def _serial(pending: Pending) -> int:
    return pending.serial
