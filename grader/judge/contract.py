"""What an exercise wants a submission to define, and how the judge calls it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from grader.errors import ExerciseError
from grader.protocol.messages import ASYNCIO, BACKENDS, TRIO, Load, Signature


@dataclass(frozen=True)
class Contract:
    """The callables of one stage, written as a learner reads them.

    Args:
        functions: `"async checkout(services, user_id, *, timeout)"`; arguments after `*` are passed by keyword. With
            `desk`, methods, written without `self`.
        services: Face of the services: "callbacks" or "coroutines"; none are called by a stage on sockets.
        ends_by: "callbacks", "future" or "coroutine"; how an operation ends.
        desk: Class that is entered with `async with` and owns the operations, written with its arguments.
        plain: Refuse `async def` and `await` in the submission.
        backends: What each check runs the submission on, one after the other: "asyncio", "trio" or both.
        sockets: The submission works on real sockets, in real time, and its calls may block. A class is written as
            `"MiniLoop()"`, a method as `"MiniLoop.call_soon(callback)"`.
        processes: With `sockets`, as many as the submission may have at a time beside its first process; 0 forbids it
            to fork.

    Raises:
        ExerciseError: A form that cannot be read, or a backend that cannot run it.
    """

    functions: tuple[str, ...]
    services: str
    ends_by: str
    desk: str = ""
    plain: bool = False
    backends: tuple[str, ...] = (ASYNCIO,)
    sockets: bool = False
    processes: int = 0

    def __init__(  # noqa: PLR0913 - what a stage may want, all of it optional and named
        self,
        *functions: str,
        services: str = "callbacks",
        ends_by: str = "coroutine",
        desk: str = "",
        plain: bool = False,
        backends: tuple[str, ...] = (ASYNCIO,),
        sockets: bool = False,
        processes: int = 0,
    ) -> None:
        for name, value in {
            "functions": functions,
            "services": services,
            "ends_by": ends_by,
            "desk": desk,
            "plain": plain,
            "backends": backends,
            "sockets": sockets,
            "processes": processes,
        }.items():
            object.__setattr__(self, name, value)
        self._check_backends()
        self.load("")

    def _check_backends(self) -> None:
        if not self.backends or not set(self.backends) <= set(BACKENDS):
            raise ExerciseError(f"the contract names no backends that there are: {self.backends}")
        coroutines = (self.services, self.ends_by, self.desk) == ("coroutines", "coroutine", "")
        if TRIO in self.backends and not coroutines:
            raise ExerciseError(
                "trio runs coroutines of a module only, and the contract has others"
            )

    def load(
        self,
        path: str,
        *,
        max_parallel: int = 0,
        default_threads: int = 0,
        code: bytes = b"",
        backend: str = "",
    ) -> Load:
        """The order to import the submission at `path`."""
        desk = _signature(self.desk) if self.desk else None
        own = [_signature(form, f"{desk.name}." if desk else "") for form in self.functions]
        return Load(
            path=path,
            services=self.services,
            ends_by=self.ends_by,
            signatures=(*([desk] if desk else []), *own),
            desk=desk.name if desk else None,
            max_parallel=max_parallel or int(bool(desk)),
            default_threads=default_threads,
            plain=self.plain,
            sockets=self.sockets,
            processes=self.processes,
            code=code,
            backend=backend or self.backends[0],
        )


def _signature(form: str, owner: str = "") -> Signature:
    name, _, rest = form.partition("(")
    if "." in name:
        class_, _, method = name.rpartition(".")
        return _signature(f"{method}({rest}", f"{class_}.")
    try:
        (node,) = ast.parse(f"def {form.removeprefix('async ')}: ...").body
    except (SyntaxError, ValueError) as error:
        raise ExerciseError(f"the contract {form!r} is not a signature") from error
    assert isinstance(node, ast.FunctionDef)
    parameters = tuple(argument.arg for argument in node.args.args)
    return Signature(
        owner + node.name,
        ("self", *parameters) if owner else parameters,
        tuple(argument.arg for argument in node.args.kwonlyargs),
    )
