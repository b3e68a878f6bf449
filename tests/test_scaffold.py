"""A new stage touches no file that exists, and tables say what the checks say."""

import ast
import re

import pytest

from grader.errors import ExerciseError, UsageError
from grader.scaffold.checks import Check, parse_checks, read_checks, stage_points
from grader.scaffold.stage import new_stage
from grader.scaffold.tables import READMES, checks_table, fresh_readmes, with_table, write_tables

ONE_CHECK = '''
@pytest.mark.check(points=2, rules="R1 R3", hint="errors")
async def test_pays_the_first_order(shop, submission):
    """Pays the first order of the user.

    More is not for the table.
    """
'''


@pytest.fixture
def root(tmp_path):
    """A repository that has an exercises folder, and one stage in it."""
    (tmp_path / "exercises" / "s03_async_await").mkdir(parents=True)
    return tmp_path


def content(folder):
    """Every file below a folder with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestNewStage:
    def test_creates_the_stage_and_its_mirror(self, root):
        """A stage is one folder, and one file beside the other solutions."""
        created = new_stage(root, "s13_retries")

        assert sorted(str(path.relative_to(root)) for path in created) == [
            "exercises/s13_retries/README.ko.md",
            "exercises/s13_retries/README.md",
            "exercises/s13_retries/pipeline.py",
            "exercises/s13_retries/test_pipeline.py",
            "solutions/s13_retries/pipeline.py",
        ]
        assert all(path.is_file() for path in created)

    def test_leaves_other_files_alone(self, root):
        """What was there is there, byte for byte."""
        (root / "exercises" / "README.md").write_text("The path.\n")
        before = content(root)

        new_stage(root, "s13_retries")

        assert before.items() <= content(root).items()

    def test_sources_can_be_compiled(self, root):
        """What is scaffolded is Python, with no field left open."""
        for path in new_stage(root, "s13_lost_replies"):
            text = path.read_text(encoding="utf-8")
            assert "$" not in text
            if path.suffix == ".py":
                assert ast.get_docstring(ast.parse(text))

    def test_starts_with_a_check_and_fresh_tables(self, root):
        """The new stage has one check, and both its READMEs show it."""
        new_stage(root, "s13_retries")
        stage = root / "exercises" / "s13_retries"

        assert [check.points for check in read_checks(stage)] == [1]
        assert stale_readmes(stage) == []

    def test_title_speaks_of_the_topic(self, root):
        """The name's number and topic become the title."""
        new_stage(root, "s07_lost_replies")

        readme = root / "exercises" / "s07_lost_replies" / "README.md"

        assert readme.read_text(encoding="utf-8").startswith("# Stage 7: Lost replies\n")

    @pytest.mark.parametrize(
        "name", ["", "retries", "13_retries", "s1_x", "s13-retries", "s13_", "s13_A", "../s13_x"]
    )
    def test_refuses_other_names(self, root, name):
        """A name that no stage could have is told so in one sentence."""
        before = content(root)

        with pytest.raises(UsageError, match=r"sNN_topic.*s13_retries\.$"):
            new_stage(root, name)

        assert content(root) == before

    @pytest.mark.parametrize("name", ["s03_async_await", "s03_other"])
    def test_refuses_a_number_that_is_taken(self, root, name):
        """`grade s03` must mean one stage."""
        with pytest.raises(UsageError, match=r"exercises.s03_async_await exists already"):
            new_stage(root, name)

    def test_refuses_to_start_elsewhere(self, tmp_path):
        """Without a folder of exercises nothing is written."""
        with pytest.raises(UsageError, match="no folder"):
            new_stage(tmp_path, "s13_retries")

        assert not content(tmp_path)


