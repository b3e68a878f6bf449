"""What is told of a private check depends on nothing that must not be told."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import asdict

from grader.redaction import redacted
from grader.results import CheckResult, Event, Finding, Kind, Verdict

TEXTS = st.text(min_size=1)
FINDINGS = st.builds(
    Finding,
    kind=st.sampled_from(Kind),
    message=TEXTS,
    hint=TEXTS,
    file=TEXTS,
    line=st.integers(1),
)
EVENTS = st.builds(Event, st.just("called"), st.floats(0, 9), TEXTS, text=TEXTS)
TOLD = {
    "points": st.floats(0.1, 50),
    "verdict": st.sampled_from(Verdict),
}


def checks(**told):
    """Any check, of which only what is given here may be told."""
    return st.builds(
        CheckResult,
        id=TEXTS.map(lambda name: f"s01_callbacks::private/{name}"),
        title=TEXTS,
        earned=st.just(0.0),
        seconds=st.floats(0, 9),
        findings=st.lists(FINDINGS).map(tuple),
        output=TEXTS,
        events=st.lists(EVENTS, min_size=1).map(tuple),
        **told,
    )


@given(st.data())
def test_two_checks_that_differ_in_what_is_private_are_told_alike(data):
    """Same stage, place, points and verdict: the same result, to the last field."""
    told = {name: st.just(data.draw(values)) for name, values in TOLD.items()}
    one, other = data.draw(checks(**told)), data.draw(checks(**told))

    assert redacted(one, 1) == redacted(other, 1)


@given(checks(**TOLD))
def test_points_verdict_and_title_are_told(check):
    told = redacted(check, 3, "Survives the night")

    assert (told.points, told.verdict) == (check.points, check.verdict)
    assert (told.id, told.title) == ("s01_callbacks::private_3", "Survives the night")
    assert told.private is True


@given(checks(**TOLD))
def test_new_field_of_a_check_is_not_told_by_oversight(check):
    """Whatever is not named here keeps its default."""
    told = asdict(redacted(check, 1))

    named = ("id", "title", "points", "earned", "verdict", "findings", "private")
    assert all(not value or value is UNSET for name, value in told.items() if name not in named)


@given(checks(**TOLD))
def test_failed_check_has_a_finding_and_a_passed_one_has_none(check):
    """As the published schema wants it."""
    told = redacted(check, 1)

    assert bool(told.findings) == (check.verdict in {Verdict.FAILED, Verdict.UNKNOWN})
