"""Importing a submission: every way in which that may fail has one sentence."""

from __future__ import annotations

import builtins
import inspect
import marshal
import sys
import time
import types
from typing import TYPE_CHECKING, Any

from grader.child.clocks import Clocks, Steady
from grader.child.locks import meet_threads_only
from grader.child.places import SUBMISSION, defining_line, member, raising_line
from grader.protocol.messages import Compiled, Load, Problem, Signature
from grader.protocol.values import pack_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from grader.child.channel import Channel

MODULE = "pipeline"
LARGE = 64_000
"""Bytes of code above which every child compiles for itself, for a frame is not much larger."""


class Unusable(Exception):
    """The submission cannot be judged; carries the problem."""

    def __init__(
        self, kind: str, what: str, line: int | None = None, *, detail: str = "", name: str = ""
    ) -> None:
        super().__init__(what)
        self.problem = Problem(kind, what, line, detail, name)


def load(order: Load, channel: Channel) -> types.ModuleType:
    """Compile, vet and run the submission.

    Raises:
        Unusable: In all cases in which there is nothing to judge.
    """
    code = _code(order, channel)
    if order.plain:
        _refuse_coroutines(code)
    module = _run(code, vars(builtins) if order.sockets else _builtins(_clock(channel)))
    for signature in order.signatures:
        _vet(module, signature)
    return module


def _clock(channel: Channel) -> Callable[[], float]:
    """The judge's time; before it gives any, while the submission is imported, time passes by itself."""
    began = time.monotonic()
    return lambda: channel.now or time.monotonic() - began


def _code(order: Load, channel: Channel) -> types.CodeType:
    if order.code:
        known: types.CodeType = marshal.loads(order.code)  # noqa: S302 - of our own compiler
        return known
    with open(order.path, "rb") as file:  # noqa: PTH123 - pathlib is one import more in every child
        code = _compiled(file.read())
    told = marshal.dumps(code)
    channel.flush(Compiled(told if len(told) < LARGE else b""))
    return code


def _compiled(source: bytes) -> types.CodeType:
    """As Python reads it: in its declared encoding, with or without a byte order mark."""
    try:
        return compile(source, SUBMISSION, "exec", dont_inherit=True)
    except SyntaxError as error:
        what = "encoding" if "codec" in error.msg or "encoding" in error.msg else "syntax"
        raise Unusable("structure", what, error.lineno, detail=error.msg) from None
    except (ValueError, RecursionError, MemoryError) as error:
        why = str(error)
        raise Unusable("structure", "compile" if why else "nesting", detail=why) from None


def _refuse_coroutines(code: types.CodeType) -> None:
    """Whatever awaits stands in an `async def`."""
    if code.co_flags & (inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR):
        raise Unusable("structure", "coroutines", code.co_firstlineno)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            _refuse_coroutines(inner)


def _run(code: types.CodeType, names: Mapping[str, Any]) -> types.ModuleType:
    module = types.ModuleType(MODULE)
    module.__file__ = SUBMISSION
    module.__dict__["__builtins__"] = names
    sys.modules[MODULE] = module
    try:
        exec(code, module.__dict__)  # noqa: S102 - to run it is the purpose of this process
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are findings like the rest
        raised = str(pack_error(error))
        raise Unusable("crash", "import", raising_line(error), detail=raised) from None
    return module


def _builtins(clock: Callable[[], float]) -> dict[str, Any]:
    """The builtins with an `import` whose modules tell the judge's time: a deadline made of it is legitimate."""
    clocks = Clocks(Steady(clock))

    def import_(name: str, *args: Any, **keywords: Any) -> Any:  # noqa: ANN401 - the signature of __import__
        module = builtins.__import__(name, *args, **keywords)
        if name.partition(".")[0] == "multiprocessing":
            meet_threads_only()
        return clocks.judged(module)

    return {**vars(builtins), "__import__": import_}


def _vet(module: types.ModuleType, wanted: Signature) -> None:
    function = member(module, wanted.name)
    if not callable(function):
        raise Unusable("structure", "undefined", name=wanted.name)
    try:
        inspect.signature(function, follow_wrapped=False).bind(
            *wanted.parameters, **dict.fromkeys(wanted.keywords)
        )
    except TypeError:
        line, form = defining_line(function), ", ".join(_form(wanted))
        raise Unusable("structure", "signature", line, detail=form, name=wanted.name) from None
    except ValueError:  # a callable without a signature, a builtin say: the call will tell
        return


def _form(wanted: Signature) -> Iterable[str]:
    yield from wanted.parameters
    yield from (f"{name}=…" for name in wanted.keywords)
