"""Runs a command on a machine that lacks something, or where it may write into some folders only.

    python confined.py userns -- autograder doctor
    python confined.py writes-in:/tmp/room -- ipython attack.ipy

What is lacking is refused by a seccomp filter.

`userns` refuses user namespaces as Docker's default profile does, `mount` lets them be made but not used, as
Ubuntu's AppArmor does, `landlock` and `seccomp` answer as a kernel that was built without them. `writes-in` is for
attacks that are run without the sandbox, to see that they bite: Landlock keeps them from the machine itself.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Callable, Sequence

import pyseccomp as seccomp

NEWUSER = 0x10000000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
# Landlock is newer than many a libseccomp's table of names.
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
# Writing to files, and removing and making whatever a folder may hold; all of Landlock's first version.
WRITES = 1 << 1 | sum(1 << bit for bit in range(4, 13))


def _userns(program: seccomp.SyscallFilter) -> None:
    for call in ("unshare", "clone"):
        has_flag = seccomp.Arg(0, seccomp.MASKED_EQ, NEWUSER, NEWUSER)
        program.add_rule(seccomp.ERRNO(errno.EPERM), call, has_flag)
    program.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")


def _mount(program: seccomp.SyscallFilter) -> None:
    for call in ("mount", "pivot_root"):
        program.add_rule(seccomp.ERRNO(errno.EACCES), call)


def _landlock(program: seccomp.SyscallFilter) -> None:
    program.add_rule(seccomp.ERRNO(errno.ENOSYS), LANDLOCK_CREATE_RULESET)


def _seccomp(program: seccomp.SyscallFilter) -> None:
    is_set = seccomp.Arg(0, seccomp.EQ, PR_SET_SECCOMP)
    program.add_rule(seccomp.ERRNO(errno.EINVAL), "prctl", is_set)
    program.add_rule(seccomp.ERRNO(errno.ENOSYS), "seccomp")


REFUSALS: dict[str, Callable[[seccomp.SyscallFilter], None]] = {
    "userns": _userns,
    "mount": _mount,
    "landlock": _landlock,
    "seccomp": _seccomp,
}


def write_only_in(folders: Sequence[str]) -> None:
    """Keep this process, and whatever it starts, from changing files anywhere else.

    Raises:
        OSError: the kernel has no Landlock, so nothing would hold it back.
    """
    libc = ctypes.CDLL(None, use_errno=True)

    def call(*arguments: object) -> int:
        result: int = libc.syscall(*arguments)
        if result < 0:
            raise OSError(ctypes.get_errno(), "Landlock")
        return result

    attributes = struct.pack("<Q", WRITES)
    ruleset = call(LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    for folder in (*folders, "/dev/null"):
        opened = os.open(folder, os.O_PATH)
        rights = WRITES if os.path.isdir(folder) else 1 << 1  # noqa: PTH112
        call(LANDLOCK_ADD_RULE, ruleset, 1, struct.pack("<Qi", rights, opened), 0)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    call(LANDLOCK_RESTRICT_SELF, ruleset, 0)


def main() -> None:
    split = sys.argv.index("--")
    words, command = sys.argv[1:split], sys.argv[split + 1 :]
    folders = [word.removeprefix("writes-in:") for word in words if word.startswith("writes-in:")]
    if folders:
        write_only_in(folders)
    lacking = [word for word in words if not word.startswith("writes-in:")]
    if lacking:
        program = seccomp.SyscallFilter(seccomp.ALLOW)
        for name in lacking:
            REFUSALS[name](program)
        program.load()
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
