"""Stages on real sockets: the judge is the client, and asks the kernel what the program's threads do meanwhile."""

from grader.judge.sockets.program import Program, open_program
from grader.judge.sockets.servers import Server, serving
from grader.judge.sockets.wires import Port, Wire

__all__ = ["Port", "Program", "Server", "Wire", "open_program", "serving"]
