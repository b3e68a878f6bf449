"""A child that may fork: what it may do then, and that nothing of it is left."""

import pytest

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.wall("seccomp"),
]
FORK = """
import os
pid = os.fork()
if pid == 0:
    os._exit(7)
return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
"""


async def test_forks_where_it_may(forking):
    """A child that was asked for so forks, and learns how its own child ended."""
    assert await forking(FORK) == "7"


async def test_forks_nowhere_else(prisoner):
    """The walls of every other child are as they were."""
    assert await prisoner(FORK) == "PermissionError"


@pytest.mark.parametrize(
    "act",
    [
        "import os; return os.setsid()",
        "import os; return os.setpgid(0, 0)",
        "import socket; return socket.socket()",
        "import os; return os.execv('/bin/true', ['true'])",
        "import os; return os.unshare(os.CLONE_NEWUSER) if hasattr(os, 'unshare') else open('/')",
    ],
)
async def test_is_walled_like_the_others(forking, act):
    """And it cannot leave the group by which it is ended."""
    assert await forking("\n".join(act.split("; "))) == "PermissionError"


async def test_its_children_are_behind_the_same_walls(forking):
    """What a forked process tries is refused, too."""
    tried = await forking(
        """
        import os, socket
        ours, theirs = os.pipe()
        if os.fork() == 0:
            try:
                socket.socket()
                os.write(theirs, b"made")
            except PermissionError:
                os.write(theirs, b"refused")
            os._exit(0)
        return os.read(ours, 10)
        """
    )

    assert tried == "b'refused'"
