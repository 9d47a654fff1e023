"""One password for each person: made at random, told once, kept as a hash.

JupyterHub's own authenticators know one password for everybody, or let whoever comes first choose a person's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

from jupyterhub.auth import Authenticator
from tornado.ioloop import IOLoop
from traitlets import Set, Unicode

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look like another
_GROUPS, _GROUP_LENGTH = 3, 4  # 59 bits
# 16 MiB and about 50 ms for each guess.
_COST = {"n": 2**14, "r": 8, "p": 1}


def new_password() -> str:
    """Such as "h7kp-2mwx-rt4c"."""
    groups = (
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )
    return "-".join(groups)


def hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}:{_key(password, salt)}"


def is_right(password: str, stored: str) -> bool:
    """Whether `stored` is the hash of this password.

    >>> stored = hashed("open sesame")
    >>> is_right("open sesame", stored), is_right("open barley", stored), is_right("", "")
    (True, False, False)
    """
    salt, _, key = stored.partition(":")
    found = _key(password, bytes.fromhex(salt))
    return hmac.compare_digest(found, key)


def _key(password: str, salt: bytes) -> str:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST).hex()


def make_passwords(file: Path, people: Iterable[str], anew: Iterable[str] = ()) -> dict[str, str]:
    """Passwords for people who have none in `file` yet, and for those of `anew`; the others keep theirs.

    The file then holds exactly these people.

    Returns:
        The new passwords, by person.
    """
    known = read_hashes(file)
    made = {
        person: new_password() for person in people if person not in known or person in set(anew)
    }
    kept = {person: known[person] for person in people if person not in made}
    text = json.dumps(kept | {person: hashed(text) for person, text in made.items()}, indent=1)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a descriptor
        stream.write(text)
    fresh.replace(file)
    return made


def read_hashes(file: Path) -> Mapping[str, str]:
    if not file.exists():  # the hub is up before the first passwords are
        return {}
    hashes: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return hashes


class PasswordAuthenticator(Authenticator):  # type: ignore[misc]
    """Lets in whoever knows the person's password in `password_file`."""

    password_file = Unicode(help="What `make_passwords` has written.").tag(config=True)

    async def authenticate(self, handler: object, data: Mapping[str, str]) -> str | None:
        """The person's name, or None."""
        person = self.normalize_username(data["username"])
        stored = read_hashes(Path(self.password_file)).get(person)
        # As much work for somebody unknown, so that time does not tell who exists.
        judged = IOLoop.current().run_in_executor(
            None, is_right, data["password"], stored or _NOBODY
        )
        return person if await judged and stored else None


_NOBODY = hashed(secrets.token_hex())


class TwoPasswordAuthenticator(Authenticator):  # type: ignore[misc]
    """Lets in students by one password and staff by another.

    JupyterHub's SharedPasswordAuthenticator has a second password as well, but makes administrators of those who
    use it.
    """

    student_password_file = Unicode(help="Holds the students' password.").tag(config=True)
    staff_password_file = Unicode(help="Holds the staff's.").tag(config=True)
    staff = Set(Unicode(), help="Who needs the staff's password.").tag(config=True)

    async def authenticate(self, handler: object, data: Mapping[str, str]) -> str | None:
        """The person's name, or None."""
        person: str = self.normalize_username(data["username"])
        file = self.staff_password_file if person in self.staff else self.student_password_file
        right = Path(file).read_text(encoding="utf-8").strip()
        # An empty file is no open door.
        is_same = hmac.compare_digest(data["password"].encode(), right.encode())
        return person if right and is_same else None
