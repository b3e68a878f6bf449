"""Jobs that grade strangers' submissions on a platform: its files, filled in, for a folder of the instructor's.

A platform is a folder of `files/`; putting one there is all it takes. A blank begins with `@@`, which means nothing to
shells and workflows. Where there is a `requirements.txt`, a wheel may lie beside it; elsewhere the job stands alone,
and the version has to be named in it.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.release.wheel import Wheel, pack
from grader.submissions import choose_stages
from grader.templates.archive import ARCHIVES, packed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["plan", "platforms", "write"]

_FILES = Path(__file__).with_name("files")
_REQUIREMENTS = "requirements.txt"
_WHEEL = re.compile(r"\w[\w.+-]*\.whl", re.ASCII)
_PINNED = re.compile(r"[A-Za-z0-9][\w.-]*(\[[\w,.-]+\])?(==[\w.!+]+| @ https://[^\s'\"\\$`]+)")


class _Blanks(Template):
    delimiter = "@@"


def platforms() -> list[str]:
    """Every platform that there is a job for."""
    return sorted(folder.name for folder in _FILES.iterdir())


def plan(platform: str, stages: Sequence[str] = (), requirement: str = "") -> Mapping[Path, bytes]:
    """The files of a job, by their place in the folder.

    Args:
        platform: One of `platforms()`.
        stages: Names or prefixes of what is graded; empty for all.
        requirement: A pinned requirement, or the path of a wheel; empty for the grader that runs here. Its name alone
            is no default: on the public index `unblocked` is another project.

    Raises:
        UsageError: No such platform, stage or wheel; or a requirement that is not pinned.
        MachineError: The grader that runs here was never installed.
    """
    if platform not in platforms():
        raise UsageError(
            f"there is no template {platform!r}; choose one of: {', '.join(platforms())}"
        )
    names = " ".join(folder.name for folder in choose_stages(stages))
    texts = _texts(_FILES / platform)
    home = next((place.parent for place in texts if place.name == _REQUIREMENTS), None)
    wheel = _wheel(platform, home, requirement)
    pin = f"./{wheel.name}" if wheel else _pinned(requirement)
    files = {
        place: _Blanks(text).substitute(stages=names, requirement=pin).encode()
        for place, text in texts.items()
    }
    if wheel and home is not None:
        files[home / wheel.name] = wheel.data
    return {**files, **packed(files, ARCHIVES[platform])} if platform in ARCHIVES else files


def _wheel(platform: str, home: Path | None, requirement: str) -> Wheel | None:
    """What lies beside the requirements; None where the requirement says where to find it."""
    if requirement and (not requirement.endswith(".whl") or "@" in requirement):
        return None
    if home is None:
        raise UsageError(
            f"a job for {platform} stands alone, and learners could change a wheel beside it; "
            "say by --requirement where pip finds one: NAME @ https://... or NAME==VERSION"
        )
    return _read(Path(requirement)) if requirement else pack()


def _texts(folder: Path) -> dict[Path, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {_place(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}


def _place(path: Path) -> Path:
    """Where a file goes: `dot_github` stands for `.github`, for what is packed leaves hidden files out."""
    return Path(*(re.sub("^dot_", ".", part) for part in path.parts))


def _pinned(requirement: str) -> str:
    if not _PINNED.fullmatch(requirement):
        raise UsageError(
            f"{requirement!r} does not say which version; give NAME==VERSION, NAME @ https://... or the path of a wheel"
        )
    return requirement


def _read(wheel: Path) -> Wheel:
    if not _WHEEL.fullmatch(wheel.name):
        raise UsageError(f"{wheel.name!r} is no name of a wheel, and pip would not install it")
    try:
        return Wheel(wheel.name, wheel.read_bytes())
    except OSError as error:
        raise UsageError(f"the wheel {str(wheel)!r} cannot be read: {error.strerror}") from error


def write(files: Mapping[Path, bytes], folder: Path) -> list[Path]:
    """Write a plan into a folder, which is made if need be; scripts are executable.

    Raises:
        UsageError: A file is there already, and none was written; or one cannot be written.
    """
    paths = {folder / place: content for place, content in files.items()}
    if taken := [path for path in paths if path.exists() or path.is_symlink()]:
        raise UsageError(f"{str(taken[0])!r} exists already; choose another folder, or remove it")
    try:
        for path, content in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o755 if content.startswith(b"#!") else 0o644)
    except OSError as error:
        raise UsageError(
            f"the template cannot be written to {str(folder)!r}: {error.strerror}"
        ) from error
    return list(paths)
