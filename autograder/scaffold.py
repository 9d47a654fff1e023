"""Skeletons of problem sets and code problems, for an instructor to fill in.

They load as they are, and `autograder validate` says of each line what is still to do. Nothing that exists
is overwritten.
"""

from __future__ import annotations

import keyword
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from autograder.course import ANSWERS, PROBLEM, CourseError

_TEMPLATES = Path(__file__).parent / "templates"
_LOWER_SNAKE = re.compile(r"[a-z][a-z0-9_]*")


def new_set(course_root: Path, name: str, title: str) -> list[Path]:
    """Write the skeleton of a problem set; the files written.

    Where `course_root` is no course yet, it becomes one.

    Raises:
        CourseError: the name or the title is none, or the set exists.
        OSError: the files cannot be written; then none is.
    """
    _check_name("set", name)
    title = " ".join(title.split())
    if not title:
        raise CourseError([f"{name}: the title is empty; say what the set is about"])
    if '"""' in title or "\\" in title:
        raise CourseError([f'{name}: the title has \\ or """ in it; leave them out'])
    root = course_root.resolve()
    notebook = root / "assignments" / name / f"{name}.md"
    answers = root / "solutions" / name / ANSWERS
    for path in (notebook, answers):
        if path.exists():
            raise CourseError([f"{path.relative_to(root)} exists already; nothing was written"])
    texts = {
        notebook: _filled("set.md", title=title),
        answers: _filled("answers.py", title=title, set_name=name),
    }
    config, ignore = root / "nbgrader_config.py", root / ".gitignore"
    if not config.exists():
        texts[config] = _filled("nbgrader_config.py", course_id=_quoted(root.name))
    if not ignore.exists():
        texts[ignore] = _filled("gitignore")
    return _write(texts)


def new_problem(
    course_root: Path, set_name: str, name: str, signature: Sequence[str]
) -> list[Path]:
    """Write the skeleton of a code problem, its answer cell included; the files written.

    Args:
        course_root: the course.
        set_name: a set of it.
        name: the function's name.
        signature: names of its parameters, in order.

    Raises:
        CourseError: there is no such set, a name is none, or the problem exists somewhere.
        OSError: the files cannot be written; then none is.
    """
    _check_name("problem", name)
    _check_parameters(name, signature)
    root = course_root.resolve()
    notebook = root / "assignments" / set_name / f"{set_name}.md"
    folder = root / "solutions" / set_name
    if _LOWER_SNAKE.fullmatch(set_name) is None or not (notebook.is_file() or folder.is_dir()):
        text = f"{set_name!r}: no such problem set; make it with `autograder new set NAME TITLE`"
        raise CourseError([text])
    for other in sorted((root / "solutions").glob(f"*/{name}")):
        raise CourseError([f"{other.relative_to(root)} exists already; nothing was written"])
    parameters = ", ".join(signature)
    texts = {
        folder / name / PROBLEM: _filled(
            "problem.py",
            name=name,
            parameters=parameters,
            example=_inputs(1.0, len(signature)),
            edge=_inputs(0.0, len(signature)),
            strategies=", ".join("decimals(-5.0, 5.0)" for _ in signature),
        ),
        folder / name / "accepted" / "another_style.py": _filled(
            "accepted.py", name=name, parameters=parameters
        ),
        folder / name / "wrong" / "one_slip.py": _filled(
            "wrong.py", name=name, parameters=parameters
        ),
    }
    if notebook.is_file():
        before = notebook.read_text(encoding="utf-8")
        if re.search(rf"^:item:\s*{name}\s*$", before, re.MULTILINE) is None:
            cell = _filled("item.md", name=name, parameters=parameters)
            texts[notebook] = before.rstrip("\n") + "\n" + cell
    return _write(texts)


def _check_name(what: str, name: str) -> None:
    if _LOWER_SNAKE.fullmatch(name) is None or keyword.iskeyword(name):
        text = (
            f"{name!r} is no name for a {what}; use lower-case letters, digits and underscores, "
            "such as soft_threshold"
        )
        raise CourseError([text])


def _check_parameters(name: str, signature: Sequence[str]) -> None:
    faults = [
        f"{name}: {parameter!r} is no name for a parameter"
        for parameter in signature
        if not parameter.isidentifier() or keyword.iskeyword(parameter)
    ]
    for twice in sorted({one for one in signature if list(signature).count(one) > 1}):
        faults.append(f"{name}: two parameters are named {twice}")
    if not signature:
        faults.append(f"{name}: no parameters; name them after the problem, such as `x lam`")
    if faults:
        raise CourseError(faults)


def _inputs(number: float, count: int) -> str:
    """A tuple of inputs, as source."""
    return repr((number,) * count)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _filled(template: str, **fields: str) -> str:
    text = (_TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(fields)


def _write(texts: Mapping[Path, str]) -> list[Path]:
    """Write files, each under a temporary name first; after a failure those made here are gone again."""
    drafts: dict[Path, Path] = {}
    created: list[Path] = []
    try:
        for path, text in texts.items():
            for parent in reversed(path.parents):
                if not parent.exists():
                    parent.mkdir()
                    created.append(parent)
            draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            drafts[path] = draft
            draft.write_text(text, encoding="utf-8")
        for path, draft in drafts.items():
            draft.replace(path)
    except OSError:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        for folder in reversed(created):
            if not any(folder.iterdir()):
                folder.rmdir()
        raise
    return list(texts)
