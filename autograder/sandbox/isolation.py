"""The kernel's walls, one function each, through libc (Python 3.11 has no os.unshare).

Nothing here needs root. Every function raises OSError with the name of the call when the kernel refuses, so
that the caller can lower the level and say why. Sources: unshare(2), user_namespaces(7), pid_namespaces(7),
landlock(7), seccomp(2), capabilities(7).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import resource
import signal
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

NEWNS, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x00020000,
    0x04000000,
    0x08000000,
    0x10000000,
    0x20000000,
    0x40000000,
)
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_NOEXEC = 1, 2, 4, 8
_MS_REMOUNT, _MS_BIND, _MS_REC, _MS_PRIVATE = 32, 4096, 16384, 1 << 18
_MNT_DETACH = 2
# statvfs flag -> mount flag: a user namespace may not clear these on a remount (mount_namespaces(7)).
_KEPT_FLAGS = {8: _MS_NOEXEC, 1024: 1024, 2048: 2048, 4096: 1 << 21}
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 24, 38, 47
_SECCOMP_MODE_FILTER = 2
# These five have the same number on every architecture (they are newer than the split tables).
_SYS_PIDFD_OPEN, _SYS_CLOSE_RANGE = 434, 436
_SYS_LANDLOCK_CREATE, _SYS_LANDLOCK_ADD, _SYS_LANDLOCK_RESTRICT = 444, 445, 446

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _checked(result: int, call: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
    return result


# ---------------------------------------------------------------------------------------------
# Namespaces


def unshare(flags: int) -> None:
    _checked(_libc.unshare(flags), f"unshare {flags:#x}")


def map_ids(inner: int, uid: int, gid: int) -> None:
    """Map the outer `uid` and `gid` to `inner` in the user namespace just entered."""
    lines = {"setgroups": "deny", "uid_map": f"{inner} {uid} 1", "gid_map": f"{inner} {gid} 1"}
    for name, line in lines.items():
        Path("/proc/self", name).write_text(line)


def pidfd_self() -> int:
    """A descriptor of this process, for `enter_pid_namespace` after the root has no /proc any more."""
    return _checked(_libc.syscall(_SYS_PIDFD_OPEN, os.getpid(), 0), "pidfd_open")


def enter_pid_namespace(pidfd: int) -> None:
    """Let the next children be born in the pid namespace of `pidfd`'s process."""
    _checked(_libc.setns(pidfd, NEWPID), "setns")


_PID_MAX = Path("/proc/sys/kernel/pid_max")


def process_limit() -> str:
    """How many processes this pid namespace may hold; "" where nothing says so."""
    with contextlib.suppress(OSError):
        return _PID_MAX.read_text()
    return ""


def limit_processes(count: int, *, outside: str) -> None:
    """Let the pid namespace just entered, and those within it, hold at most `count` processes and threads.

    Unlike RLIMIT_NPROC this holds root too. Before Linux 6.14 the number is the whole machine's, so it is left
    alone unless it differs from `process_limit()` outside of the namespace.
    """
    if outside and process_limit() not in ("", outside):
        with contextlib.suppress(OSError):
            _PID_MAX.write_text(str(count))


def _mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    encoded = [None if text is None else text.encode() for text in (source, target, kind, data)]
    result = _libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3])
    _checked(result, f"mount {target}")


def enter_jail(root: Path, read_only: Iterable[Path], work: Sequence[tuple[Path, str]]) -> None:
    """Make `root`, an empty directory, the root: a tmpfs with read-only binds and nothing else.

    Args:
        root: an empty directory; stays empty outside this mount namespace.
        read_only: existing paths that keep their names inside.
        work: (outside path, inside path) of further read-only directories.
    """
    _mount("none", "/", None, _MS_REC | _MS_PRIVATE)
    _mount("tmpfs", str(root), "tmpfs", _MS_NOSUID | _MS_NODEV, "size=4m,nr_inodes=4k,mode=755")
    for outside, inside in [*((path, str(path)) for path in read_only), *work]:
        target = Path(f"{root}{inside}")
        if outside.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        _mount(str(outside), str(target), None, _MS_BIND | _MS_REC)
        kept = os.statvfs(target).f_flag
        flags = sum(flag for bit, flag in _KEPT_FLAGS.items() if kept & bit)
        flags |= _MS_BIND | _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID
        # A device takes what is written to it all the same; read-only keeps its mode from being changed.
        flags |= 0 if inside.startswith("/dev/") else _MS_NODEV
        _mount("none", str(target), None, flags)
    for name in ("tmp", "autograder-work"):
        (root / name).mkdir(exist_ok=True)
    os.chdir(root)
    _checked(_libc.pivot_root(b".", b"."), "pivot_root")
    _checked(_libc.umount2(b".", _MNT_DETACH), "umount2")
    os.chdir("/")
    _mount("none", "/", None, _MS_BIND | _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID | _MS_NODEV)


