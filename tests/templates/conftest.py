"""What platforms bring: the grader's wheel, a place to install it, and a runner for the steps of a workflow."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
EXPRESSION = re.compile(r"\$\{\{ *([\w.]+) *\}\}")


@pytest_asyncio.fixture(scope="session")
async def walls_for_strangers(fork_nursery):
    """Skips what needs walls that not every machine has."""
    if not (await fork_nursery.standing()).fit_for_strangers:
        pytest.skip("this machine has no walls for strangers")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def offline(wheel):
    """The environment in which pip finds our wheel, nothing else, and takes what it needs from these tests' own."""
    return {
        "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_FIND_LINKS": str(wheel.parent),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FORCE_REINSTALL": "1",
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "HOME": str(wheel.parent),
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture(scope="session")
def autograder(tmp_path_factory, offline, wheel):
    """The root of a Gradescope image, built from the zip: the wheel is installed in its `venv`."""
    from grader.templates import plan, write

    root = tmp_path_factory.mktemp("autograder")
    write(plan("gradescope", ["s01"], str(wheel)), root / "course")
    shutil.unpack_archive(root / "course" / "autograder.zip", root / "source")
    (root / "results").mkdir()
    subprocess.run(
        ["bash", root / "source" / "setup.sh"],
        env={**offline, "AUTOGRADER_ROOT": str(root)},
        check=True,
        timeout=120,
    )
    return root


@dataclass
class Runner:
    """Runs the steps of a workflow as GitHub's runner does, or a job's script as GitLab's does.

    Attributes:
        workspace: Where checkouts lie.
        environ: What a step sees.
        context: What an expression such as `runner.temp` stands for.
    """

    workspace: Path
    environ: dict[str, str]
    context: dict[str, str] = field(default_factory=dict)

    def step(self, step):
        """Run one step that has a `run`; the ended process."""
        return self.script(step["run"], step.get("working-directory", "."))

    def script(self, text, folder="."):
        """Run a script with bash, and stop at the first line that fails."""
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self._filled(text)],
            cwd=self.workspace / self._filled(folder),
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def _filled(self, text):
        return EXPRESSION.sub(lambda found: self.context[found[1]], text)


@pytest.fixture
def runner(tmp_path, offline, autograder):
    """A runner in a clean workspace; its Python is the one into which the wheel was installed."""
    workspace, temp = tmp_path / "workspace", tmp_path / "temp"
    workspace.mkdir()
    temp.mkdir()
    environ = {
        **offline,
        "PATH": f"{autograder / 'venv' / 'bin'}{os.pathsep}{offline['PATH']}",
        "RUNNER_TEMP": str(temp),
        "GITHUB_STEP_SUMMARY": str(temp / "summary"),
        "GITHUB_OUTPUT": str(temp / "output"),
    }
    return Runner(workspace, environ, {"runner.temp": str(temp)})


FORGED = """
raise SystemExit("a file of the submission was run as a part of the grader")
"""


@pytest.fixture
def hand_in():
    """Puts a submission into a folder: our solution of stage 1, and files that would like to be the grader's."""

    def hand_in(folder):
        shutil.copytree(ROOT / "solutions" / "s01_callbacks", folder / "s01_callbacks")
        for name in ("pip.py", "unblocked.py", "grader.py", "conftest.py", "sitecustomize.py"):
            (folder / name).write_text(FORGED)
        (folder / "s01_callbacks" / "test_pipeline.py").write_text(FORGED)

    return hand_in
