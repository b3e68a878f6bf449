"""The blocking SDK: who is inside it, how many at a time, and what its threads leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.judge.counter.answers import Answers
from grader.judge.evidence import FEW, Focus
from grader.judge.findings import Broken
from grader.language import later, say, say_count
from grader.results import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.judge.operations import Request
    from grader.judge.runs import Run
    from grader.world import Customer

TOO_MANY = later("{count} callers were inside charge at the same time; the SDK allows {most}")


class Charges(Answers):
    """Looks at the charges, and lets them go."""

    def charging(self) -> list[Customer]:
        """Whose charges are inside the SDK, in the order in which they entered."""
        return [request.customer for request in self._open_charges() if request.customer]

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

    async def answer_a_charge(self) -> None:
        """Let the charge that entered last leave the SDK."""
        await self.session.answer(self.session.agenda.charges()[-1])

    # ---- what must be inside it

    async def must_be_charging(self, *, most: int, least: int = 0) -> None:
        """So many callers are inside the SDK now, and no more will come; the loop turns meanwhile."""
        await self._come_inside(least)
        await self.session.ping()
        inside = self._open_charges()
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
        inside = self._open_charges()
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

    # ---- within

    def _open_charges(self) -> list[Request]:
        """The calls that are inside the SDK, in the order in which they entered."""
        return [r for r in self.session.requests.values() if r.blocks and r.open]

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

    async def _come_inside(self, least: int) -> None:
        """Bear with threads that sleep before they charge."""
        while len(self.charging()) < least and await self.session.bear_with_threads():
            pass

    def _inside(self, requests: Sequence[Request]) -> Focus:
        """Those whose charges are inside the SDK; the last to enter is the one too many."""
        customers = [request.customer for request in requests if request.customer]
        at = self.history.place_of_call(requests[-1].number)
        return self._focus(*customers, step="charge", at=at)

    def _line_before(self, request: Request) -> int | None:
        """Where the learner's code last was in a checkout whose charge was called with none of it on the stack."""
        return self.history.last_line(request.customer.id) if request.customer else None
