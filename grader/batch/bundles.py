"""Submissions that are git bundles: git itself reads them, within bounds, into a repository without a work tree.

Nothing is checked out, so neither hooks, filters nor file names of a stranger's repository have an effect.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

from grader.batch.handed import HandedIn, Unreadable, choose_root, file_of, missing, refused
from grader.batch.jobs import Answer
from grader.submissions import IRREGULAR, SIZE, TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LARGEST = 32 << 20
"""Bytes of a bundle, at most."""
UNPACKED = 256 << 20
"""Bytes of a file that git may write, at most."""
SECONDS = 30
"""Of computing, and twice as many on the clock, for a call of git."""
ROOTS = ("", "exercises/")
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", os.defpath),
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}


def read(path: Path, stages: Sequence[Path]) -> HandedIn:
    """Read the newest commit of a bundle; its time is the commit's.

    Raises:
        Unreadable: git cannot read it within its bounds, it holds no branch, or no stage.
    """
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST >> 20} MiB; hand in the last commits alone")
    if shutil.which("git") is None:
        raise Unreadable("it is a git bundle, and git is not installed here")
    with tempfile.TemporaryDirectory(prefix="unblocked-bundle-") as folder:
        _git(folder, "init", "--quiet", "--bare")
        commit = _commit(folder, path)
        source = ["--no-tags", "--quiet", str(path.resolve()), commit]
        _git(folder, "-c", "core.bigFileThreshold=1m", "fetch", *source)
        time = _git(folder, "show", "--no-patch", "--format=%ct", "FETCH_HEAD")
        return HandedIn(_answers(folder, [stage.name for stage in stages]), float(time), "commit")


def _commit(folder: str, path: Path) -> str:
    """The name of the reference to judge: HEAD, or else a branch."""
    heads = _git(folder, "bundle", "list-heads", str(path.resolve())).decode().splitlines()
    names = [line.partition(" ")[2] for line in heads]
    branches = [name for name in names if name.startswith("refs/heads/")]
    if "HEAD" in names:
        return "HEAD"
    if len(branches) == 1:
        return branches[0]
    raise Unreadable(
        "it holds no HEAD and not one branch; bundle it with: git bundle create … HEAD"
    )


def _answers(folder: str, stages: list[str]) -> tuple[Answer, ...]:
    paths = [file_of(root, stage) for root in ROOTS for stage in stages]
    listed = _git(folder, "ls-tree", "-z", "-l", "FETCH_HEAD", "--", *paths).decode()
    entries = dict(_entry(line) for line in listed.split("\0") if line)
    root = choose_root(ROOTS, stages, entries)
    return tuple(_answer(folder, entries.get(file_of(root, stage)), stage) for stage in stages)


def _entry(line: str) -> tuple[str, list[str]]:
    """Path, and mode, type, object and size of what lies there."""
    about, _, path = line.partition("\t")
    return path, about.split()


def _answer(folder: str, entry: list[str] | None, stage: str) -> Answer:
    if entry is None:
        return missing(stage)
    mode, _, name, size = entry
    if not mode.startswith("100"):
        return refused(stage, IRREGULAR)
    if int(size) > SIZE:
        return refused(stage, TOO_LARGE)
    return Answer(stage, _git(folder, "cat-file", "blob", name))


def _git(folder: str, *arguments: str) -> bytes:
    try:
        return subprocess.run(  # noqa: S603 - git, with arguments of ours
            ["git", "-C", folder, "-c", "transfer.fsckObjects=true", *arguments],  # noqa: S607 - the one on the PATH
            check=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**ENVIRONMENT, "HOME": folder},  # nobody's settings
            timeout=2 * SECONDS,
            preexec_fn=_bound,
        ).stdout
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines() or ["git ended"]
        raise Unreadable(f"git cannot read it: {lines[-1][:200]}") from error
    except subprocess.TimeoutExpired as error:
        raise Unreadable("git takes too long to read it") from error


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (UNPACKED, UNPACKED))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (4 * UNPACKED, 4 * UNPACKED))
