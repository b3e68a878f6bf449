"""A new stage and its mirrored solution: what its author starts from. Only `new_stage` writes."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from grader.errors import UsageError
from grader.scaffold.checks import CHECKS_FILE, parse_checks
from grader.scaffold.tables import READMES, checks_table, with_table

STAGE_NAME = re.compile(r"s(?P<number>\d\d)_(?P<topic>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)")
TO_WRITE = "<!-- to write: "
"""Begins each place in a scaffolded README that still waits for its author."""
TEMPLATES = Path(__file__).with_name("new_stage")
PLACES = {
    "exercises/README.md": "README.md",
    "exercises/README.ko.md": "README.ko.md",
    f"exercises/{CHECKS_FILE}": CHECKS_FILE,
    "exercises/pipeline.py": "pipeline.py",
    "solutions/pipeline.py": "solution.py",
}
"""Folder and file to template; the stage's own folder comes in between."""


def new_stage(root: Path, name: str) -> list[Path]:
    """Create a stage and its mirrored solution; no file that exists is touched.

    Args:
        root: The folder that holds `exercises` and `solutions`.
        name: `sNN_topic`.

    Returns:
        The files, in the order in which they are best filled in.

    Raises:
        UsageError: The name is no stage's name, or is taken.
    """
    texts = stage_texts(name)
    if not (root / "exercises").is_dir():
        raise UsageError(f"There is no folder {root / 'exercises'}: run this where `exercises` is.")
    tree = (root / "exercises", root / "solutions")
    if taken := [path for folder in tree for path in folder.glob(f"{name[:3]}_*")]:
        raise UsageError(f"{taken[0].relative_to(root)} exists already: choose another number.")

    paths = [root / place for place in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return paths


def stage_texts(name: str) -> dict[str, str]:
    """Plan a stage: relative path to text.

    Raises:
        UsageError: The name is no stage's name.
    """
    found = STAGE_NAME.fullmatch(name)
    if not found:
        raise UsageError(
            f"{name!r} is not a stage's name: write sNN_topic in small letters, as in s13_retries."
        )
    topic = found["topic"].replace("_", " ")
    fields = {"stage": name, "number": str(int(found["number"])), "topic": topic.capitalize()}
    texts = {place: template(name).substitute(fields) for place, name in PLACES.items()}
    checks = parse_checks(texts[f"exercises/{CHECKS_FILE}"], CHECKS_FILE)
    for readme, words in READMES.items():
        place = f"exercises/{readme}"
        texts[place] = with_table(texts[place], checks_table(checks, words), place)
    return {place.replace("/", f"/{name}/", 1): text for place, text in texts.items()}


def template(name: str) -> Template:
    """The text that one file of a new stage begins with."""
    return Template((TEMPLATES / f"{name}.template").read_text(encoding="utf-8"))
