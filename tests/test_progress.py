"""What is remembered of a learner, and what becomes of a file that is not ours."""

import pytest

from grader.progress import FILE, Failure, Progress, after, at_stage, load, save, with_hint
from grader.results import CheckResult, Finding, Kind, Verdict, stage_result

FAILED = Finding(kind=Kind.BEHAVIOUR, message="it paid twice")
PAYS = "s01_callbacks::test_pays_once"


def checked(name, verdict, *findings, private=None):
    """One check of stage 1."""
    more = {"private": True} if private else {}
    return CheckResult(
        id=f"s01_callbacks::{name}",
        title=name,
        points=1.0,
        earned=float(verdict is Verdict.PASSED),
        verdict=verdict,
        seconds=0.0,
        findings=findings,
        **more,
    )


def stage(*checks):
    return [stage_result("s01_callbacks", checks)]


def test_failed_check_is_remembered():
    """A check that failed is failing, and its kind of failure is known."""
    known = after(Progress(), stage(checked("test_pays_once", Verdict.FAILED, FAILED)))

    assert known.failures == {PAYS: Failure(Kind.BEHAVIOUR)}
    assert known.failing("s01_callbacks") == {PAYS}


def test_check_that_passes_again_keeps_its_hints():
    """A check that passes is failing no more, but its hints stay open."""
    known = with_hint(Progress(failures={PAYS: Failure(Kind.BEHAVIOUR)}), PAYS, 2)

    known = after(known, stage(checked("test_pays_once", Verdict.PASSED)))

    assert not known.failing("s01_callbacks")
    assert known.hints_of(PAYS) == 2


@pytest.mark.parametrize("verdict", [Verdict.SKIPPED, Verdict.UNKNOWN])
def test_undecided_check_changes_nothing(verdict):
    """A check without a verdict opens no hint and closes none."""
    known = Progress(failures={PAYS: Failure(Kind.STUCK, hints=1)})

    assert after(known, stage(checked("test_pays_once", verdict, FAILED))) == known


def test_private_check_leaves_no_trace():
    """Nothing of a private check is written into a learner's folder."""
    private = checked("private/1", Verdict.FAILED, FAILED, private=True)

    assert after(Progress(), stage(private)) == Progress()


def test_no_hint_is_noted_of_a_check_that_never_failed():
    """Only a failed run opens hints."""
    assert with_hint(Progress(), PAYS, 3) == Progress()


def test_what_is_saved_is_loaded(tmp_path):
    """A file that we wrote says the same when it is read."""
    known = at_stage(Progress(failures={PAYS: Failure(Kind.LEAK, hints=3)}), "s02_futures")

    assert save(known, tmp_path / FILE) == ""
    assert load(tmp_path / FILE) == (known, "")
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_no_file_is_nothing_remembered(tmp_path):
    """A learner who begins has nothing, and hears nothing of it."""
    assert load(tmp_path / FILE) == (Progress(), "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"version": 2}',
        b'{"version": 1, "failures": {"a": {"kind": "moody"}}}',
        b"[" * 100_000,
        b" " * (1 << 21),
    ],
)
def test_foreign_content_is_one_sentence(tmp_path, content):
    """A file that is broken, or somebody else's, is said to be so, and nothing is remembered."""
    (tmp_path / FILE).write_bytes(content)

    known, complaint = load(tmp_path / FILE)

    assert known == Progress()
    assert complaint.endswith("holds nothing that this version wrote; beginning anew.")


def test_folder_in_its_place_is_one_sentence(tmp_path):
    """What cannot be read or written is said in a sentence each."""
    (tmp_path / FILE).mkdir()
    (tmp_path / FILE / "kept").touch()

    assert "cannot be read" in load(tmp_path / FILE)[1]
    assert "nothing is remembered" in save(Progress(), tmp_path / FILE)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