def mount_scratch(target: str, megabytes: int) -> None:
    """A fresh, empty, writable tmpfs for one child, in a mount namespace of its own."""
    unshare(NEWNS)
    flags = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _mount("tmpfs", target, "tmpfs", flags, f"size={megabytes}m,nr_inodes=1k,mode=700")


# ---------------------------------------------------------------------------------------------
# Limits and privileges


def virtual_memory_bytes() -> int:
    """Size of this process's address space, for a limit relative to it. Needs /proc."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def limit_resources(
    *, memory_bytes: int, cpu_s: int, file_mib: int = 64, threads: int | None = None
) -> None:
    """Set the rlimits of one child.

    Args:
        memory_bytes: of address space, what it had at birth included.
        cpu_s: of processor time.
        file_mib: greatest size of one file.
        threads: of all children of this user namespace together; None where there is none, since
            then the user's other processes would count. The kernel does not hold root to it.
    """

    def limit(kind: int, value: int) -> None:
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(kind, (value, value))

    limit(resource.RLIMIT_AS, memory_bytes)
    limit(resource.RLIMIT_CPU, cpu_s)
    limit(resource.RLIMIT_FSIZE, file_mib << 20)
    limit(resource.RLIMIT_NOFILE, 128)
    limit(resource.RLIMIT_STACK, 8 << 20)
    if threads is not None:
        limit(resource.RLIMIT_NPROC, threads)
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_MEMLOCK, resource.RLIMIT_MSGQUEUE):
        limit(kind, 0)


def die_with_parent() -> None:
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "prctl PDEATHSIG")


def forbid_inspection() -> None:
    """No core dump, and no ptrace or /proc/PID/mem from processes of the same user."""
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl DUMPABLE")


def drop_privileges() -> None:
    """No capabilities, and no way to gain any."""
    for capability in range(64):
        if _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    _libc.prctl(_PR_CAP_AMBIENT, 4, 0, 0, 0)  # CLEAR_ALL
    header = struct.pack("<Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this thread
    _checked(_libc.capset(header, b"\0" * 24), "capset")
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl NO_NEW_PRIVS")


def close_descriptors_from(first: int) -> None:
    _checked(_libc.syscall(_SYS_CLOSE_RANGE, first, 0xFFFFFFFF, 0), "close_range")


# ---------------------------------------------------------------------------------------------
# Landlock: which files

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = (1 << 1) | _READ_FILE | (1 << 14)  # write, read, truncate


def landlock_abi() -> int:
    """Version of Landlock that the running kernel offers; 0 where it has none."""
    return max(0, int(_libc.syscall(_SYS_LANDLOCK_CREATE, None, 0, 1)))


def landlock_ruleset(read_only: Iterable[Path], writable: Iterable[Path] = ()) -> int:
    """A ruleset's descriptor: files under these paths, no network, no signals outwards."""
    abi = landlock_abi()
    rights = (1 << 13) - 1
    for version, bit in ((2, 13), (3, 14), (5, 15)):
        if abi >= version:
            rights |= 1 << bit
    network = 3 if abi >= 4 else 0  # bind and connect TCP
    scope = 3 if abi >= 6 else 0  # abstract unix sockets and signals
    attributes = struct.pack("<QQQ", rights, network, scope)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = _checked(_libc.syscall(_SYS_LANDLOCK_CREATE, attributes, size, 0), "landlock_create")
    allowed = [(path, _READ_FILE | _READ_DIR) for path in read_only]
    # Everything but executing, device nodes, and ioctl on devices.
    allowed += [(path, rights & ~(1 | 1 << 6 | 1 << 11 | 1 << 15)) for path in writable]
    for path, access in allowed:
        if not path.exists():
            continue
        if not path.is_dir():
            access &= _FILE_RIGHTS & rights
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = struct.pack("<Qi", access, opened)
            _checked(_libc.syscall(_SYS_LANDLOCK_ADD, ruleset, 1, rule, 0), f"landlock_add {path}")
        finally:
            os.close(opened)
    return ruleset


def landlock_restrict(ruleset: int) -> None:
    _checked(_libc.syscall(_SYS_LANDLOCK_RESTRICT, ruleset, 0), "landlock_restrict_self")


# ---------------------------------------------------------------------------------------------
# seccomp: which system calls

