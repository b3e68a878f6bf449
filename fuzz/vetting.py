"""Any bytes in a pipeline.py are a program, or a finding that says why not."""

from __future__ import annotations

import tempfile
import warnings
from contextlib import suppress
from pathlib import Path

from grader.child.loading import Unusable, _compiled, _refuse_coroutines  # pyright: ignore[reportPrivateUsage]
from grader.submissions import vet

STAGE = Path("s03_async_await")
CODINGS = (
    b"",
    b"# coding: utf-16\n",
    b"# coding: latin-1\n",
    b"\xef\xbb\xbf",
    b"# -*- coding: rot13 -*-\n",
)


def main(data: bytes) -> None:
    """Vet it, show it, and compile it in a few of the encodings that a file may declare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pipeline.py")
        path.write_bytes(data)
        submitted = vet(STAGE, path)
    assert (submitted.source is None) == (submitted.refusal is not None)
    assert isinstance(submitted.text, str)
    for coding in CODINGS:
        compiled(coding + data)


def compiled(source: bytes) -> None:
    """As the child does, which must not stumble over it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(Unusable):
            _refuse_coroutines(_compiled(source))
