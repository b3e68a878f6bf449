"""What is planned and written, and what is refused."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from grader.cli import main
from grader.errors import UsageError
from grader.submissions import choose_stages
from grader.templates import plan, platforms, write

PIN = "unblocked==9.8.7"


@pytest.mark.parametrize("platform", platforms())
def test_every_job_keeps_strangers_behind_walls(platform):
    """Each grades all stages by default, with `--strangers`, by a version that is named."""
    text = b"\n".join(plan(platform, [], PIN).values()).decode("latin-1")

    stages = " ".join(folder.name for folder in choose_stages([]))
    assert f"grade {stages} --strangers" in text
    assert PIN in text
    assert "@@" not in text


@pytest.mark.parametrize("platform", platforms())
def test_jobs_in_yaml_can_be_read(platform):
    """No blank breaks the form of a file."""
    files = plan(platform, [], PIN)

    assert all(
        isinstance(yaml.safe_load(content), dict)
        for place, content in files.items()
        if place.suffix == ".yml"
    )


@pytest.mark.parametrize("platform", ["github", "gradescope"])
def test_grader_that_runs_here_is_the_default(platform):
    """It lies beside its pin, and carries the templates as well."""
    files = plan(platform)

    (wheel,) = [place for place in files if place.suffix == ".whl"]
    names = zipfile.ZipFile(BytesIO(files[wheel])).namelist()
    carried = {name.split("/")[3] for name in names if name.startswith("grader/templates/files/")}
    assert files[wheel.parent / "requirements.txt"] == f"./{wheel.name}\n".encode()
    assert carried == set(platforms())


def test_requirement_may_be_an_address():
    """A wheel may lie on a server, with its hash."""
    (text,) = plan(
        "gitlab", [], "unblocked @ https://example.org/u-1-py3-none-any.whl#sha256=12"
    ).values()

    assert b"'unblocked @ https://example.org/u-1-py3-none-any.whl#sha256=12'" in text


@pytest.mark.parametrize(
    "requirement",
    [
        "unblocked",
        "unblocked>=0.1",
        "unblocked==1'; rm -rf /; '",
        "unblocked==1\n--find-links=https://example.org",
        "unblocked @ http://example.org/u.zip",
        "unblocked @ https://example.org/$(id)",
        "../unblocked",
    ],
)
def test_version_has_to_be_pinned(requirement):
    """What could be another program tomorrow, or a command, is no pin."""
    with pytest.raises(UsageError, match="does not say which version"):
        plan("github", [], requirement)


@pytest.mark.parametrize("platform", ["gitlab", "classroom"])
def test_job_that_stands_alone_takes_no_wheel(platform, tmp_path):
    """A wheel that learners could change is refused, given or not."""
    for requirement in ("", str(tmp_path / "u.whl")):
        with pytest.raises(UsageError, match="stands alone"):
            plan(platform, [], requirement)


def test_wheel_has_to_be_there(tmp_path):
    """A path that leads nowhere is named."""
    with pytest.raises(UsageError, match=r"u\.whl' cannot be read: No such file"):
        plan("github", [], str(tmp_path / "u.whl"))


@pytest.mark.parametrize("name", ["my grader.whl", "a\n--find-links=b.whl", "-r.whl"])
def test_wheel_has_to_be_called_like_one(tmp_path, name):
    """A name cannot say more to pip than which file it is."""
    with pytest.raises(UsageError, match="is no name of a wheel"):
        plan("gradescope", [], str(tmp_path / name))


def test_gradescope_gets_a_zip_with_its_scripts_at_the_root(tmp_path):
    """The scripts are executable, and the wheel lies beside them."""
    (tmp_path / "u.whl").write_bytes(b"a wheel")

    files = plan("gradescope", [], str(tmp_path / "u.whl"))

    archive = zipfile.ZipFile(BytesIO(files[Path("autograder.zip")]))
    modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes == {
        "requirements.txt": 0o644,
        "run_autograder": 0o755,
        "setup.sh": 0o755,
        "u.whl": 0o644,
    }
    assert archive.read("requirements.txt") == b"./u.whl\n"
    assert files == plan("gradescope", [], str(tmp_path / "u.whl"))


def test_nothing_is_overwritten(tmp_path):
    """One file that is there already, and none is written."""
    (tmp_path / "setup.sh").write_text("mine")

    with pytest.raises(UsageError, match=r"setup\.sh' exists already"):
        write(plan("gradescope", [], PIN), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["setup.sh"]
    assert (tmp_path / "setup.sh").read_text() == "mine"


def test_folder_that_cannot_be_made_is_named(tmp_path):
    """A file in the place of the folder is one sentence."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(UsageError, match="cannot be written to"):
        write(plan("gitlab", [], PIN), tmp_path / "taken")


def test_help_names_every_platform():
    """Nobody has to guess what there is."""
    shown = CliRunner().invoke(main, ["template", "--help"]).output

    assert all(platform in shown for platform in platforms())


def test_command_says_what_it_wrote(tmp_path):
    """The paths, one a line; a platform that is unknown is wrong usage."""
    done = CliRunner().invoke(
        main, ["template", "github", str(tmp_path), f"--requirement={PIN}", "--stages", "s01,s03"]
    )
    wrong = CliRunner().invoke(main, ["template", "moodle", str(tmp_path), f"--requirement={PIN}"])

    written = [Path(line) for line in done.stdout.splitlines()]
    workflow = tmp_path / ".github" / "workflows" / "unblocked.yml"
    assert done.exit_code == 0
    assert sorted(written) == sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert "grade s01_callbacks s03_async_await --strangers" in workflow.read_text()
    assert wrong.exit_code == 2
    assert "choose one of: classroom, github, gitlab, gradescope" in wrong.output
