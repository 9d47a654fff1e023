"""The settings of a classroom: one TOML file, read strictly into frozen dataclasses.

Everything wrong is reported at once, one line each. Secrets never stand in the file: it names files that hold them.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar

from hub_config.classroom.toml_tables import Document

K = TypeVar("K")

EVERYONE = "everyone"
DEMO = Path(__file__).parents[1] / "classroom.toml"

# What a start says to the hub's own process; see `of_environment`.
FILE_VARIABLE = "CLASSROOM_SETTINGS"
STATE_VARIABLE = "CLASSROOM_STATE"
PORT_VARIABLE = "CLASSROOM_PORT"

_COURSE_ID = re.compile(r"[a-z][a-z0-9-]*")
# nbgrader's exchange parts names at "+".
PERSON = r"[a-z0-9][a-z0-9._@-]*\Z"


class SettingsError(Exception):
    """What is wrong with the settings; `faults` holds one line each."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        head = "" if len(faults) == 1 else f"{len(faults)} faults in the settings:\n"
        super().__init__(head + "\n".join(faults))


@dataclass(frozen=True, slots=True)
class Hub:
    """Where the hub runs.

    Attributes:
        state: directory of everything that is kept between starts.
        address: network address of the proxy; everything else listens on 127.0.0.1, or where the
            spawner's `hub_address` says.
        port: of the proxy. The next ones are used as well: its API, the hub's, one for each course.
        public_url: what people type, if a web server with TLS stands before the proxy.
        proxy: "python" needs nothing else, "node" is what large hubs run, "external" is started elsewhere.
        admins: people with every right on the hub.
        running_servers: how many at once.
        starting_servers: how many may be starting at once.
    """

    state: Path
    address: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    proxy: Literal["python", "node", "external"] = "python"
    admins: tuple[str, ...] = ()
    running_servers: int = 100
    starting_servers: int = 20


@dataclass(frozen=True, slots=True)
class Course:
    """A course: `directory` has assignments/ and solutions/; `release` names sets by their beginning."""

    id: str
    title: str
    directory: Path
    instructors: tuple[str, ...]
    assistants: tuple[str, ...] = ()
    students: tuple[str, ...] = ()
    release: tuple[str, ...] = ()

    @property
    def staff(self) -> tuple[str, ...]:
        return self.instructors + self.assistants

    @property
    def staff_group(self) -> str:
        return f"formgrade-{self.id}"  # nbgrader fixes both names

    @property
    def student_group(self) -> str:
        return f"nbgrader-{self.id}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A size of server that people may choose.

    Attributes:
        groups: who may: "everyone", or groups such as nbgrader-COURSE (students), formgrade-COURSE
            (instructors and assistants), or those under [groups].
        memory_gib: where the spawner can hold a server to it; `local` and `accounts` cannot.
        hours: a server is stopped at this age, busy or not.
        idle_minutes: a server is stopped after this long without activity.
        gpu: a whole card, a MIG slice, or a share of a card that others compute on at the same time.
    """

    name: str
    title: str
    groups: tuple[str, ...]
    cpus: float
    memory_gib: float
    shm_mib: int = 64
    hours: float = 8.0
    idle_minutes: float = 60.0
    gpu: Literal["none", "whole", "slice", "shared"] = "none"


@dataclass(frozen=True, slots=True)
class Gpus:
    """The cards of this machine, by the ids of `nvidia-smi -L`; for spawners that do not allot GPUs themselves.

    Attributes:
        whole: lent to one person each.
        slices: MIG slices, lent to one person each.
        shared: how many people may share a card, by card.
    """

    whole: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    shared: dict[str, int] = field(default_factory=dict)


# -- who people are


@dataclass(frozen=True, slots=True)
class Passwords:
    """One password for each person in this file, made at the first start."""


@dataclass(frozen=True, slots=True)
class SharedPassword:
    """One password for all students, another for staff; for an afternoon's workshop."""

    student_password_file: Path
    staff_password_file: Path


