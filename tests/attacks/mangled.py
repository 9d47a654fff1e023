"""Attacks that are no cells: what is wrong with them is the notebook's JSON, its name, or a file beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

from attack import Attack, Copy, grade_id

ATTACKS: list[Attack] = []
SCRIPT = "<script>window.injected=1</script>"
GIFT = {
    "output_type": "execute_result",
    "execution_count": 1,
    "metadata": {},
    "data": {"text/plain": "4.0"},
}


def attack(category: str, wall: str, **more: Any) -> Callable[[Callable[[Copy], None]], None]:
    def add(play: Callable[[Copy], None]) -> None:
        ATTACKS.append(Attack(play.__name__, category, wall, play, **more))

    return add


# ---------------------------------------------------------------------------------------------
# Forging


@attack("forging", "notebook: outputs of a submitted file are dropped", target="floor_at")
def outputs_in_the_file(copy: Copy) -> None:
    for cell in copy.cells:
        if cell["cell_type"] == "code":
            cell["outputs"] = [dict(GIFT)]


@attack("forging", "notebook: points and flags are those of the release", target="floor_at")
def points_in_the_metadata(copy: Copy) -> None:
    for item in ("floor_at", "length"):
        copy.check(item)["metadata"]["nbgrader"] |= {
            "points": 1000,
            "solution": True,
            "locked": False,
        }


@attack("forging", "notebook: points and flags are those of the release", target="floor_at")
def negative_points(copy: Copy) -> None:
    for item in ("floor_at", "root_of_two"):
        copy.check(item)["metadata"]["nbgrader"]["points"] = -4


@attack(
    "forging",
    "notebook: a check cell is put back as released, and is not run at grading",
    target="floor_at",
)
def a_check_rewritten(copy: Copy) -> None:
    copy.check("floor_at")["source"] = "4.0"


@attack("forging", "notebook: a cell that is missing is put back", target="floor_at")
def a_check_removed(copy: Copy) -> None:
    copy.cells.remove(copy.check("floor_at"))


@attack("forging", "notebook: of cells with one name, one counts", target="floor_at")
def a_check_twice(copy: Copy) -> None:
    twin = json.loads(json.dumps(copy.check("floor_at")))
    twin |= {"source": "4.0", "outputs": [dict(GIFT)], "id": "twin"}
    copy.cells[:0] = [twin, json.loads(json.dumps(twin))]


@attack("forging", "notebook: cell types are those of the release", target="floor_at")
def a_check_that_is_prose(copy: Copy) -> None:
    cell = copy.check("floor_at")
    cell |= {"cell_type": "markdown", "source": "4 of 4"}
    del cell["outputs"], cell["execution_count"]


@attack("forging", "notebook: a cell has the name it was released with", target="floor_at")
def names_exchanged(copy: Copy) -> None:
    one, other = copy.check("floor_at"), copy.check("length")
    ours, theirs = one["metadata"]["nbgrader"], other["metadata"]["nbgrader"]
    one["metadata"]["nbgrader"], other["metadata"]["nbgrader"] = theirs, ours


@attack("forging", "notebook: a name that was not released counts for nothing", target="floor_at")
def a_test_of_one_s_own(copy: Copy) -> None:
    data = {"grade": True, "grade_id": "bonus", "locked": True, "points": 100, "schema_version": 3}
    metadata = {"nbgrader": data | {"solution": False, "task": False, "cell_type": "code"}}
    copy.insert("100.0", metadata=metadata, outputs=[dict(GIFT)])


@attack(
    "forging",
    "notebook: what stands in our own part of the metadata is set anew",
    target="floor_at",
)
def a_verdict_in_the_metadata(copy: Copy) -> None:
    for cell in copy.cells:
        mark = {"outcome": "passed", "score": 4.0, "key": "0" * 64}
        cell["metadata"].setdefault("autograder", {}).update(mark)
    copy.nb["metadata"]["autograder"] = {"key": "0" * 64}


@attack(
    "forging",
    "notebook: what stands in our own part of the metadata is set anew",
    target="floor_at",
)
def a_person_is_to_grade(copy: Copy) -> None:
    cell = copy.check("floor_at")
    cell["metadata"]["autograder"] = {"outcome": "grader_error", "reference": "1234"}
    cell["metadata"]["nbgrader"] |= {"solution": True}


@attack("forging", "notebook: nbgrader's metadata are those of the release", target="floor_at")
def a_schema_of_the_future(copy: Copy) -> None:
    for cell in copy.cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99


@attack("forging", "notebook: nbgrader's metadata are those of the release", target="floor_at")
def a_schema_of_the_past(copy: Copy) -> None:
    for cell in copy.cells:
        if grade_id(cell) not in (None, "reason"):
            cell["metadata"]["nbgrader"] = {"grade": True, "grade_id": "x", "points": 4}


@attack(
    "forging",
    "notebook: whatever is no text, list or object where one belongs is read as empty",
    target="floor_at",
)
def metadata_of_other_types(copy: Copy) -> None:
    one, other = copy.check("floor_at"), copy.check("length")
    one["metadata"]["nbgrader"] = [["grade_id", "floor_at"]]
    other["metadata"]["nbgrader"]["grade_id"] = {"length": 1}
    copy.cells[0]["metadata"] = ["nbgrader"]
    copy.nb["metadata"] = [1]
    copy.nb["nbformat_minor"] = "x"


@attack("forging", "grading: the language is the release's", target="floor_at")
def another_language(copy: Copy) -> None:
    copy.nb["metadata"] = {
        "kernelspec": {"name": "evil", "display_name": "evil", "language": "sh", "argv": ["sh"]},
        "language_info": {"name": "sh", "pygments_lexer": "../../etc/passwd"},
    }


@attack(
    "forging", "JSON: the last of two equal keys counts, as for every reader", target="floor_at"
)
def keys_twice(copy: Copy) -> None:
    text = json.dumps(copy.nb)
    gift = json.dumps({"floor_at": 4.0, "score": 18})
    copy.text = f'{{"metadata": {gift}, "cells": [], {text[1:-1]}, "nbformat": 4}}'


@attack("forging", "JSON: NaN and Infinity are read as nothing", target="floor_at")
def numbers_that_are_none(copy: Copy) -> None:
    nan, infinity = float("nan"), float("inf")
    copy.check("floor_at")["metadata"]["nbgrader"]["points"] = nan
    copy.cells[0]["metadata"]["x"] = [nan, infinity, 10**400]
    copy.cells[1]["execution_count"] = nan


@attack("forging", "notebook: attempts of one's own beside it are left alone", target="floor_at")
def another_notebook_beside_it(copy: Copy) -> None:
    twin = json.loads(json.dumps(copy.nb))
    for cell in twin["cells"]:
        cell["outputs"] = [dict(GIFT)]
    for name in (f"{copy.name} (1)", copy.name.upper(), "ps02", f"{copy.name}.ipynb"):
        (copy.folder / f"{name}.ipynb").write_text(json.dumps(twin))


# ---------------------------------------------------------------------------------------------
# Exhausting


@attack("exhausting", "notebook: a file has a greatest size", error=True, says=("at most 50 MiB",))
def a_file_too_large(copy: Copy) -> None:
    copy.text = json.dumps(copy.nb).encode() + b" " * (51 << 20)


@attack(
    "exhausting",
    "notebook: a file holds so many values at most",
    error=True,
    says=("holds more than 2,000,000 values",),
)
def cells_without_number(copy: Copy) -> None:
    copy.text = b'{"nbformat": 4, "metadata": {}, "cells": [' + b"{}," * (16 << 20) + b"0]}"


@attack(
    "exhausting",
    "notebook: it has so many cells at most",
    error=True,
    says=("at most 5,000 are read",),
)
def too_many_cells(copy: Copy) -> None:
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "1"}
    copy.nb["cells"] += [dict(cell) for _ in range(20_000)]


@attack("exhausting", "notebook: JSON is read to a depth", error=True, says=("nested too deep",))
def json_without_bottom(copy: Copy) -> None:
    copy.text = '{"cells": ' + "[" * 1_000_000


@attack(
    "exhausting", "notebook: a number has so many digits", error=True, says=("a number too long",)
)
def a_number_of_a_megabyte(copy: Copy) -> None:
    copy.text = '{"cells": [], "nbformat": ' + "9" * 1_000_000 + "}"


@attack("exhausting", "notebook: metadata are read to a depth")
def metadata_without_bottom(copy: Copy) -> None:
    deep: Any = 1
    for _ in range(400):
        deep = {"a": [deep]}
    copy.cells[0]["metadata"]["deep"] = deep


@attack("exhausting", "source: reading it takes time in proportion to its length")
def lines_without_number(copy: Copy) -> None:
    copy.insert("\n" * 900_000)


@attack("exhausting", "source: reading it takes time in proportion to its length", target="length")
def functions_without_number(copy: Copy) -> None:
    lines = [f"def step{n}(x): return step{n + 1}(x)" for n in range(15_000)]
    copy.write("length", "\n".join([*lines, "def length(x): return step0(x)"]))


@attack("exhausting", "source: what is too deep for Python's parser is no Python", target="length")
def an_expression_without_bottom(copy: Copy) -> None:
    copy.write("length", "def length(x):\n    return " + "-" * 90_000 + "x")


@attack("exhausting", "deadline: a notebook has a time of its own")
def a_thousand_cells(copy: Copy) -> None:
    for n in range(1000):
        copy.insert(f"x{n} = {n}")


@attack(
    "exhausting", "outputs: a graded notebook has a greatest size", says=("are more than 20 MiB",)
)
def pictures_in_many_cells(copy: Copy) -> None:
    picture = "Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + bytes(23 << 17), format='png')"
    copy.insert("from IPython.display import Image, display\nprint('and so on')")
    for _ in range(20):
        copy.insert(f"display({picture})")


# ---------------------------------------------------------------------------------------------
# Escaping: files in what was handed in


@attack(
    "escaping",
    "sandbox: a student's files are not beside their code, and no module comes from them",
)
def modules_beside_the_notebook(copy: Copy) -> None:
    leave = f"open({str(copy.places['TMP'] + '/' + copy.places['MARK'])!r}, 'w').close()\n"
    for name in ("numpy", "autograder", "sitecustomize", "usercustomize", "json", "IPython"):
        (copy.folder / f"{name}.py").write_text(leave + "raise SystemExit('breached')\n")
    (copy.folder / "numpy").mkdir()
    (copy.folder / "numpy" / "__init__.py").write_text(leave)
    (copy.folder / "evil.pth").write_text("import numpy\n")


@attack("escaping", "nbgrader: configuration is read in the course's directory alone")
def configuration_beside_the_notebook(copy: Copy) -> None:
    leave = f"open({str(copy.places['TMP'] + '/' + copy.places['MARK'])!r}, 'w').close()\n"
    for name in ("nbgrader_config.py", "jupyter_config.py", "conftest.py", "ipython_config.py"):
        (copy.folder / name).write_text(leave)
    (copy.folder / "course.toml").write_text("allow_unsafe = true\n")
    (copy.folder / "solutions").mkdir()
    (copy.folder / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    (copy.folder / ".ipython" / "profile_default" / "startup" / "00.py").write_text(leave)


@attack("escaping", "batch: a link is not followed", error=True, says=("is a link",))
def a_notebook_that_is_a_link(copy: Copy) -> None:
    copy.notebook.symlink_to(f"{copy.places['COURSE']}/submitted/ada/{copy.name}/{copy.name}.ipynb")


# nbgrader's own Autograde copies what a link leads to into the staff's folders; the exchange makes none.
@attack("escaping", "batch: a link is not followed", ways=("full", "reduced"))
def a_link_beside_the_notebook(copy: Copy) -> None:
    (copy.folder / "secret.txt").symlink_to(f"{copy.places['HOME']}/secret.txt")


@attack("escaping", "batch: a link is not followed", ways=("full", "reduced"))
def links_that_lead_astray(copy: Copy) -> None:
    (copy.folder / "homes").symlink_to(copy.places["HOME"])
    (copy.folder / "endless").symlink_to("endless")
    (copy.folder / "nowhere").symlink_to("/nowhere")
    (copy.folder / "zeros").symlink_to("/dev/zero")


@attack("escaping", "notebook: only a file is read", error=True, says=("is not a file",))
def a_notebook_that_is_a_folder(copy: Copy) -> None:
    copy.notebook.mkdir()


@attack("escaping", "notebook: only a file is read", error=True, says=("is not a file",))
def a_notebook_that_is_a_pipe(copy: Copy) -> None:
    os.mkfifo(copy.notebook)


@attack("escaping", "notebook: names in it are no paths")
def names_that_are_paths(copy: Copy) -> None:
    up = f"../../../../{copy.places['MARK']}"
    picture = {"image/png": "iVBORw0KGgo="}
    copy.insert(f"![x](attachment:{up})", cell_type="markdown", attachments={up: picture})
    copy.cells[0]["metadata"] |= {"filename": up, "filenames": {"image/png": up}, "name": up}
    copy.cells[0]["id"] = up
    copy.nb["metadata"] |= {"name": up, "path": up, "title": up, "kernelspec": {"name": up}}


@attack("escaping", "batch: names of files stay in their folder")
def names_that_are_odd(copy: Copy) -> None:
    for name in (
        "-rf *",
        "a\nb",
        "..data",
        "x" * 200,
        "\x1b[2J",
        "caf\u00e9",
        "'; drop table grade; --",
    ):
        (copy.folder / name).write_text("x")


@attack(
    "escaping",
    "gradebook: a time stamp is a time, or the submission waits",
    error=True,
    says=("holds no time", "Unknown string format"),
)
def a_time_stamp_that_is_none(copy: Copy) -> None:
    (copy.folder / "timestamp.txt").write_text("{% include 'secret' %}\n" * 1000)


@attack(
    "escaping",
    "batch: a notebook has the name that it was released with",
    error=True,
    says=("expected ps01_floors.ipynb, found",),
    ways=("full", "reduced"),  # nbgrader tries to grade it, and says that it does not know it
)
def a_notebook_with_controls_in_its_name(copy: Copy) -> None:
    (copy.folder / "ps01_floors\x1b[2J\u202e.ipynb").write_text(json.dumps(copy.nb))
    copy.name = "../ps01_floors\x9b".replace("/", "_")


@attack("escaping", "notebook: an empty file is none", error=True, says=("is empty",))
def an_empty_notebook(copy: Copy) -> None:
    copy.text = ""


@attack("escaping", "notebook: only UTF-8 is read", error=True, says=("is not UTF-8 text",))
def another_encoding(copy: Copy) -> None:
    copy.text = json.dumps(copy.nb).encode("utf-16")


@attack("escaping", "notebook: text that cannot be encoded is mended", target="length")
def half_characters(copy: Copy) -> None:
    copy.text = json.dumps(copy.nb).replace("numpy.linalg", "\\ud800", 1)


# ---------------------------------------------------------------------------------------------
# Injecting


@attack(
    "injecting",
    "batch: names are shown as text",
    student=f"<img src=x onerror=injected()> {SCRIPT[:8]}",
)
def a_student_id_that_is_html(copy: Copy) -> None:
    pass


@attack("injecting", "export: nothing begins a formula", student='=HYPERLINK("http:injected","x")')
def a_student_id_that_is_a_formula(copy: Copy) -> None:
    pass


@attack("injecting", "export: names are quoted", student="ida, 100, 100, injected")
def a_student_id_with_commas(copy: Copy) -> None:
    pass


@attack("injecting", "batch: names are shown as text", student="eve\x1b[2J\x1b[31m injected")
def a_student_id_with_controls(copy: Copy) -> None:
    pass


@attack("injecting", "gradebook: names are values, never SQL", student="x'); drop table grade; --")
def a_student_id_that_is_sql(copy: Copy) -> None:
    pass


# nbgrader looks for the notebooks of such a student and finds none, or another's.
@attack(
    "injecting",
    "gradebook: a name with signs of a pattern means itself",
    student="[a-z]*{x}%",
    ways=("full", "reduced"),
)
def a_student_id_that_is_a_pattern(copy: Copy) -> None:
    pass


@attack("injecting", "notebook: attributes and tags do not reach a page's markup")
def markup_in_the_metadata(copy: Copy) -> None:
    evil = f'x"><img src=x onerror=injected()>{SCRIPT}'
    for cell in copy.cells[:6]:
        cell["metadata"] |= {
            "tags": [evil, "remove_cell"],
            "name": evil,
            "slideshow": {"slide_type": evil},
        }
        cell["id"] = evil
    copy.insert("x", cell_type="raw", metadata={"raw_mimetype": "text/html", "format": "text/html"})
    copy.nb["metadata"] |= {
        "title": evil,
        "authors": [{"name": evil}],
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {evil: evil}}},
        "language_info": {"name": "python", "pygments_lexer": evil, "codemirror_mode": evil},
    }


@attack("injecting", "notebook: an attachment is a picture in a page, and nothing else")
def markup_in_attachments(copy: Copy) -> None:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload='injected()'>{SCRIPT}</svg>"
    attachments = {
        "a.svg": {"image/svg+xml": svg},
        "b.html": {"text/html": SCRIPT},
        'c" onerror="injected()': {"image/png": 'x" onerror="injected()'},
    }
    text = '![a](attachment:a.svg) ![b](attachment:b.html) ![c](attachment:c" onerror="injected())'
    copy.insert(text, cell_type="markdown", attachments=attachments)


@attack(
    "injecting",
    "notebook: the grader's words quote a name as JSON does",
    says=("which the assignment does not have",),
)
def markup_in_a_cell_s_name(copy: Copy) -> None:
    data = {"grade": True, "grade_id": f"{SCRIPT}\x1b[2J\n\u202e\x9b", "locked": True, "points": 1}
    copy.insert("1", metadata={"nbgrader": data | {"schema_version": 3, "solution": False}})


@attack("exhausting", "feedback: Markdown that takes long to read is shown as text")
def markdown_that_is_slow_to_read(copy: Copy) -> None:
    for text in (r"\begin{a}" * 20_000, "<b>" * 100_000, r"\\(" * 20_000, "[" * 100_000):
        copy.insert(text, cell_type="markdown")


@attack("injecting", "feedback: a page's markdown cannot hold HTML that does something")
def markup_in_a_written_answer(copy: Copy) -> None:
    copy.check("reason")["source"] = f"Because. {SCRIPT}<img src=x onerror=injected()>"