_ALLOWED_CALLS = [
    "read",
    "write",
    "readv",
    "writev",
    "pread64",
    "pwrite64",
    "preadv",
    "pwritev",
    "close",
    "fstat",
    "newfstatat",
    "stat",
    "lstat",
    "lseek",
    "mmap",
    "munmap",
    "mprotect",
    "mremap",
    "brk",
    "madvise",
    "futex",
    "set_robust_list",
    "get_robust_list",
    "rseq",
    "clock_gettime",
    "clock_getres",
    "clock_nanosleep",
    "nanosleep",
    "gettimeofday",
    "time",
    "getrandom",
    "gettid",
    "getpid",
    "getppid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getgroups",
    "exit",
    "exit_group",
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigpending",
    "sigaltstack",
    "sched_yield",
    "sched_getaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "getrusage",
    "times",
    "uname",
    "sysinfo",
    "getcwd",
    "chdir",
    "fchdir",
    "readlink",
    "readlinkat",
    "access",
    "faccessat",
    "faccessat2",
    "getdents64",
    "statfs",
    "fstatfs",
    "statx",
    "poll",
    "ppoll",
    "select",
    "pselect6",
    "epoll_create1",
    "epoll_ctl",
    "epoll_wait",
    "epoll_pwait",
    "eventfd2",
    "pipe",
    "pipe2",
    "dup",
    "dup2",
    "dup3",
    "recvfrom",
    "sendto",
    "recvmsg",
    "sendmsg",
    "restart_syscall",
    "getcpu",
    "membarrier",
    "munlock",
    "mincore",
    "arch_prctl",
    "set_tid_address",
    "getxattr",
    "lgetxattr",
    "getpgrp",
    "getpgid",
    "getsid",
    "umask",
    "getitimer",
    "setitimer",
    "fadvise64",
    "getrlimit",
]
# Only where a private tmpfs is the one writable place, and Landlock keeps everything else read-only.
_WRITING_CALLS = [
    "mkdir",
    "mkdirat",
    "rmdir",
    "unlink",
    "unlinkat",
    "rename",
    "renameat",
    "renameat2",
    "ftruncate",
    "truncate",
    "fsync",
    "fdatasync",
    "fchmod",
    "chmod",
    "fchmodat",
    "utimensat",
    "fallocate",
    "flock",
    "symlink",
    "symlinkat",
    "copy_file_range",
    "sendfile",
]
_CLONE_THREAD = 0x00010000
_ENOSYS, _EPERM = 38, 1
# Descriptors and locks. F_SETOWN and F_SETSIG are not here: they send signals to other processes.
_FCNTL_COMMANDS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030)
_TCGETS, _FIONREAD, _FIONBIO, _FIOCLEX, _FIONCLEX = 0x5401, 0x541B, 0x5421, 0x5451, 0x5450


def seccomp_program(*, writing: bool) -> bytes:
    """A compiled filter (BPF): the listed calls, threads but no processes; anything else fails with EPERM.

    Compiled once by libseccomp and loaded in each child by one call.

    Args:
        writing: allow calls that change files; without it files can only be opened for reading.

    Raises:
        RuntimeError: libseccomp is missing.
    """
    import tempfile

    import pyseccomp as seccomp  # type: ignore[import-untyped]

    program = seccomp.SyscallFilter(defaction=seccomp.ERRNO(_EPERM))
    for name in _ALLOWED_CALLS + (_WRITING_CALLS if writing else []):
        try:
            program.add_rule(seccomp.ALLOW, name)
        except (OSError, ValueError, RuntimeError):
            continue  # this architecture does not have the call
    for name, position in (("openat", 2), ("open", 1)):
        condition: list[object] = []
        if not writing:
            changing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
            condition = [seccomp.Arg(position, seccomp.MASKED_EQ, changing, 0)]
        try:
            program.add_rule(seccomp.ALLOW, name, *condition)
        except (OSError, ValueError, RuntimeError):
            continue
    thread = seccomp.Arg(0, seccomp.MASKED_EQ, _CLONE_THREAD, _CLONE_THREAD)
    program.add_rule(seccomp.ALLOW, "clone", thread)
    # glibc falls back to clone, whose flags a filter can read.
    program.add_rule(seccomp.ERRNO(_ENOSYS), "clone3")
    program.add_rule(seccomp.ALLOW, "prlimit64", seccomp.Arg(2, seccomp.EQ, 0))  # reading limits
    # A pipe within the process: asyncio's event loop makes one.
    program.add_rule(seccomp.ALLOW, "socketpair", seccomp.Arg(0, seccomp.EQ, 1))
    for command in _FCNTL_COMMANDS:
        program.add_rule(seccomp.ALLOW, "fcntl", seccomp.Arg(1, seccomp.EQ, command))
    for request in (_TCGETS, _FIONREAD, _FIONBIO, _FIOCLEX, _FIONCLEX):
        program.add_rule(seccomp.ALLOW, "ioctl", seccomp.Arg(1, seccomp.EQ, request))
    with tempfile.TemporaryFile() as file:
        program.export_bpf(file)
        file.seek(0)
        return file.read()


def has_seccomp() -> bool:
    """Whether the kernel takes filters. Of one that is nowhere it says so only if it looked for it (seccomp(2))."""
    _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, None, 0, 0)
    return ctypes.get_errno() == errno.EFAULT


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def seccomp_load(program: bytes) -> None:
    """Load a filter for this process, for good. `drop_privileges` comes first."""
    buffer = ctypes.create_string_buffer(program, len(program))
    described = _Program(len(program) // 8, ctypes.addressof(buffer))
    result = _libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(described), 0, 0)
    _checked(result, "prctl SECCOMP")
