"""git bundles of strangers: read by git, and nothing checked out."""

import shutil
import subprocess

import pytest

from grader.batch.bundles import read
from grader.batch.handed import Unreadable

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
IDENTITY = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.example"}
COMMITTER = {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.example"}
TIMES = {"GIT_AUTHOR_DATE": "@86400 +0000", "GIT_COMMITTER_DATE": "@86400 +0000"}


@pytest.fixture
def bundle(tmp_path):
    """Commits what a function puts into a repository, and bundles it."""

    def git(*arguments):
        environment = {"PATH": "/usr/bin:/bin", **IDENTITY, **COMMITTER, **TIMES}
        command = ["git", "-c", "init.defaultBranch=main", "-C", str(tmp_path / "work"), *arguments]
        subprocess.run(command, check=True, env=environment, capture_output=True)

    def bundle(fill, *references):
        work = tmp_path / "work"
        work.mkdir()
        git("init")
        fill(work)
        git("add", "--all")
        git("commit", "--message", "done")
        git("bundle", "create", str(tmp_path / "a.bundle"), *(references or ["HEAD"]))
        return tmp_path / "a.bundle"

    return bundle


def program(work, folder="exercises/s01_callbacks", text="x = 1\n"):
    path = work / folder / "pipeline.py"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize("references", [["HEAD"], ["main"]])
def test_the_newest_commit_is_read(bundle, stages, references):
    """Its programs are the submission, and its time the submission's."""
    handed = read(bundle(program, *references), stages)

    first, second = handed.answers
    assert first.source == b"x = 1\n"
    assert "there is no s02_futures/pipeline.py" in second.refusal.message
    assert (handed.submitted_at, handed.submitted_from) == (86_400.0, "commit")


def test_a_link_in_a_repository_is_no_program(bundle, stages):
    def fill(work):
        path = program(work)
        path.unlink()
        path.symlink_to("/etc/passwd")

    first, _ = read(bundle(fill), stages).answers

    assert "not a regular file" in first.refusal.message


def test_a_program_that_is_too_long_is_refused(bundle, stages):
    path = bundle(lambda work: program(work, text="#" * (3 << 20)))

    first, _ = read(path, stages).answers

    assert "larger than 1 MiB" in first.refusal.message


def test_a_repository_without_a_stage_is_told(bundle, stages):
    path = bundle(lambda work: program(work, folder="src"))

    with pytest.raises(Unreadable, match="holds no stage"):
        read(path, stages)


@pytest.mark.parametrize("spoil", [lambda b: b"junk", lambda b: b[:-30], lambda b: b""])
def test_a_damaged_bundle_is_told(bundle, stages, spoil):
    path = bundle(program)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(Unreadable, match="git cannot read it"):
        read(path, stages)
