"""The grader, packed from where it runs, is what a build would have made of it."""

import csv
import hashlib
from base64 import urlsafe_b64decode
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from grader.release.wheel import pack

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel():
    """The packed grader, opened."""
    return ZipFile(BytesIO(pack().data))


def test_wheel_holds_the_grader_the_shop_and_the_stages(wheel):
    names = set(wheel.namelist())

    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "grader").rglob("*.py")}
    assert sources <= names
    assert {"shop/__init__.py", "grader/report/schema_v1.json", "grader/checks.ini"} <= names
    for stage in (ROOT / "exercises").glob("s[0-9][0-9]_*"):
        assert f"grader/exercises/{stage.name}/test_pipeline.py" in names


def test_wheel_can_make_releases_itself(wheel):
    """What learners get is in it, too."""
    names = set(wheel.namelist())

    assert {
        f"grader/release/files/{path.name}"
        for path in (ROOT / "grader/release/files").iterdir()
        if path.is_file()
    } <= names


def test_wheel_holds_neither_solutions_nor_tests_nor_caches(wheel):
    strange = ("solutions/", "tests/", "__pycache__", ".pyc", "exercises/shop")

    assert not [name for name in wheel.namelist() if any(word in name for word in strange)]


def test_record_lists_every_file_with_its_digest_and_size(wheel):
    """Pip refuses a wheel whose record is wrong."""
    own = next(name for name in wheel.namelist() if name.endswith("/RECORD"))
    rows = {name: rest for name, *rest in csv.reader(wheel.read(own).decode().splitlines())}

    assert set(rows) == set(wheel.namelist())
    assert rows.pop(own) == ["", ""]
    for name, (digest, size) in rows.items():
        data = wheel.read(name)
        assert (
            urlsafe_b64decode(digest.removeprefix("sha256=") + "=") == hashlib.sha256(data).digest()
        )
        assert int(size) == len(data)


def test_wheel_says_how_it_is_started(wheel):
    entry = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))

    assert "unblocked = grader.cli:main" in wheel.read(entry).decode()


def test_wheel_is_the_same_each_time():
    assert pack() == pack()
