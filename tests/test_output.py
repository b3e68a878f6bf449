"""Reports on their way out."""

import os
import stat

import pytest

from grader.errors import UsageError
from grader.output import write
from grader.report import Report
from grader.results import whole_result

REPORT = Report(whole_result("exercises", 7, "linux", ()))


def test_report_takes_the_place_of_a_file(tmp_path):
    """What was there before is gone as a whole."""
    path = tmp_path / "report.json"
    path.write_text("x" * 100_000)

    write(REPORT, "json", path)

    assert path.read_text().startswith("{")
    assert path.read_text().endswith("}\n")
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    """Nor is a device replaced, which root could do to /dev/null."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    write(REPORT, "json", path)

    told = os.read(reader, 65_536)
    os.close(reader)
    assert told.startswith(b"{")
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_folder_is_no_place_for_a_report(tmp_path):
    """The error is a sentence."""
    with pytest.raises(UsageError, match="cannot be written"):
        write(REPORT, "json", tmp_path)
