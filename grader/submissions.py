"""Finding, vetting and copying what is to be judged; everything else in a submission's folder has no effect."""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import ExerciseError, UsageError
from grader.judge.findings import FILE, finding
from grader.language import STAGES, later, say
from grader.results import Finding, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

STAGE = re.compile(r"s\d\d_\w+")
CHECKS = "test_pipeline.py"
BONUS = re.compile(rb"^BONUS = True\b", re.MULTILINE)
"""What the checks of a bonus stage say at the top."""
SIZE = 1 << 20
"""Bytes of a pipeline.py, at most."""
IRREGULAR = later("{path} is not a regular file; copy the program itself there")
NO_FILE = {
    errno.ELOOP: IRREGULAR,
    errno.EISDIR: later("{path} is a directory; it has to be a file"),
}
"""What opening a link, or a directory, comes to."""
UNREADABLE = later("{path} cannot be read: {why}")
LINKED_TWICE = later(
    "{path} has a second name elsewhere (a hard link); copy the program itself there"
)
MISSING = later("there is no {path}; start from the stage's starter")
TOO_LARGE = later("{path} is larger than {size} MiB; hand in the program alone")


@dataclass(frozen=True)
class Submitted:
    """One stage's file.

    Attributes:
        folder: The exercise that it answers.
        path: As the learner would type it.
        source: The bytes to judge; None if there is nothing to judge.
        refusal: Why not.
    """

    folder: Path
    path: Path
    source: bytes | None = None
    refusal: Finding | None = None

    @property
    def text(self) -> str:
        """The source for showing lines of it."""
        return (self.source or b"").decode("utf-8-sig", errors="replace")


def exercises_folder() -> Path:
    """Where the stages and their checks are: in the installed package, or in a checkout beside it."""
    for folder in STAGES:
        if folder.is_dir():
            return folder
    raise ExerciseError(say("the installation holds no exercises; install the package again"))


def is_bonus(stage: Path) -> bool:
    """Whether a stage belongs to the bonus ladder, as its checks say."""
    return bool(BONUS.search((stage / CHECKS).read_bytes()))


def choose_stages(names: Sequence[str], *, bonus: bool = False) -> list[Path]:
    """The exercise folders that these names or prefixes mean, in order.

    Args:
        names: None for the stages of the core.
        bonus: Without names, those of the bonus ladder, too.

    Raises:
        UsageError: A name that fits no stage, or several.
    """
    known = _known()
    chosen: list[Path] = []
    for name in names:
        fitting = [folder for folder in known if folder.name.startswith(name.strip("/"))]
        exact = [folder for folder in fitting if folder.name == name.strip("/")]
        if len(exact or fitting) != 1:
            stages = ", ".join(folder.name for folder in known)
            text = later("there is no single stage called {name!r}; choose from: {stages}")
            raise UsageError(say(text, name=name, stages=stages))
        chosen += exact or fitting
    return sorted(dict.fromkeys(chosen)) or [s for s in known if bonus or not is_bonus(s)]


def bonus_stages() -> list[Path]:
    """The stages of the bonus ladder, in order."""
    return [stage for stage in _known() if is_bonus(stage)]


def _known() -> list[Path]:
    return sorted(f for f in exercises_folder().iterdir() if (f / CHECKS).is_file())


def find(path: Path, stages: Sequence[Path], *, named: bool) -> list[Submitted]:
    """The file of each stage; a bonus stage that nobody named and nobody handed in is none.

    Args:
        stages: The exercise folders.
        path: A folder that holds `sNN_topic/pipeline.py`, or an `exercises/` that does; or one file.
        named: The caller named exactly these stages.

    Raises:
        UsageError: There is nothing at `path` that could be judged.
    """
    if not _exists(path):
        text = later(
            "there is no {path!r}; give a folder with stages, or one pipeline.py with its stage"
        )
        raise UsageError(say(text, path=str(path)))
    if not path.is_dir():
        return [_one_file(path, stages, named=named)]
    root = _root(path, stages)
    return [
        _in_folder(stage, root / stage.name / FILE)
        for stage in stages
        if named or (root / stage.name).is_dir() or not is_bonus(stage)
    ]


def _in_folder(stage: Path, path: Path) -> Submitted:
    """What was handed in may not lead out of its folder."""
    if path.parent.is_symlink():
        text = say("{path} is a link; copy the folder itself there", path=path.parent)
        return _refused(stage, path, text)
    return vet(stage, path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or one that no file can have
        return False


def vet(folder: Path, path: Path) -> Submitted:
    """Read one file, or say why it cannot be judged."""
    try:
        return _read(folder, path)
    except FileNotFoundError:
        return _refused(folder, path, say(MISSING, path=path))
    except OSError as error:
        complaint = NO_FILE.get(error.errno or 0, UNREADABLE)
        return _refused(folder, path, say(complaint, path=path, why=error.strerror))


def _read(folder: Path, path: Path) -> Submitted:
    """Look at what was opened, not at what has the name: they may differ a moment later."""
    with open(path, "rb", opener=_without_following) as file:
        about = os.fstat(file.fileno())
        complaint = _complaint(about)
        source = b"" if complaint else file.read(SIZE + 1)
    if len(source) > SIZE:
        complaint = TOO_LARGE
    return (
        _refused(folder, path, say(complaint, path=path, size=SIZE >> 20))
        if complaint
        else Submitted(folder, path, source)
    )


def _without_following(path: str, _: int) -> int:
    """Open a file that is not a link, without waiting for whoever writes to a pipe."""
    return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)


def _complaint(about: os.stat_result) -> str:
    if not stat.S_ISREG(about.st_mode):
        return IRREGULAR
    if about.st_nlink > 1:
        return LINKED_TWICE
    return TOO_LARGE if about.st_size > SIZE else ""


def copy(submitted: Submitted, scratch: Path) -> Path:
    """The judge's own copy, in a folder that holds nothing else."""
    target = scratch / submitted.folder.name / FILE
    target.parent.mkdir(parents=True)
    target.write_bytes(submitted.source or b"")
    return target


def _one_file(path: Path, stages: Sequence[Path], *, named: bool) -> Submitted:
    if not named or len(stages) != 1:
        text = later("{path!r} is one file; name the one stage that it answers, for example: s03")
        raise UsageError(say(text, path=str(path)))
    return vet(stages[0], path)


def _root(path: Path, stages: Sequence[Path]) -> Path:
    roots = (path, path / "exercises")
    for root in roots:
        if any(_exists(root / stage.name / FILE) for stage in stages):
            return root
    for root in roots:
        if any(STAGE.fullmatch(name) for name in _folders(root)):
            return root
    text = later("{path!r} holds no stage; it needs folders like {example}/ with a {file} in each")
    raise UsageError(say(text, path=str(path), example=stages[0].name, file=FILE))


def _folders(path: Path) -> list[str]:
    """Names of the folders in a folder; none if it cannot be looked into."""
    try:
        return [entry.name for entry in path.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _refused(folder: Path, path: Path, message: str) -> Submitted:
    return Submitted(folder, path, refusal=finding(Kind.STRUCTURE, message))
