"""An instructor's own checks count, and nothing of them is told."""

import json
import textwrap
from itertools import pairwise

import pytest

from grader.errors import MachineError
from grader.grading import Request, grade
from grader.nursery import new_nursery
from grader.private import complaint
from grader.report import FORMATS
from grader.walls.bwrap import front
from grader.walls.layers import Wall
from grader.walls.places import readable, without
from grader.walls.plan import EVERY, hidden

SECRET = "xylophone"
STAGE = "s01_callbacks"
HEAD = f"""
    '''The {SECRET} module.'''
    import pytest
    from grader.judge import Contract

    CONTRACT = Contract(
        "checkout(services, user_id, on_done, on_error)", services="callbacks", ends_by="callbacks"
    )
    pytestmark = pytest.mark.asyncio(loop_scope="session")
"""
CHECKS = f"""
    {HEAD}
    @pytest.mark.check(points=2, rules="R1 R12", hint="chain")
    async def test_{SECRET}_is_paid(shop, submission):
        '''Pays the {SECRET}.'''
        checkout = await submission.checkout(shop.customer())
        await shop.serve(checkout)
        checkout.must_pay()

    @pytest.mark.check(points=3, private="Survives the night")
    async def test_{SECRET}_by_night(shop, submission):
        '''Plays the {SECRET} by night.'''
        checkout = await submission.checkout(shop.customer())
        await shop.serve(checkout)
        print("{SECRET}")
        assert False, "no {SECRET} was heard"

    @pytest.mark.check(points=0.5, bonus=True)
    async def test_{SECRET}_as_a_bonus(shop, submission):
        '''Never judged without --bonus: {SECRET}.'''
"""
STARTED = f"""
    raise RuntimeError("{SECRET}")
"""


@pytest.fixture(scope="module")
def write_checks(tmp_path_factory):
    """Writes the file of one stage's private checks; gives the folder of all."""

    def write(source, stage=STAGE, name=f"test_{SECRET}.py"):
        folder = tmp_path_factory.mktemp("own")
        path = folder / "private" / stage / name
        path.parent.mkdir(parents=True)
        path.write_text(textwrap.dedent(source), encoding="utf-8")
        return folder / "private"

    return write


@pytest.fixture(scope="module")
def graded(grade, write_checks):
    """The solution of stage 1 by private checks beside the public ones: all that was written, and the document."""
    private = write_checks(CHECKS)
    (private.parent / "conftest.py").write_text(STARTED)
    for folder in (private, private.parent, private / STAGE):
        (folder / "__init__.py").write_text(STARTED)
    files = {name: private.parent / f"report.{name}" for name in FORMATS}
    reports = [f"--report={name}={path}" for name, path in files.items()]
    options = ("--submission", "solutions", "--seed", 1, "--private-checks", private)
    done = grade(STAGE, *options, *reports, "--verbose")
    assert done.returncode == 1, done.stderr
    written = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    return {**written, "shown": done.stdout, "errors": done.stderr}


@pytest.fixture(scope="module")
def checks(graded):
    """The checks of the document."""
    return json.loads(graded["json"])["stages"][0]["checks"]


def test_no_format_tells_a_word_of_a_private_check(graded):
    """Neither its text, nor its name, nor its file's name, nor what it said or printed."""
    telling = [name for name, text in graded.items() if SECRET in text.lower()]

    assert not telling


def test_private_check_has_a_number_or_the_title_that_its_author_gave_it(checks):
    own = [check for check in checks if check.get("private")]

    assert [check["id"] for check in own] == [f"{STAGE}::private_1", f"{STAGE}::private_2"]
    assert [check["title"] for check in own] == ["Private check 1", "Survives the night"]
    assert [check["verdict"] for check in own] == ["passed", "failed"]


def test_private_points_come_on_top(graded):
    document = json.loads(graded["json"])

    assert (document["score"], document["max_score"]) == (17, 20)


def test_public_verdicts_stay_as_they_are(grade, checks):
    """Private checks, even of a rule about leaks, change nothing about the public ones."""
    alone = json.loads(
        grade(STAGE, "--submission", "solutions", "--seed", 1, "--format", "json").stdout
    )

    public = [{**check, "seconds": 0} for check in checks if not check.get("private")]
    assert public == [{**check, "seconds": 0} for check in alone["stages"][0]["checks"]]


