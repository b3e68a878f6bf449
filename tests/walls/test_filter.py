"""What the filter on system calls decides, worked out by an interpreter of its own instructions."""

import os
import platform
import struct

import pytest

from grader.walls import bpf, seccomp
from grader.walls.calls import ARCHITECTURES, ATTRIBUTES, DENIED, FAMILY, RESTRICTED, numbers

pytestmark = pytest.mark.skipif(
    platform.machine() not in ARCHITECTURES, reason="no table of system calls for this machine"
)
ME = os.getpid()
REFUSED, UNKNOWN = bpf.error(1), bpf.error(38)


def decide(call, *arguments, architecture=None, forks=False):
    """The filter's answer to one call."""
    code = seccomp.prepare(forks=forks).replace(
        seccomp._packed(seccomp._ITSELF), seccomp._packed(ME)
    )
    words = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("=iIQ6Q", call, architecture or ARCHITECTURES[platform.machine()], 0, *words)
    accumulator = place = 0
    while True:
        kind, if_true, if_false, value = struct.unpack_from("HBBI", code, 8 * place)
        place += 1
        match kind:
            case 0x20:
                (accumulator,) = struct.unpack_from("I", data, value)
            case 0x54:
                accumulator &= value
            case 0x15:
                place += if_true if accumulator == value else if_false
            case 0x35:
                place += if_true if accumulator >= value else if_false
            case 0x06:
                return value


CALLS = numbers(RESTRICTED) if platform.machine() in ARCHITECTURES else {}


@pytest.mark.parametrize("name", numbers(DENIED) if CALLS else [])
def test_denied_call_is_refused(name):
    assert decide(numbers(DENIED)[name]) == REFUSED


@pytest.mark.parametrize("name", numbers(ATTRIBUTES) if CALLS else [])
def test_change_of_a_files_attributes_is_not_made(name):
    """And not refused either: a right program may copy a file with its mode and time."""
    assert decide(numbers(ATTRIBUTES)[name]) == bpf.error(0)


@pytest.mark.parametrize("call", [0, 1, 3, 35, 250 if platform.machine() == "aarch64" else 202])
def test_common_call_passes(call):
    assert decide(call) == bpf.ALLOW


def test_call_that_nobody_names_passes():
    """Whatever number is looked for, between the named ones and beyond."""
    named = {*CALLS.values(), *numbers(DENIED).values(), *numbers(ATTRIBUTES).values()}

    assert {decide(call) for call in range(1_000) if call not in named} == {bpf.ALLOW}


@pytest.mark.parametrize(
    ("name", "arguments", "verdict"),
    [
        ("clone", (0x3D0F00 | 0x10000,), bpf.ALLOW),
        ("clone", (17,), REFUSED),
        ("clone", (0x10000000 | 17,), REFUSED),
        ("clone3", (0, 0), UNKNOWN),
        ("socketpair", (1, 1), bpf.ALLOW),
        ("socketpair", (1, 5 | 0o2000000), bpf.ALLOW),
        ("socketpair", (1, 2), REFUSED),
        ("socketpair", (2, 1), REFUSED),
        ("kill", (ME, 9), bpf.ALLOW),
        ("kill", (ME + 1, 9), REFUSED),
        ("kill", (0, 9), REFUSED),
        ("kill", (0xFFFFFFFF, 9), REFUSED),
        ("tgkill", (ME, ME + 5, 9), bpf.ALLOW),
        ("tgkill", (1, 1, 9), REFUSED),
        ("prlimit64", (0, 7), bpf.ALLOW),
        ("prlimit64", (ME, 7), bpf.ALLOW),
        ("prlimit64", (1, 7), REFUSED),
        ("mmap", (0, 4096, 3, 0x22), bpf.ALLOW),
        ("mmap", (0, 4096, 3, 0x01), bpf.ALLOW),
        ("mmap", (0, 4096, 3, 0x21), REFUSED),
        ("fcntl", (3, 4), bpf.ALLOW),
        ("fcntl", (3, 8), REFUSED),
        ("ioctl", (3, 0x541B), bpf.ALLOW),
        ("ioctl", (0, 0x5412), REFUSED),
        ("prctl", (15,), bpf.ALLOW),
        ("prctl", (4,), REFUSED),
    ],
)
def test_restricted_call_is_judged_by_its_arguments(name, arguments, verdict):
    assert decide(CALLS[name], *arguments) == verdict


def test_other_interfaces_to_the_same_kernel_end_the_process():
    """Under them the same numbers mean other calls."""
    assert decide(1, architecture=0x40000003) == bpf.KILL
    assert decide(bpf.X32 + 1) == bpf.KILL


@pytest.mark.parametrize(
    ("flags", "verdict"),
    [
        (0x1200011, bpf.ALLOW),
        (0x3D0F00 | 0x10000, bpf.ALLOW),
        (0x10000011, REFUSED),
        (0x8011, REFUSED),
        (0x20011, REFUSED),
    ],
)
def test_forks_without_namespaces_and_without_other_parents(flags, verdict):
    """A fork and a thread pass; CLONE_NEWUSER, CLONE_PARENT and CLONE_NEWNS do not."""
    assert decide(CALLS["clone"], flags, forks=True) == verdict


@pytest.mark.parametrize("name", numbers(FAMILY) if CALLS else [])
def test_group_is_left_by_nobody_who_forks(name):
    assert decide(numbers(FAMILY)[name], forks=True) == REFUSED
    assert decide(numbers(FAMILY)[name]) == bpf.ALLOW


def test_listening_once_more_does_nothing():
    """Where a server is judged, asyncio may ask a listener to listen, which it does already."""
    assert decide(numbers(DENIED)["listen"], forks=True) == bpf.error(0)
    assert decide(numbers(DENIED)["listen"]) == REFUSED


@pytest.mark.parametrize(
    "name", [name for name in numbers(DENIED) if name not in ("fork", "listen")]
)
def test_whoever_forks_is_denied_all_else(name):
    assert decide(numbers(DENIED)[name], forks=True) == REFUSED
