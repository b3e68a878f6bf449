"""Zips of strangers: nothing is unpacked, and little is inflated."""

import stat
import zipfile

import pytest

from grader.batch.archives import read
from grader.batch.handed import Unreadable

PROGRAM = "x = 1\n"
FILE = "s01_callbacks/pipeline.py"


@pytest.mark.parametrize("root", ["", "exercises/", "alice/", "alice-main/exercises/"])
def test_stages_are_found_where_people_pack_them(pack, stages, root):
    """At the top, in `exercises/`, or in the one folder that was packed; macOS adds one of its own."""
    path = pack("a.zip", [(root + FILE, PROGRAM), ("__MACOSX/x", "")])

    first, second = read(path, stages).answers

    assert first.source == PROGRAM.encode()
    assert second.source is None
    assert "there is no s02_futures/pipeline.py" in second.refusal.message


def test_the_time_is_the_archives_own(pack, stages):
    """What is written inside an archive is in the hands of whoever packed it."""
    path = pack("a.zip", [(FILE, PROGRAM)])

    handed = read(path, stages)

    assert (handed.submitted_at, handed.submitted_from) == (path.stat().st_mtime, "file")


def test_of_a_bomb_no_more_is_inflated_than_a_program_may_be_long(pack, stages):
    """A gigabyte of zeros is a refusal, as the same file in a folder would be."""
    path = pack("a.zip", [(FILE, b"\0" * (200 << 20)), ("s02_futures/pipeline.py", PROGRAM)])

    first, second = read(path, stages).answers

    assert path.stat().st_size < 1 << 20
    assert (first.source, second.source) == (None, PROGRAM.encode())
    assert "larger than 1 MiB" in first.refusal.message


def test_a_link_in_an_archive_is_no_program(pack, stages):
    link = zipfile.ZipInfo(FILE)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16

    first, _ = read(pack("a.zip", [(link, "/etc/passwd")]), stages).answers

    assert first.source is None
    assert "not a regular file" in first.refusal.message


@pytest.mark.parametrize("name", ["../../x.py", "/etc/x", "a/../../x", "..\\x", "a\\..\\x"])
def test_a_name_that_leads_out_is_told(pack, stages, name):
    path = pack("a.zip", [(FILE, PROGRAM), (name, "")])

    with pytest.raises(Unreadable, match="leads out of it"):
        read(path, stages)


@pytest.mark.parametrize("spoil", [lambda b: b"junk", lambda b: b[:40], lambda b: b""])
def test_a_damaged_archive_is_told(pack, stages, spoil):
    path = pack("a.zip", [(FILE, PROGRAM)])
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(Unreadable, match="no zip that can be read"):
        read(path, stages)


def test_damage_inside_is_told(pack, stages):
    """A checksum that does not hold, found while a program is inflated."""
    path = pack("a.zip", [(FILE, PROGRAM * 100)])
    content = bytearray(path.read_bytes())
    content[60:64] = b"\xff\xff\xff\xff"
    path.write_bytes(content)

    with pytest.raises(Unreadable, match="no zip that can be read"):
        read(path, stages)


def test_an_archive_without_a_stage_is_told(pack, stages):
    with pytest.raises(Unreadable, match="holds no stage"):
        read(pack("a.zip", [("pipeline.py", PROGRAM)]), stages)


def test_an_archive_that_is_too_large_is_not_opened(tmp_path, stages):
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        file.truncate(40 << 20)

    with pytest.raises(Unreadable, match="larger than 32 MiB"):
        read(path, stages)
