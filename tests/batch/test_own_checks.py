"""Private checks on their way to a worker."""

import pytest

from grader.batch.own_checks import packed, unpacked
from grader.errors import UsageError

CHECK = "import pytest\n"


def test_checks_arrive_as_they_left(tmp_path, stages):
    """Only the checks of the stages that are graded, and nothing that lies beside them."""
    for name in (
        "s01_callbacks/test_mine.py",
        "s01_callbacks/notes.md",
        "s04_thread_offload/test_x.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(CHECK)

    own = packed(tmp_path, stages)

    assert own == (("s01_callbacks/test_mine.py", CHECK.encode()),)
    with unpacked(own) as folder:
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert [path.read_text() for path in files] == [CHECK]
    assert not folder.exists()


def test_without_private_checks_there_is_no_folder(stages):
    assert packed(None, stages) == ()
    with unpacked(()) as folder:
        assert folder is None


def test_a_folder_that_is_not_there_is_told(tmp_path, stages):
    with pytest.raises(UsageError):
        packed(tmp_path / "none", stages)