class TestParseChecks:
    def test_reads_what_the_mark_says(self):
        """Points, rules and hint come from the mark, the title from the docstring's first line."""
        assert parse_checks(ONE_CHECK, "test_pipeline.py") == (
            Check(
                name="test_pays_the_first_order",
                title="Pays the first order of the user.",
                points=2,
                rules="R1 R3",
                hint="errors",
                bonus=False,
                line=3,
            ),
        )

    @pytest.mark.parametrize("values", ['["a", "b", "c"]', "STEPS", "NAMED"])
    def test_counts_the_points_of_every_parameter(self, values):
        """A check over three steps is worth three times its points."""
        source = (
            'STEPS = ("a", "b", "c")\nNAMED: dict[str, int] = {"a": 1, "b": 2, "c": 3}\n'
            f'@pytest.mark.parametrize("step", {values})' + ONE_CHECK
        )

        assert [check.points for check in parse_checks(source, "test_pipeline.py")] == [6]

    def test_bonus_comes_on_top(self):
        """A bonus check does not change what a stage is worth."""
        bonus = ONE_CHECK.replace("points=2", "points=5, bonus=True")

        assert stage_points(parse_checks(ONE_CHECK + bonus, "test_pipeline.py")) == 2

    @pytest.mark.parametrize(
        ("source", "complaint"),
        [
            ("x = 1", "has no check"),
            ("def (", "line 1"),
            ("@pytest.mark.check(points=1)\ndef test_x(): pass", "needs a docstring"),
            (ONE_CHECK.replace("points=2, ", ""), "needs points"),
            (ONE_CHECK.replace("points=2", "points=0"), "needs points"),
            (ONE_CHECK.replace("points=2", "points=many"), "write many as a plain value"),
            (
                '@pytest.mark.parametrize("step", steps())' + ONE_CHECK,
                "write the values of parametrize",
            ),
        ],
    )
    def test_says_what_a_check_must_say(self, source, complaint):
        """The author of an exercise is told the file and what is wrong with it."""
        with pytest.raises(ExerciseError, match=complaint) as caught:
            parse_checks(source, "s13_retries/test_pipeline.py")

        assert str(caught.value).startswith("s13_retries/test_pipeline.py")


class TestTables:
    def test_table_in_english(self):
        """One row per check, and what they come to."""
        checks = parse_checks(ONE_CHECK, "test_pipeline.py")

        assert checks_table(checks, READMES["README.md"]).splitlines() == [
            "| Points | What is checked | Rules |",
            "| ---: | --- | --- |",
            "| 2 | Pays the first order of the user. | R1 R3 |",
            "| **2** | **all** |  |",
        ]

    def test_bonus_and_bars_in_korean(self):
        """Bonus points are marked, and a bar in a title does not split its cell."""
        source = ONE_CHECK.replace("points=2", "points=2, bonus=True")
        checks = parse_checks(source.replace("the first", "the a|b"), "test_pipeline.py")

        table = checks_table(checks, READMES["README.ko.md"])

        assert table.splitlines()[2] == r"| +2 보너스 | Pays the a\|b order of the user. | R1 R3 |"

    def test_writing_touches_only_what_changed(self, root):
        """A stale table is replaced in both languages, and a second time nothing is left to do."""
        (root / "exercises" / "s03_async_await").rmdir()
        new_stage(root, "s13_retries")
        stage = root / "exercises" / "s13_retries"
        checks = stage / "test_pipeline.py"
        checks.write_text(checks.read_text().replace("points=1", "points=7"))

        changed = write_tables(root)

        assert [path.name for path in changed] == ["README.md", "README.ko.md"]
        assert all(re.search(r"^\| 7 \|", path.read_text(), re.MULTILINE) for path in changed)
        assert write_tables(root) == []

    def test_needs_a_readme(self, root):
        """A stage without its Korean page is named."""
        new_stage(root, "s13_retries")
        stage = root / "exercises" / "s13_retries"
        (stage / "README.ko.md").unlink()

        with pytest.raises(ExerciseError, match=r"s13_retries has no README\.ko\.md"):
            fresh_readmes(stage)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "<!-- checks: begin -->\n",
            "<!-- checks: end -->\n<!-- checks: begin -->\n",
            "<!-- checks: begin -->\n<!-- checks: end -->\n" * 2,
        ],
    )
    def test_needs_one_place(self, text):
        """A README without its pair of marks is refused, and not guessed at."""
        with pytest.raises(ExerciseError, match=r"^s13/README\.md needs one line"):
            with_table(text, "| |\n", "s13/README.md")


def stale_readmes(stage):
    """Name the READMEs of one stage that are not as they should be."""
    return [
        path.name
        for path, text in fresh_readmes(stage).items()
        if path.read_text(encoding="utf-8") != text
    ]
