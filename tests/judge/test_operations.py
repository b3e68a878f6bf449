"""The agenda of answers on their way, against a list that is searched from end to end."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from grader.judge.operations import Agenda, Operation, Pending, Request
from grader.protocol.messages import Answer, CalledBack, Ended

STEPS = ["get_user_data", "get_orders", "charge"]


def request(number, step="get_orders"):
    return Request(number, step, None, None, "-", 1, None, blocks=step == "charge")


@dataclass
class Model:
    """All answers ever promised, and which are gone."""

    pending: list = field(default_factory=list)
    gone: set = field(default_factory=set)

    def there(self, held):
        return [p for p in self.pending if id(p) not in self.gone and not held(p.request)]


class AgendaMachine(RuleBasedStateMachine):
    """Does everything to an agenda that a session does, in any order."""

    def __init__(self):
        super().__init__()
        self.agenda, self.model = Agenda(), Model()
        self.requests = []
        self.serial = 0

    @rule(when=st.integers(0, 5), step=st.sampled_from(STEPS))
    def call(self, when, step):
        """A new call is promised an answer."""
        self.requests.append(request(len(self.requests), step))
        self.promise(when, self.requests[-1])

    @precondition(lambda self: self.requests)
    @rule(when=st.integers(0, 5), data=st.data())
    def promise_more(self, when, data):
        """A call is promised one more answer: a duplicate, or a late error."""
        self.promise(when, data.draw(st.sampled_from(self.requests)))

    def promise(self, when, request):
        pending = Pending(float(when), self.serial, request, Answer(request.number, "done"))
        self.serial += 1
        self.agenda.add(pending)
        self.model.pending.append(pending)

    @rule(held=st.sets(st.sampled_from(STEPS)))
    def take_earliest(self, held):
        """The earliest answer that is not held is given."""
        pending = self.agenda.earliest(lambda r: r.step in held)
        if pending is not None:
            self.agenda.take(pending)
            self.model.gone.add(id(pending))

    @precondition(lambda self: self.agenda.free(None))
    @rule(data=st.data())
    def take_any(self, data):
        """Any answer is given, as an order of a check may pick it."""
        pending = data.draw(st.sampled_from(self.agenda.free(None)))
        self.agenda.take(pending)
        self.model.gone.add(id(pending))

    @precondition(lambda self: self.requests)
    @rule(data=st.data())
    def drop(self, data):
        """A call is abandoned: nothing more is owed to it."""
        request = data.draw(st.sampled_from(self.requests))
        self.agenda.drop(request)
        self.model.gone |= {id(p) for p in self.model.pending if p.request is request}

    @invariant()
    def agrees_with_the_model(self):
        """Whatever is held, both see the same answers, and the same one first."""
        for step in (None, *STEPS):
            held = None if step is None else (lambda r, step=step: r.step == step)
            there = self.model.there(held or (lambda r: False))
            assert self.agenda.free(held) == sorted(there, key=lambda p: p.serial)
            first = min(there, key=lambda p: (p.when, p.serial), default=None)
            assert self.agenda.earliest(held) is first


TestAgenda = AgendaMachine.TestCase
TestAgenda.settings = settings(max_examples=50, stateful_step_count=30)


def test_operation_is_done_when_it_ended_or_told_its_caller():
    """Either word is an end; before, there is none."""
    running, ended, told = (Operation(n, "checkout", (), batch=False, began=0) for n in range(3))

    ended.ends.append(Ended(1, "value", 7))
    told.told.append(CalledBack(2, "on_done", 7, 1))

    assert [operation.done for operation in (running, ended, told)] == [False, True, True]
