"""An assignment on its way out: a folder, a zip or a git repository, whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import MachineError, UsageError
from grader.release.archive import zipped

if TYPE_CHECKING:
    from collections.abc import Mapping

BRANCH = "main"
WHO = {
    "NAME": "unblocked release",
    "EMAIL": "unblocked@localhost",
    "DATE": "1980-01-01T00:00:00Z",  # the same files give the same commit, whoever makes it and when
}


class Form(StrEnum):
    """What a release is written as."""

    FOLDER = "folder"
    ZIP = "zip"
    GIT = "git"


def form_of(out: Path, wanted: str | None) -> Form:
    """The form that is wanted; else a zip where the name says so, and a folder anywhere else."""
    return Form(wanted) if wanted else Form.ZIP if out.suffix == ".zip" else Form.FOLDER


def write(files: Mapping[str, bytes], out: Path, form: Form) -> None:
    """Write beside its place, and put it there when it is whole.

    Raises:
        UsageError: Something is there already, or nothing can be written there.
        MachineError: There is no git to make a repository with.
    """
    try:
        place = out.resolve()
        _must_be_free(out, place, form)
        with tempfile.TemporaryDirectory(prefix=".unblocked-", dir=place.parent) as beside:
            made = Path(beside, place.name)
            _make(files, made, form)
            made.replace(place)
    except OSError as error:
        raise UsageError(
            f"the release cannot be written to {str(out)!r}: {error.strerror}"
        ) from error


def _must_be_free(out: Path, place: Path, form: Form) -> None:
    if not place.exists():
        return
    if form is Form.ZIP or not place.is_dir() or any(place.iterdir()):
        raise UsageError(f"{str(out)!r} exists already; give a new name, or remove it first")
    if place == Path.cwd():
        raise UsageError("a release cannot take the place of the folder you are in; give a name")


def _make(files: Mapping[str, bytes], made: Path, form: Form) -> None:
    if form is Form.ZIP:
        folder = made.stem  # unpacked, it does not spill over its neighbours
        made.write_bytes(zipped({f"{folder}/{name}": data for name, data in files.items()}))
        return
    for name, data in files.items():
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if form is Form.GIT:
        _commit(made)


def _commit(folder: Path) -> None:
    """One commit, whose name depends on nothing but the files."""
    _git(folder, "init", "--quiet", "--template=", f"--initial-branch={BRANCH}")
    _git(folder, "add", "--all", "--force")
    _git(folder, "commit", "--quiet", "--no-gpg-sign", "--message", "The assignment")


def _git(folder: Path, *words: str) -> None:
    git = shutil.which("git")
    if git is None:
        raise MachineError("there is no git here; install it, or release as a folder or a zip")
    who = {f"GIT_{role}_{k}": v for role in ("AUTHOR", "COMMITTER") for k, v in WHO.items()}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)}
    done = subprocess.run(  # noqa: S603 - our own words
        [git, *words],
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C", **who, **alone},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.splitlines() or ["it says nothing"])[-1]
        raise MachineError(f"git {words[0]} failed: {said}")