@dataclass(frozen=True, slots=True)
class SystemAccounts:
    """The machine's own accounts, through PAM."""


@dataclass(frozen=True, slots=True)
class OAuth:
    """An identity provider that speaks OAuth 2 or OpenID Connect.

    Attributes:
        anyone: let in whoever the provider knows, not only people in this file.
    """

    client_id: str
    client_secret_file: Path
    callback_url: str
    authorize_url: str
    token_url: str
    userdata_url: str
    username_claim: str = "preferred_username"
    scopes: tuple[str, ...] = ("openid", "profile")
    login_service: str = "your university account"
    anyone: bool = False


@dataclass(frozen=True, slots=True)
class Lti13:
    """A learning platform such as Moodle or Canvas, through LTI 1.3. It vouches for whom it sends."""

    issuer: str
    client_ids: tuple[str, ...]
    authorize_url: str
    jwks_url: str
    username_claim: str = "email"
    anyone: bool = True


Login = Passwords | SharedPassword | SystemAccounts | OAuth | Lti13
LOGINS: Mapping[str, type[Login]] = {
    "passwords": Passwords,
    "shared-password": SharedPassword,
    "accounts": SystemAccounts,
    "oauth": OAuth,
    "lti13": Lti13,
}

# -- where servers run


@dataclass(frozen=True, slots=True)
class Local:
    """Processes of this user, one home directory each: a demo, without any protection between people."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Processes of real accounts of this machine. The hub runs as root."""


@dataclass(frozen=True, slots=True)
class Docker:
    """A container for each person.

    Attributes:
        homes: on the host; each person's directory in it is their home in the container.
        uid: of everybody in the containers.
        hub_address: where containers reach the hub.
        network: Docker's network; "host" where servers listen on 127.0.0.1 of this machine.
    """

    image: str
    homes: Path
    uid: int = 1000
    hub_address: str = "172.17.0.1"
    network: str = "bridge"


@dataclass(frozen=True, slots=True)
class Slurm:
    """A batch job for each person.

    Attributes:
        hub_address: where nodes reach the hub.
        programs: directory of jupyterhub-singleuser and batchspawner-singleuser on the nodes.
        prologue: shell lines before the server, such as `module load python`.
        gres: Slurm's name for each kind of GPU in profiles.
        exec_prefix: how the hub becomes a person to submit a job.
    """

    hub_address: str
    partition: str
    programs: str
    prologue: str = "true"
    exec_prefix: str = "sudo -E -u {username}"
    gres: dict[str, str] = field(default_factory=lambda: {"whole": "gpu:1", "shared": "shard:1"})


@dataclass(frozen=True, slots=True)
class Kubernetes:
    """A pod for each person.

    Attributes:
        image: of people's servers; hub_image: of the hub, with this repository in it.
        resources: the cluster's name for each kind of GPU in profiles.
        gpu_nodes: labels of nodes with GPUs.
        gpu_taint: of nodes with GPUs, tolerated by pods that ask for one.
        exchange_claim: volume claim (ReadWriteMany) of the exchange.
    """

    image: str
    hub_image: str
    namespace: str
    uid: int = 1000
    storage_gib: int = 5
    exchange_claim: str = "exchange"
    resources: dict[str, str] = field(default_factory=lambda: {"whole": "nvidia.com/gpu"})
    gpu_nodes: dict[str, str] = field(default_factory=dict)
    gpu_taint: str = "nvidia.com/gpu"


