"""Each wall refuses what it is there for, and lets through what a right program does."""

import asyncio
import os
import sys

import pytest

from grader.nursery.fork import READY
from grader.submissions import exercises_folder

pytestmark = pytest.mark.asyncio
REFUSED = "PermissionError"


# ---- files


@pytest.mark.wall("landlock")
@pytest.mark.parametrize("path", ["/", "/etc", "/home", "/tmp", "/proc", "/root"])
async def test_no_folder_of_the_machine_can_be_looked_into(prisoner, path):
    assert await prisoner(f"import os; return os.listdir({path!r})") == REFUSED


@pytest.mark.wall("landlock")
async def test_checks_cannot_be_read(prisoner, free):
    """They would tell what is asked; without the wall anybody can."""
    path = str(exercises_folder() / "s03_async_await" / "test_pipeline.py")
    body = f"return len(open({path!r}).read()) > 0"

    assert await prisoner(body) == REFUSED
    assert await free(body) == "True"


@pytest.mark.wall("seccomp")
async def test_attributes_of_files_do_not_change(prisoner):
    """Landlock does not see them, and the files of whoever grades may be the child's own."""
    body = """
    import os
    open("mine", "w").close()
    before = os.stat("mine")
    os.chmod("mine", 0o777)
    os.utime("mine", (1, 1))
    os.chown("mine", os.getuid(), os.getgid())
    return os.stat("mine") == before
    """

    assert await prisoner(body) == "True"


async def test_file_may_be_copied_with_its_permissions(prisoner):
    """A right program loses nothing, since it is not told."""
    body = """
    import shutil
    shutil.copy2("pipeline.py", "copy.py")
    return open("copy.py").read() == open("pipeline.py").read()
    """

    assert await prisoner(body) == "True"


@pytest.mark.wall("landlock")
async def test_judge_cannot_be_read(prisoner):
    from grader.judge import session

    assert await prisoner(f"return open({session.__file__!r}).read()") == REFUSED


@pytest.mark.wall("landlock")
async def test_judge_cannot_be_imported(prisoner):
    assert await prisoner("import grader.judge.session; return 1") in {
        "ModuleNotFoundError",
        REFUSED,
    }


@pytest.mark.wall("landlock")
async def test_nothing_can_be_written_but_in_the_scratch_folder(prisoner, free, tmp_path):
    body = f"return open({str(tmp_path / 'mark')!r}, 'w').write('x')"

    assert await prisoner(body) == REFUSED
    assert await free(body) == "1"


@pytest.mark.wall("landlock")
@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm", "/var/tmp"])
async def test_public_folders_are_closed(prisoner, folder):
    assert await prisoner(f"return open({folder!r} + '/mark_of_a_test', 'w')") == REFUSED


async def test_scratch_folder_can_be_written_and_is_where_a_program_works(prisoner):
    body = """
    import os
    os.mkdir("deep")
    open("deep/note", "w").write("x")
    os.replace("deep/note", "note")
    return os.path.realpath(os.curdir) == os.path.realpath(os.getcwd()), sorted(os.listdir())
    """

    assert await prisoner(body) == "(True, ['deep', 'note', 'pipeline.py'])"


async def test_program_can_read_itself(prisoner):
    assert await prisoner("return 'attempt' in open(__file__).read()") == "True"


@pytest.mark.wall("landlock")
async def test_scratch_folder_of_another_child_is_out_of_reach(fork_nursery, prisoner):
    other = await fork_nursery.child()
    (other.scratch / "note").write_text("what another check has learnt")

    seen = await prisoner(f"return open({str(other.scratch / 'note')!r}).read()")

    await fork_nursery.end(other)
    assert seen == REFUSED


async def test_scratch_folder_is_gone_when_its_child_is(fork_nursery, prisoner):
    """However deep, and however its permissions are set."""
    body = """
    import os
    for _ in range(1_500):
        os.mkdir("d")
        os.chdir("d")
    open("last", "w").write("x")
    os.chmod(".", 0)
    return 1
    """

    assert await prisoner(body) == "1"
    scratch = prisoner.child.scratch
    for _ in range(READY + 1):  # one of them is asked for after the end of the first
        await fork_nursery.end(await fork_nursery.child())

    assert not scratch.exists()


# ---- what a right program does


@pytest.mark.parametrize(
    "body",
    [
        "import statistics, sqlite3, ssl, decimal, zoneinfo; return 1",
        "import anyio.streams.memory, anyio.abc; return 1",
        "import shop.models, shop.by_hand, shop.in_memory; return 1",
        "import asyncio; asyncio.run(asyncio.to_thread(int)); return 1",
        "import zoneinfo; zoneinfo.ZoneInfo('Asia/Seoul'); return 1",
        "import os; os.urandom(8), os.cpu_count(), os.getpid(), os.times(); return 1",
        "import uuid, secrets, tempfile, random; uuid.uuid4(); return 1",
        "import tempfile; tempfile.TemporaryFile().write(b'x'); return 1",
        "import subprocess, multiprocessing, socket, ctypes, resource; return 1",
        "import os, signal; os.kill(os.getpid(), 0); return 1",
        "import logging; logging.basicConfig(); logging.warning('x'); return 1",
    ],
)
async def test_right_program_meets_no_wall(prisoner, body):
    assert await prisoner(body) == "1"


async def test_two_hundred_threads_at_once_are_no_crime(prisoner):
    """The stack of each counts as memory."""
    body = """
    import threading
    barrier = threading.Barrier(201)
    threads = [threading.Thread(target=barrier.wait) for _ in range(200)]
    for thread in threads:
        thread.start()
    barrier.wait()
    for thread in threads:
        thread.join()
    return len(threads)
    """

    assert await prisoner(body) == "200"


