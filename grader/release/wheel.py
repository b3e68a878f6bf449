"""The running grader as a wheel: the same whether it was installed from one, or runs from a checkout.

Source: the binary distribution format,
https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

from __future__ import annotations

import csv
import hashlib
from base64 import urlsafe_b64encode
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import grader
import shop
from grader.errors import MachineError
from grader.release.archive import zipped
from grader.release.reading import tree
from grader.submissions import exercises_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

ABOUT = ("METADATA", "WHEEL", "entry_points.txt", "licenses/LICENSE")
"""Files of the installation that belong to the wheel, too."""


class Wheel(NamedTuple):
    """A file's name, which says what it is for, and its bytes."""

    name: str
    data: bytes


def installed() -> Distribution:
    """What the installation says of itself.

    Raises:
        MachineError: The grader was never installed, it only lies somewhere.
    """
    try:
        return distribution("unblocked")
    except PackageNotFoundError as error:
        raise MachineError(
            "unblocked is not installed here, so there is nothing to hand out; run `pip install .` first"
        ) from error


def pack() -> Wheel:
    """Pack what runs here."""
    about = installed()
    stages = exercises_folder()
    files = {
        **tree(Path(grader.__file__).parent, "grader"),
        **tree(Path(shop.__file__).parent, "shop"),
        **tree(stages, "grader/exercises", ("README*.md", "s[0-9][0-9]_*/**/*")),
    }
    stem = f"unblocked-{about.version}"
    return Wheel(f"{stem}-py3-none-any.whl", zipped(with_record(files, about, f"{stem}.dist-info")))


def with_record(files: Mapping[str, bytes], about: Distribution, folder: str) -> dict[str, bytes]:
    """The files, what is said about them, and the list of them all."""
    said = {f"{folder}/{name}": (about.read_text(name) or "").encode() for name in ABOUT}
    record = f"{folder}/RECORD"
    return {**files, **said, record: record_of({**files, **said}, record)}


def record_of(files: Mapping[str, bytes], own: str) -> bytes:
    """Each file with its digest and its size; the list itself has neither."""
    stream = StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerows((name, _digest(data), len(data)) for name, data in sorted(files.items()))
    rows.writerow((own, "", ""))
    return stream.getvalue().encode()


def _digest(data: bytes) -> str:
    return "sha256=" + urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
