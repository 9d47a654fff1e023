"""The whole class of attackers, graded by the real commands, in three ways."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from attack import Attack, attacks_in_files
from mangled import ATTACKS
from room import (
    FIRST,
    HERE,
    LAST,
    SET,
    Result,
    Room,
    listener,
    make_room,
    results,
    seat,
    survivors,
    traces,
)

ALL: tuple[Attack, ...] = (*attacks_in_files(), *ATTACKS)

# Where Docker's default profile refuses user namespaces, what is left is the reduced level.
WITHOUT_NAMESPACES = (sys.executable, str(HERE / "confined.py"), "userns", "--")
COMMANDS = {"full": (), "reduced": WITHOUT_NAMESPACES, "nbgrader": ()}

WITH_PAGES = ("full", "nbgrader")  # the reduced level's would be the same, and take as long again


@dataclass(frozen=True)
class Graded:
    """A graded class.

    Attributes:
        results: by student.
        traces: files that attacks left, by attack.
        survivors: processes that are still there.
        table: rows of nbgrader's export.
    """

    way: str
    room: Room
    results: Mapping[str, Result]
    traces: Mapping[str, list[str]]
    survivors: list[str]
    table: list[dict[str, str]]


def grade_class(way: str, root: Path) -> Graded:
    room = make_room(root)
    attacks = [attack for attack in ALL if way in attack.ways]
    tcp, abstract, listening = listener()
    with tcp, abstract:
        seat(room, attacks, listening)
        room.command = COMMANDS[way]
        # 1: some submissions cannot be read, which is what their attacks are about.
        if way == "nbgrader":
            room.run("nbgrader", "autograde", SET, codes=(1,))
        else:
            room.run("autograder", "grade", SET, "-j", "4", codes=(1,))
    left, alive = traces(room, [attack.name for attack in attacks]), survivors(room)
    room.command = ()
    if way in WITH_PAGES:
        room.run("nbgrader", "generate_feedback", SET)
    room.run("nbgrader", "export", "--to", "grades.csv")
    with (room.course / "grades.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    students = (FIRST, LAST, *(attack.id for attack in attacks))
    return Graded(way, room, results(room, students), left, alive, table)
