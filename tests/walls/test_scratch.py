"""A scratch folder is counted while a child lives, and goes with it."""

from grader.walls import scratch
from grader.walls.building import Walls
from grader.walls.plan import Plan


def test_folder_is_made_once_by_whoever_comes_first(tmp_path):
    for _ in range(2):
        scratch.make(str(tmp_path / "1"))

    assert (tmp_path / "1").stat().st_mode & 0o777 == scratch.MODE


def test_clearing_follows_no_link(tmp_path):
    """What a link leads to is not the child's."""
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "link").symlink_to(tmp_path / "precious")

    scratch.clear(str(tmp_path / "1"))

    assert [path.name for path in tmp_path.iterdir()] == ["precious"]
    assert (tmp_path / "precious" / "file").exists()


def test_clearing_a_wide_and_deep_tree_leaves_nothing(tmp_path):
    for path in ("1/a/b/c", "1/a/b/d", "1/e/f"):
        (tmp_path / path).mkdir(parents=True)
        (tmp_path / path / "file").touch()
    (tmp_path / "1/a").chmod(0)

    scratch.clear(str(tmp_path / "1"))

    assert [path.name for path in tmp_path.iterdir()] == []


def test_clearing_what_is_not_there_does_nothing(tmp_path):
    scratch.clear(str(tmp_path / "1"))


def test_a_folder_that_somebody_else_removed_ends_no_grading(tmp_path):
    """Whoever tidies up below /tmp may be faster than we are."""
    walls = Walls(Plan(str(tmp_path)), [])

    walls.clear(1)


def test_size_counts_everything_beneath(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(bytes(100_000))

    space, entries = scratch.size(str(tmp_path), 10)

    assert space >= 100_000
    assert entries == 2


def test_counting_ends_where_it_is_too_much(tmp_path):
    for number in range(20):
        (tmp_path / str(number)).touch()

    assert scratch.size(str(tmp_path), 5)[1] == 6
