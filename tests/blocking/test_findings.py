"""The book of findings, and the way out as JSON."""

from grader.blocking.findings import Book, Cause, Finding, Guarantees, KeptOut, Report
from grader.blocking.wire import decode, encode

NAP = Finding("/home/me/shop.py", 7, "time.sleep", Cause.WAITS, 0.002)
STEP = Finding("/home/me/shop.py", 7, None, Cause.WAITS, 0.05)


def test_the_waits_of_one_step_add_up():
    book = Book()

    for _ in range(10):
        book.add(NAP, step=1)

    assert [(round(found.seconds, 6), found.times) for found in book] == [(0.02, 1)]


def test_one_line_is_one_finding_however_often_it_blocks():
    """The longest step counts, and the steps are counted."""
    book = Book()

    book.add(NAP, step=1)
    book.add(NAP, step=1)
    book.add(NAP, step=2)

    assert [(round(found.seconds, 6), found.times) for found in book] == [(0.004, 2)]


def test_a_call_and_its_step_are_one_finding():
    """The clocks know the time, the call knows its name."""
    book = Book()

    book.add(NAP, step=1)
    book.add_step(STEP, step=1)

    assert [(found.call, found.seconds, found.times) for found in book] == [("time.sleep", 0.05, 1)]


def test_a_report_survives_the_wire():
    report = Report(
        blocked=(STEP,),
        kept_out=(KeptOut("worker", 0.09),),
        inconclusive=True,
        intact=False,
        guarantees=Guarantees.PORTABLE,
    )

    assert decode(encode(report)) == report


def test_a_finding_reads_as_a_sentence():
    assert str(STEP) == "the code at /home/me/shop.py:7 held the loop for 50 ms"
