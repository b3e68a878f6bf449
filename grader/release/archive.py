"""Zip files that are the same, byte for byte, whenever they are made of the same files."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of each file: the earliest that a zip can tell."""
MODE = 0o100644


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files, in the order of their names."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files):
            about = ZipInfo(name, EPOCH)
            about.external_attr = MODE << 16
            about.create_system = (
                3  # a mode means something; without it, it depends on where this runs
            )
            archive.writestr(about, files[name], ZIP_DEFLATED)
    return stream.getvalue()