# ---- processes and sockets


@pytest.mark.wall("seccomp")
@pytest.mark.parametrize(
    "body",
    [
        "import os; return os.fork()",
        "import subprocess; return subprocess.run(['/bin/true'])",
        "import os; return os.posix_spawn('/bin/true', ['true'], {})",
        "import os; os.execv('/bin/true', ['true'])",
        "import multiprocessing as m; p = m.Process(target=int); p.start(); return p.pid",
        "import socket; return socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "import socket; return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; return socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "import socket; return socket.socket(socket.AF_UNIX)",
        "import socket; return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "import socket; return socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
        "import os; return os.pidfd_open(os.getppid())",
        "import os; return os.memfd_create('x')",
        "import os, signal; return os.kill(os.getppid(), 0)",
        "import os; return os.kill(1, 0)",
        "import os; return os.killpg(os.getpgid(os.getppid()), 0)",
        "import resource, os; return resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (9, 9))",
        "import os; return os.sched_setaffinity(os.getppid(), {0})",
        "import os; return os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)",
        "import mmap; return mmap.mmap(-1, 4096)",
        "import os, fcntl; return fcntl.fcntl(1, fcntl.F_SETOWN, os.getppid())",
    ],
)
async def test_what_no_checkout_needs_is_refused(prisoner, body):
    assert await prisoner(body) == REFUSED


CALLS = {
    "ptrace": "call(101 if X86 else 117, 16, os.getppid(), 0, 0)",
    "process_vm_readv": "call(310 if X86 else 270, os.getppid(), 0, 0, 0, 0, 0)",
    "unshare of the network": "call(272 if X86 else 97, 0x40000000)",
    "unshare of users": "call(272 if X86 else 97, 0x10000000)",
    "mount": "call(165 if X86 else 40, 0, 0, 0, 0, 0)",
    "chroot": "call(161 if X86 else 51, 0)",
    "bpf": "call(321 if X86 else 280, 0, 0, 0)",
    "perf_event_open": "call(298 if X86 else 241, 0, 0, 0, 0, 0)",
    "io_uring_setup": "call(425, 1, 0)",
    "userfaultfd": "call(323 if X86 else 282, 0)",
    "keyctl": "call(250 if X86 else 219, 0, 0)",
    "open_by_handle_at": "call(304 if X86 else 265, 0, 0, 0)",
    "shmget": "call(29 if X86 else 194, 0, 4096, 0o1600)",
    "prctl that hides": "call(157 if X86 else 167, 4, 0, 0, 0, 0)",
    "a filter of its own": "call(157 if X86 else 167, 22, 2, 0, 0, 0)",
}


@pytest.mark.wall("seccomp")
@pytest.mark.parametrize("expression", CALLS.values(), ids=CALLS)
async def test_system_call_is_refused(prisoner, expression):
    """EPERM for all, however wrong the arguments: the kernel never looks at them."""
    body = f"""
    import ctypes, os, platform
    X86 = platform.machine() == "x86_64"
    libc = ctypes.CDLL(None, use_errno=True)
    def call(*words):
        return libc.syscall(*map(ctypes.c_long, words)), ctypes.get_errno()
    return {expression}
    """

    assert await prisoner(body) == "(-1, 1)"


@pytest.mark.wall("landlock")
@pytest.mark.parametrize("name", ["environ", "mem", "maps", "cmdline", "status"])
async def test_nobody_elses_proc_can_be_read(prisoner, name):
    body = f"import os; return open('/proc/%d/{name}' % os.getppid(), 'rb').read(1)"

    assert await prisoner(body) == REFUSED


async def test_environment_is_empty(prisoner):
    """No token of whoever started the grading."""
    body = "import os; return sorted(set(os.environ) - {'LC_CTYPE'})"

    assert await prisoner(body) == "['LC_ALL', 'PATH']"


# ---- bounds


async def test_memory_is_bounded(prisoner):
    assert await prisoner("return len(bytearray(700 << 20))") == "MemoryError"


async def test_files_are_bounded(prisoner):
    body = """
    with open("big", "wb") as file:
        for _ in range(40):
            file.write(bytes(1 << 20))
    """

    assert await prisoner(body) == "OSError"


async def test_open_files_are_bounded(prisoner):
    body = "import os; return [os.dup(0) for _ in range(2_000)]"

    assert await prisoner(body) == "OSError"


async def test_limits_cannot_be_raised(prisoner):
    """Not even by a grader that was started by root."""
    body = "import resource as r; return r.setrlimit(r.RLIMIT_CPU, (10**6, 10**6))"

    assert await prisoner(body) in {"ValueError", REFUSED}


# ---- root


@pytest.mark.skipif(os.getuid() != 0, reason="only root has something to give up")
@pytest.mark.wall("privileges")
async def test_child_of_root_is_somebody_else(prisoner):
    body = """
    import os
    try:
        os.setuid(0)
    except PermissionError:
        return os.getuid() != 0 or "powerless"
    return "root again"
    """

    assert await prisoner(body) in {"True", "'powerless'"}


# ---- the judge itself


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process hide")
async def test_command_cannot_be_looked_into():
    """A grading hides itself from others of its user."""
    code = (
        "from grader.walls.privileges import hide; hide()\n"
        "import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    asked = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=-1, env=env)
    told, _ = await asked.communicate()

    assert told.split() == [b"0"]


async def test_socket_pairs_work_as_asyncio_needs_them(prisoner):
    body = "import socket; a, b = socket.socketpair(); a.send(b'x'); return b.recv(1)"

    assert await prisoner(body) == "b'x'"
