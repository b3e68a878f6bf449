"""A release is written whole or not at all, and the same files make the same release."""

import sys
from contextlib import chdir
from pathlib import Path
from zipfile import ZipFile

import pytest

from grader.errors import UsageError
from grader.release.writing import Form, form_of, write

FILES = {"README.md": b"read\n", "exercises/s01_callbacks/pipeline.py": b"# TODO: all\n"}


def test_name_says_the_form_unless_it_is_given(tmp_path):
    assert form_of(tmp_path / "class.zip", None) is Form.ZIP
    assert form_of(tmp_path / "class", None) is Form.FOLDER
    assert form_of(tmp_path / "class.zip", "git") is Form.GIT


def test_folder_holds_the_files(tmp_path):
    """Also in the place of an empty one, and in a path with spaces."""
    out = tmp_path / "a class"
    out.mkdir()

    write(FILES, out, Form.FOLDER)

    assert {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()} == set(FILES)
    assert list(tmp_path.iterdir()) == [out]


def test_zip_unpacks_into_one_folder(tmp_path):
    write(FILES, tmp_path / "class.zip", Form.ZIP)

    with ZipFile(tmp_path / "class.zip") as archive:
        assert archive.namelist() == [f"class/{name}" for name in sorted(FILES)]
        assert archive.read("class/README.md") == b"read\n"


def test_same_files_make_the_same_zip(tmp_path):
    """Whenever it is made, and in whatever order they come."""
    for name, files in (("a", FILES), ("b", dict(reversed(FILES.items())))):
        (tmp_path / name).mkdir()
        write(files, tmp_path / name / "class.zip", Form.ZIP)

    one, other = (tmp_path / name / "class.zip" for name in "ab")
    assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("form", Form)
def test_what_is_there_stays(tmp_path, form):
    """A folder with something in it, and a file, are nobody's to overwrite."""
    out = tmp_path / "class"
    out.mkdir()
    (out / "work").write_text("mine")

    with pytest.raises(UsageError, match="exists already"):
        write(FILES, out, form)
    with pytest.raises(UsageError, match="exists already"):
        write(FILES, out / "work", form)

    assert (out / "work").read_text() == "mine"


def test_folder_that_one_is_in_is_not_replaced(tmp_path):
    with chdir(tmp_path), pytest.raises(UsageError, match="the folder you are in"):
        write(FILES, Path(), Form.FOLDER)


def test_place_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="No such file or directory"):
        write(FILES, tmp_path / "none" / "class", Form.FOLDER)


def test_place_that_cannot_be_written_is_one_sentence():
    """Not even the superuser writes there."""
    if sys.platform != "linux":
        pytest.skip("needs /proc")
    with pytest.raises(UsageError, match="cannot be written"):
        write(FILES, Path("/proc/class.zip"), Form.ZIP)


@pytest.mark.parametrize("form", [Form.FOLDER, Form.GIT])
def test_failure_leaves_nothing(tmp_path, form):
    """A file that cannot be made takes the others with it."""
    files = {**FILES, "README.md/impossible": b""}

    with pytest.raises(UsageError, match="cannot be written"):
        write(files, tmp_path / "class", form)

    assert list(tmp_path.iterdir()) == []