Spawner = Local | Accounts | Docker | Slurm | Kubernetes
SPAWNERS: Mapping[str, type[Spawner]] = {
    "local": Local,
    "accounts": Accounts,
    "docker": Docker,
    "slurm": Slurm,
    "kubernetes": Kubernetes,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """A classroom."""

    file: Path
    hub: Hub
    login: Login
    spawner: Spawner
    courses: tuple[Course, ...]
    profiles: tuple[Profile, ...]
    gpus: Gpus
    groups: Mapping[str, tuple[str, ...]]  # of the file's own, for profiles

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom the file names, sorted."""
        named = {person for members in self.members().values() for person in members}
        return tuple(sorted(named | set(self.hub.admins)))

    @property
    def has_accounts(self) -> bool:
        """Whether each person's files belong to an account of their own."""
        return isinstance(self.spawner, Accounts | Slurm)

    def members(self) -> dict[str, tuple[str, ...]]:
        """People by group, the groups that nbgrader knows first."""
        groups = {}
        for course in self.courses:
            groups[course.staff_group] = course.staff
            groups[course.student_group] = course.students
        return groups | dict(self.groups)

    def profiles_of(self, groups: set[str]) -> tuple[Profile, ...]:
        """What a member of these groups may use, in the order of the file."""
        return tuple(p for p in self.profiles if EVERYONE in p.groups or groups & set(p.groups))


def load_settings(
    path: Path = DEMO, *, state: Path | None = None, port: int | None = None
) -> Settings:
    """The settings in a file.

    Args:
        path: of the file; the demo's without it.
        state: instead of the file's [hub] state.
        port: instead of the file's [hub] port.

    Raises:
        SettingsError: everything that is wrong.
    """
    path = path.resolve()
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SettingsError([f"{path}: {reason}"]) from None
    settings = _read(Document(path, text), values)
    hub = settings.hub
    if state is not None:
        hub = replace(hub, state=state.resolve())
    return replace(settings, hub=hub if port is None else replace(hub, port=port))


def of_environment() -> Settings:
    """The settings that a start has named to the hub's own process and its services.

    Raises:
        SettingsError: everything that is wrong.
    """
    state, port = os.environ.get(STATE_VARIABLE), os.environ.get(PORT_VARIABLE)
    return load_settings(
        Path(os.environ.get(FILE_VARIABLE, DEMO)),
        state=Path(state) if state else None,
        port=int(port) if port else None,
    )


def _read(document: Document, values: Mapping[str, object]) -> Settings:
    known = ("hub", "login", "spawner", "courses", "profiles", "gpus", "groups")
    for key in values.keys() - set(known):
        document.fault("", f"unknown table {key!r}; known are {', '.join(known)}", key)
    hub = document.read(Hub, "hub", values.get("hub", {}))
    login = _read_kind(document, "login", values.get("login", {}), LOGINS)
    spawner = _read_kind(document, "spawner", values.get("spawner", {}), SPAWNERS)
    gpus = document.read(Gpus, "gpus", values.get("gpus", {}))
    courses = [
        document.read(Course, f"courses.{name}", table, id=name)
        for name, table in document.tables("courses", values.get("courses", {})).items()
    ]
    profiles = [
        document.read(Profile, f"profiles.{name}", table, name=name)
        for name, table in document.tables("profiles", values.get("profiles", {})).items()
    ]
    groups = document.read(_Groups, "groups", {"groups": values.get("groups", {})})
    if (
        document.faults
        or hub is None
        or login is None
        or spawner is None
        or gpus is None
        or groups is None
    ):
        raise SettingsError(document.faults)
    settings = Settings(
        file=document.path,
        hub=hub,
        login=login,
        spawner=spawner,
        courses=tuple(course for course in courses if course is not None),
        profiles=tuple(profile for profile in profiles if profile is not None),
        gpus=gpus,
        groups=groups.groups,
    )
    for table, key, text in _faults(settings):
        document.fault(table, text, key)
    if document.faults:
        raise SettingsError(document.faults)
    return settings


@dataclass(frozen=True, slots=True)
class _Groups:
    groups: dict[str, tuple[str, ...]]


def _read_kind(
    document: Document, table: str, value: object, kinds: Mapping[str, type[K]]
) -> K | None:
    """A table whose `kind` says which others it has."""
    kind = str(value.get("kind")) if isinstance(value, dict) else ""
    if not isinstance(value, dict) or kind not in kinds:
        document.fault(table, f"kind must be one of {', '.join(kinds)}", "kind")
        return None
    rest = {key: entry for key, entry in value.items() if key != "kind"}
    return document.read(kinds[kind], table, rest)


# ---------------------------------------------------------------------------------------------
# What is wrong with settings that can be read: (table, key, text)

_Fault = tuple[str, str, str]


def _faults(settings: Settings) -> Iterator[_Fault]:
    if not settings.courses:
        yield "", "courses", "there is no course; add a table [courses.NAME]"
    if not settings.profiles:
        yield "", "profiles", "there is no profile; add a table [profiles.NAME]"
    for course in settings.courses:
        # On Kubernetes the hub does not see what courses are made of.
        yield from _course_faults(course, is_here=not isinstance(settings.spawner, Kubernetes))
    for name in ("student_password_file", "staff_password_file", "client_secret_file"):
        file: Path | None = getattr(settings.login, name, None)
        if file is not None and not (file.is_file() and file.read_text().strip()):
            yield "login", name, f"{file} is not there, or empty"
    known = {EVERYONE, *settings.members()}
    for name in settings.groups.keys() & {EVERYONE, *_course_groups(settings)}:
        yield "groups", name, f"{name} is a group of its own already; choose another name"
    for profile in settings.profiles:
        yield from _profile_faults(profile, known, settings)
    for name, people in (("admins", settings.hub.admins), *settings.groups.items()):
        yield from _name_faults("hub" if name == "admins" else "groups", name, people)
    for person in settings.people:
        groups = {group for group, people in settings.members().items() if person in people}
        if settings.profiles and not settings.profiles_of(groups):
            yield "", "profiles", f"{person} may use none of the profiles"


def _name_faults(table: str, key: str, people: Iterable[str]) -> Iterator[_Fault]:
    for person in people:
        if not re.match(PERSON, person):
            text = f"{person!r} is no name for a person: lower-case letters, digits and . _ - @"
            yield table, key, text


def _course_groups(settings: Settings) -> Iterator[str]:
    for course in settings.courses:
        yield from (course.staff_group, course.student_group)


def _course_faults(course: Course, *, is_here: bool) -> Iterator[_Fault]:
    table = f"courses.{course.id}"
    if not _COURSE_ID.fullmatch(course.id):
        yield table, "", "its name must be lower-case letters, digits and -"
    if not course.instructors:
        yield table, "instructors", "it has no instructor; name one under instructors"
    if is_here and not any(
        (course.directory / name).is_dir() for name in ("assignments", "solutions")
    ):
        yield table, "directory", f"{course.directory} holds neither assignments/ nor solutions/"
    lists = {
        "instructors": course.instructors,
        "assistants": course.assistants,
        "students": course.students,
    }
    seen: dict[str, str] = {}
    for name, people in lists.items():
        yield from _name_faults(table, name, people)
        for person in people:
            if person in seen:
                twice = (
                    f"twice under {name}" if seen[person] == name else f"under {seen[person]} too"
                )
                yield table, name, f"{person} is {twice}; a person has one part in a course"
            seen[person] = name


def _profile_faults(profile: Profile, known: set[str], settings: Settings) -> Iterator[_Fault]:
    table = f"profiles.{profile.name}"
    if not profile.groups:
        yield table, "groups", 'nobody may use it; name groups, or "everyone"'
    for group in profile.groups:
        if group not in known:
            yield (
                table,
                "groups",
                f"there is no group {group!r}; known are {', '.join(sorted(known))}",
            )
    members = settings.members()
    named = [person for group in profile.groups for person in members.get(group, ())]
    # Elsewhere people who are not in the file come into groups as they log in or are added.
    is_complete = isinstance(settings.login, Passwords | SharedPassword | SystemAccounts)
    if is_complete and profile.groups and EVERYONE not in profile.groups and not named:
        yield table, "groups", f"nobody may use it: {', '.join(profile.groups)} has no members"