def test_learner_looks_at_a_public_failure_first(grade, write_checks):
    """A private check explains nothing, so it is never the one shown while another failed."""
    done = grade(STAGE, "--private-checks", write_checks(CHECKS))

    assert "Failed: Survives the night" not in done.stdout
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (f"def {SECRET}(:\n", "line 1: SyntaxError"),
        (f"{HEAD}\n    {SECRET}()\n", "NameError"),
        (f"import {SECRET}\n", "line 1: ModuleNotFoundError"),
        (f"{HEAD}\n    async def test_{SECRET}(): ...\n", "marked `check`"),
        (
            f"{HEAD}\n    @pytest.mark.check(rules='{SECRET}')\n    async def test_{SECRET}(shop): ...\n",
            "points above 0",
        ),
    ],
    ids=["syntax", "name", "import", "no_check", "no_points"],
)
def test_checks_that_do_not_run_are_their_authors_to_mend(grade, write_checks, source, message):
    """One sentence names the file and the kind of error, and quotes nothing."""
    done = grade(
        STAGE,
        "--submission",
        "solutions",
        "--private-checks",
        write_checks(source, name="test_a.py"),
    )

    assert done.returncode == 3
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert SECRET not in done.stdout + done.stderr


def test_two_checks_of_one_name_are_refused(grade, write_checks):
    """One would hide the other."""
    private = write_checks(CHECKS)
    (private / STAGE / "test_again.py").write_text(textwrap.dedent(CHECKS))

    done = grade(STAGE, "--submission", "solutions", "--private-checks", private)

    assert done.returncode == 3
    assert "the same name" in done.stderr
    assert SECRET not in done.stderr


def test_check_that_crashes_fails_nobody(grade, write_checks):
    """It is unknown, and what it raised is not told."""
    test = f"async def test_{SECRET}(shop):\n        raise OSError('{SECRET}')"
    source = f"{HEAD}\n    @pytest.mark.check(points=1)\n    {test}\n"

    done = grade(
        STAGE,
        "--submission",
        "solutions",
        "--format=json",
        "--private-checks",
        write_checks(source),
    )

    check = json.loads(done.stdout)["stages"][0]["checks"][-1]
    assert (done.returncode, check["verdict"]) == (3, "unknown")
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("stage", "name", "message"),
    [
        ("not_a_stage", "test_a.py", "holds no private checks"),
        ("s77_nothing", "test_a.py", "answers no stage"),
        (STAGE, "a.py", "holds no test_*.py"),
    ],
)
def test_folder_without_private_checks_is_its_authors_to_mend(
    grade, write_checks, stage, name, message
):
    done = grade(
        STAGE, "--submission", "solutions", "--private-checks", write_checks("", stage, name)
    )

    assert done.returncode == 3
    assert message in done.stderr


def test_missing_folder_is_wrong_usage(grade, tmp_path):
    done = grade(STAGE, "--submission", "solutions", "--private-checks", tmp_path / "none")

    assert done.returncode == 2
    assert "there is no folder" in done.stderr


def test_private_checks_want_the_walls_that_hide_them(write_checks):
    """Where a program could read them, nothing is judged."""
    walls = EVERY - {Wall.LANDLOCK}
    request = Request([STAGE], walls=walls, private_checks=write_checks(CHECKS))

    with pytest.raises(MachineError, match="private checks"):
        grade(request)


def test_private_checks_are_hidden_even_among_packages(tmp_path):
    """Wherever the folder lies, and by whatever name it is given, no child may read it."""
    (tmp_path / "own").mkdir()
    (tmp_path / "package").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "own")

    nursery = new_nursery(spawn=True, hidden=hidden(tmp_path / "link"))
    nursery.close()
    shown = without(readable([str(tmp_path)]), nursery._ground.plan.hidden)

    assert str(tmp_path / "package") in shown
    assert not {str(tmp_path), str(tmp_path / "own")} & set(shown)


def test_bwrap_shows_an_empty_folder_in_their_place(tmp_path):
    """Where they lie in what it shows; elsewhere there is nothing to hide, and much to break."""
    inside, above = str(tmp_path / "packages" / "own"), str(tmp_path)

    words = front("/grader", [str(tmp_path / "packages")], "/scratch", [inside, above])

    hides = [place for word, place in pairwise(words) if word == "--tmpfs"]
    assert hides == ["/grader", inside]


def test_complaint_quotes_nothing_of_the_file(tmp_path):
    """Not even where pytest's last line is no error, or one of the file's own making."""
    for last in (f"the {SECRET} is out of tune", f"{SECRET}: out of tune"):
        said = complaint(tmp_path / STAGE / "test_a.py", f"E   {last}")

        assert said == f"{STAGE}/test_a.py: an error (a private check)"
