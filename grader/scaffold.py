"""Files that are written for the authors of exercises: a new stage, and the tables of its checks.

A plan is a mapping from a path to the text that belongs there. The plans are pure; only `new_stage`
and `write_tables` write.
"""

from __future__ import annotations

import ast
import difflib
import re
from dataclasses import dataclass
from math import prod
from string import Template
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.errors import ExerciseError, UsageError
from grader.language import language, later, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAGE_NAME = re.compile(r"s(?P<number>\d\d)_(?P<topic>[a-z][a-z0-9]*(?:_[a-z0-9]+)*)")
STAGE_GLOB = "s[0-9][0-9]_*"
CHECKS_FILE = "test_pipeline.py"
TABLE_BEGIN = "<!-- checks: begin -->"
TABLE_END = "<!-- checks: end -->"
TO_WRITE = "<!-- to write: "
"""Begins each place in a scaffolded README that still waits for its author."""


class Words(NamedTuple):
    """The words of the table in one language, by its code."""

    code: str
    points: str
    check: str
    rules: str
    bonus: str
    total: str


READMES = {
    "README.md": Words("en", "Points", "What is checked", "Rules", "bonus", "**all**"),
    "README.ko.md": Words("ko", "배점", "확인하는 것", "규칙", "보너스", "**합계**"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """What the source of a check says about it.

    Attributes:
        title: First line of the docstring.
        points: Of all its parameters together, > 0.
        rules: Names of the rules, separated by spaces; may be empty.
        hint: Slug of its hints in the READMEs; "" if it has none.
        bonus: Whether its points come on top of the stage's.
        line: 1-based line of its name.
    """

    name: str
    title: str
    points: float
    rules: str
    hint: str
    bonus: bool
    line: int


# ── a new stage ──────────────────────────────────────────────────────────────────────────────────


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
    texts = {place: Template(text).substitute(fields) for place, text in TEMPLATES.items()}
    checks = parse_checks(texts[f"exercises/{CHECKS_FILE}"], CHECKS_FILE)
    for readme, words in READMES.items():
        place = f"exercises/{readme}"
        texts[place] = with_table(texts[place], checks_table(checks, words), place)
    return {place.replace("/", f"/{name}/", 1): text for place, text in texts.items()}


# ── the tables of the checks ─────────────────────────────────────────────────────────────────────


def write_tables(root: Path) -> list[Path]:
    """Write the table of the checks into each stage's READMEs; the files that changed.

    Raises:
        ExerciseError: A stage's checks cannot be read, or a README has no place for the table.
    """
    changed: list[Path] = []
    for stage in sorted((root / "exercises").glob(STAGE_GLOB)):
        for path, text in fresh_readmes(stage).items():
            if text != path.read_text(encoding="utf-8"):
                path.write_text(text, encoding="utf-8", newline="\n")
                changed.append(path)
    return changed


def fresh_readmes(stage: Path) -> dict[Path, str]:
    """Plan a stage's READMEs: as they are, with the table that its checks ask for."""
    checks = read_checks(stage)
    return {
        stage / name: with_table(
            read(stage / name), checks_table(checks, words), f"{stage.name}/{name}"
        )
        for name, words in READMES.items()
    }


def with_table(text: str, table: str, place: str) -> str:
    """Put the table between its two marks in a README.

    Raises:
        ExerciseError: The marks are not there, once each and in order.
    """
    before, begin, rest = text.partition(f"{TABLE_BEGIN}\n")
    _, end, after = rest.partition(TABLE_END)
    if not end or TABLE_BEGIN in rest or TABLE_END in after:
        raise ExerciseError(
            f"{place} needs one line {TABLE_BEGIN} and, below it, one line {TABLE_END}."
        )
    return f"{before}{begin}{table}{end}{after}"


def checks_table(checks: tuple[Check, ...], words: Words) -> str:
    """Show the checks as a table in Markdown, in the order of the exercise."""
    titles = language(words.code).words
    rows = [
        (points_cell(check, words), titles.gettext(check.title), check.rules) for check in checks
    ]
    total = (f"**{stage_points(checks):g}**", words.total, "")
    lines = [(words.points, words.check, words.rules), ("---:", "---", "---"), *rows, total]
    return "".join(f"| {' | '.join(escape(cell) for cell in line)} |\n" for line in lines)


def points_cell(check: Check, words: Words) -> str:
    """Say what a check is worth."""
    return f"+{check.points:g} {words.bonus}" if check.bonus else f"{check.points:g}"


def stage_points(checks: tuple[Check, ...]) -> float:
    """Add up a stage; bonus checks do not count."""
    return round(sum(check.points for check in checks if not check.bonus), 2)


def escape(cell: str) -> str:
    """Keep a cell in one piece."""
    return cell.replace("|", r"\|")


# ── the checks, read without running them ────────────────────────────────────────────────────────


def read_checks(stage: Path) -> tuple[Check, ...]:
    """Read a stage's checks, in the order of the exercise.

    Raises:
        ExerciseError: There are no checks, or a check does not say what it must.
    """
    path = stage / CHECKS_FILE
    return parse_checks(read(path), f"{stage.name}/{CHECKS_FILE}")


def check_of(stage: Path, name: str) -> str:
    """The check of a stage that a name means, with or without its `test_`.

    Raises:
        UsageError: There is none.
    """
    known = [check.name for check in read_checks(stage)]
    found = next((one for one in (name, f"test_{name}") if one in known), None)
    if found is None:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known[:3]
        text = later("{stage} has no check {name!r}; did you mean one of these: {near}")
        raise UsageError(say(text, stage=stage.name, name=name, near=", ".join(near)))
    return found


def parse_checks(source: str, place: str) -> tuple[Check, ...]:
    """Find the functions marked `@pytest.mark.check(...)`; `place` names the file in errors."""
    try:
        module = ast.parse(source)
    except SyntaxError as error:
        raise ExerciseError(f"{place}, line {error.lineno}: {error.msg}.") from error
    checks = tuple(
        parse_check(node, mark, module, place)
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for mark in marks(node, "pytest.mark.check")
    )
    if not checks:
        raise ExerciseError(f"{place} has no check: mark one with @pytest.mark.check(points=1).")
    return checks


def parse_check(
    node: ast.FunctionDef | ast.AsyncFunctionDef, mark: ast.Call, module: ast.Module, place: str
) -> Check:
    """Turn a marked function into a value.

    Raises:
        ExerciseError: It has no docstring, or the mark's arguments are no plain values.
    """
    place = f"{place}, line {node.lineno}: {node.name}"
    docstring = ast.get_docstring(node)
    if not docstring:
        raise ExerciseError(f"{place} needs a docstring: its first line is what learners read.")
    said = {keyword.arg: literal(keyword.value, place) for keyword in mark.keywords}
    points = said.get("points")
    if not isinstance(points, int | float) or points <= 0:
        raise ExerciseError(f"{place} needs points: @pytest.mark.check(points=1).")
    variants = prod(
        count_values(parameters, module, place)
        for parameters in marks(node, "pytest.mark.parametrize")
    )
    return Check(
        name=node.name,
        title=docstring.partition("\n")[0].strip(),
        points=points * variants,
        rules=str(said.get("rules", "")),
        hint=str(said.get("hint", "")),
        bonus=bool(said.get("bonus", False)),
        line=node.lineno,
    )


def marks(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> Iterator[ast.Call]:
    """Find the decorators of that name that are called with arguments."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == name:
            yield decorator


def count_values(parameters: ast.Call, module: ast.Module, place: str) -> int:
    """Count the values of a `parametrize`, written in it or in a constant of the module."""
    values: ast.expr | None = parameters.args[1] if len(parameters.args) > 1 else None
    if isinstance(values, ast.Name):
        values = constant(module, values.id)
    if isinstance(values, ast.List | ast.Tuple):
        return len(values.elts)
    if isinstance(values, ast.Dict):
        return len(values.keys)
    raise ExerciseError(f"{place}: write the values of parametrize as a list or a constant.")


def constant(module: ast.Module, name: str) -> ast.expr | None:
    """Find what a name is set to at the top of a module; None if it is not."""
    for node in module.body:
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            return node.value
    return None


def literal(node: ast.expr, place: str) -> Any:  # noqa: ANN401 - whatever was written there
    """Evaluate a plain value.

    Raises:
        ExerciseError: It is not one.
    """
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise ExerciseError(f"{place}: write {ast.unparse(node)} as a plain value.") from error


def read(path: Path) -> str:
    """Read a file of an exercise.

    Raises:
        ExerciseError: It is not there, or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ExerciseError(f"{path.parent.name} has no {path.name}.") from None
    except UnicodeDecodeError as error:
        raise ExerciseError(f"{path.parent.name}/{path.name} is not UTF-8: {error}.") from error


# ── what a new stage starts from ─────────────────────────────────────────────────────────────────

README = """\
# Stage $number: $topic

## Story

<!-- to write: why somebody at the shop needs this, in three or four sentences -->

## What you have

<!-- to write: what `pipeline.py` and `shop` give, and which rules already hold -->

## What to build

<!-- to write: the signatures to keep, and what each promises -->

## How it is judged

<!-- checks: begin -->
<!-- checks: end -->

## Run it

```
nox -s grade -- $stage
```

## Hints

### chain

<details><summary>1. A question</summary>

Which answer has to be there before the next step can be asked?

</details>
<details><summary>2. A pointer</summary>

<!-- to write: the name of what helps -->

</details>
<details><summary>3. Nearly the code</summary>

<!-- to write: the shape of the line, not the line -->

</details>

## What this stage still cannot do

<!-- to write: the limit that the next stage lifts -->
"""

README_KO = """\
# ${number}단계: $topic

## 이야기

<!-- to write: 이 단계가 필요한 까닭, 서너 문장 -->

## 주어진 것

<!-- to write: `pipeline.py`와 `shop`이 주는 것, 이미 지켜지는 규칙 -->

## 만들 것

<!-- to write: 그대로 둘 시그니처와 각각의 약속 -->

## 채점 기준

<!-- checks: begin -->
<!-- checks: end -->

## 실행

```
nox -s grade -- $stage
```

## 힌트

### chain

<details><summary>1. 질문</summary>

다음 단계를 부르려면 어떤 답이 먼저 있어야 할까요?

</details>
<details><summary>2. 실마리</summary>

<!-- to write: 도움이 되는 것의 이름 -->

</details>
<details><summary>3. 거의 코드</summary>

<!-- to write: 코드의 모양 -->

</details>

## 이 단계의 한계

<!-- to write: 다음 단계가 없애 줄 한계 -->
"""

CHECKS = '''\
"""What stage $number has to do: each check is one sentence about your program."""

import pytest

from grader.judge import Contract

CONTRACT = Contract("async checkout(services, user_id)", services="coroutines")
pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.check(points=1, rules="R1", hint="chain")
async def test_pays_the_first_order(shop, submission):
    """Pays the first order of the user and returns the payment."""
    ann = shop.customer()

    checkout = await submission.checkout(ann)
    await shop.serve(checkout)

    checkout.must_pay(ann)
'''

STARTER = '''\
"""Stage $number: $topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop import AsyncServices, Payment


async def checkout(services: AsyncServices, user_id: int) -> Payment:
    """Pay the first order of a user.

    Raises:
        ShopError: A step failed; no later step was started.
    """
    # TODO: four steps in a row. Four lines are enough.
    raise NotImplementedError("Stage $number: write checkout in pipeline.py.")
'''

SOLUTION = '''\
"""Stage $number: $topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop import AsyncServices, Payment


async def checkout(services: AsyncServices, user_id: int) -> Payment:
    """Pay the first order of a user.

    Raises:
        ShopError: A step failed; no later step was started.
    """
    user = await services.get_user_data(user_id)
    orders = await services.get_orders(user)
    details = await services.get_order_details(orders[0])
    return await services.process_payment(details)
'''

TEMPLATES = {
    "exercises/README.md": README,
    "exercises/README.ko.md": README_KO,
    f"exercises/{CHECKS_FILE}": CHECKS,
    "exercises/pipeline.py": STARTER,
    "solutions/pipeline.py": SOLUTION,
}
"""Folder and file to text; the stage's own folder comes in between."""
