"""Mangled notebooks: what a student, an editor or a merge tool may have done to the file."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.utils import compute_checksum, determine_grade

from autograder import notebook
from autograder.gradebook import checksum
from autograder.model import Grade, NotebookGrade, Outcome, SourceCell

STUB = "def soft_threshold(x, lam):\n    raise NotImplementedError"
RELEASED = [
    SourceCell("imports", "code", "import numpy as np", "readonly", locked=True),
    SourceCell("soft_threshold_answer", "code", STUB, "solution"),
    SourceCell(
        "soft_threshold", "code", 'check("soft_threshold", soft_threshold)', "grade", 4.0, True
    ),
    SourceCell("why", "markdown", "Your answer here.", "manual", 3.0),
    SourceCell("task", "markdown", "Plot it.", "task", 2.0, True),
]
MANIFEST = [replace(cell, checksum=checksum(cell)) for cell in RELEASED]
BY_NAME = {cell.grade_id: cell for cell in MANIFEST}


def plain(source: Any = "x = 1", cell_type: str = "code", **keys: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": cell_type, "metadata": {}, "source": source}
    if cell_type == "code":
        cell |= {"outputs": [], "execution_count": None}
    return cell | keys


def released(name: str, source: str | None = None, **keys: Any) -> dict[str, Any]:
    known = BY_NAME[name]
    cell = plain(known.source if source is None else source, known.cell_type)
    cell["metadata"]["nbgrader"] = notebook.nbgrader_metadata(known)
    return cell | keys


def answered() -> list[dict[str, Any]]:
    return [
        released("imports"),
        released("soft_threshold_answer", "def soft_threshold(x, lam):\n    return x"),
        released("soft_threshold"),
        released("why", "Because."),
        released("task"),
    ]


def mend(cells: Any, **keys: Any) -> tuple[dict[str, Any], Any]:
    nb, submission = notebook.sanitise({"cells": cells, **keys}, MANIFEST)
    nbformat.validate(nb)
    MetadataValidator().validate_nb(nbformat.from_dict(nb))
    names = [cell.grade_id for cell in submission.cells if cell.grade_id]
    assert sorted(names) == sorted(BY_NAME), "each released cell once"
    again, second = notebook.sanitise(nb, MANIFEST)
    assert (again, second.cells, second.notes) == (nb, submission.cells, ())
    return nb, submission


def source_of(nb: dict[str, Any], name: str) -> str:
    (cell,) = [c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name]
    return cell["source"]


def order_of(submission: Any) -> list[str | None]:
    return [cell.grade_id for cell in submission.cells]


# ---------------------------------------------------------------------------------------------


def test_an_honest_notebook_only_loses_its_outputs() -> None:
    cells = answered()
    cells[2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "4.0"}]
    cells[2]["execution_count"] = 7
    before = copy.deepcopy(cells)
    nb, submission = mend(cells)
    assert submission.notes == ()
    assert order_of(submission) == [cell.grade_id for cell in MANIFEST]
    assert [cell.points for cell in submission.cells] == [None, None, 4.0, 3.0, 2.0]
    assert [cell.is_manual for cell in submission.cells] == [False, False, False, True, True]
    assert all(c["outputs"] == [] for c in nb["cells"] if c["cell_type"] == "code")
    assert cells == before, "the input is left alone"


def test_metadata_are_what_nbgrader_leaves() -> None:
    nb, _ = mend(answered())
    for cell in nb["cells"]:
        data = cell["metadata"]["nbgrader"]
        source = BY_NAME[data["grade_id"]]
        node = nbformat.from_dict({**cell, "source": source.source})
        assert data["checksum"] == compute_checksum(node)
        assert cell["metadata"].get("editable", True) is not source.locked


def test_a_second_copy_is_the_students_own() -> None:
    cells = answered()
    cells.insert(3, copy.deepcopy(cells[1]))
    _, submission = mend(cells)
    assert order_of(submission)[3] is None
    assert submission.notes == (
        '"soft_threshold_answer" is there 2 times; cell 2 counts, the first. '
        "The others count as the student's own.",
    )


def test_the_copy_with_an_answer_counts() -> None:
    cells = answered()
    cells.insert(1, released("soft_threshold_answer"))
    nb, submission = mend(cells)
    assert "return x" in source_of(nb, "soft_threshold_answer")
    assert "cell 3 counts, the first with an answer in it" in submission.notes[0]


def test_a_copy_of_the_right_type_counts() -> None:
    cells = answered()
    cells.insert(0, {**released("soft_threshold_answer", "notes"), "cell_type": "markdown"})
    nb, _ = mend(cells)
    assert "return x" in source_of(nb, "soft_threshold_answer")


def test_a_deleted_test_cell_comes_back_behind_its_answer() -> None:
    cells = answered()
    del cells[2]
    cells = [cells[0], cells[2], cells[3], cells[1]]
    nb, submission = mend(cells)
    assert order_of(submission)[-2:] == ["soft_threshold_answer", "soft_threshold"]
    assert source_of(nb, "soft_threshold") == BY_NAME["soft_threshold"].source
    assert submission.notes == ('"soft_threshold" was missing; it was put back.',)


def test_a_deleted_test_cell_comes_back_behind_an_answer_that_nbgrader_does_not_know() -> None:
    marked = plain("soft_threshold = 3", metadata={"autograder": {"answer": "soft_threshold"}})
    cells = [marked, *(cell for i, cell in enumerate(answered()) if i not in (1, 2))]
    nb, submission = notebook.sanitise({"cells": cells}, [*MANIFEST[:1], *MANIFEST[2:]])
    assert order_of(submission) == [None, "soft_threshold", "imports", "why", "task"]
    assert nb["cells"][0]["metadata"] == {"autograder": {"answer": "soft_threshold"}}


def test_a_deleted_answer_comes_back_empty_and_a_persons_cell_as_released() -> None:
    cells = [cell for i, cell in enumerate(answered()) if i not in (1, 3)]
    nb, submission = mend(cells)
    assert order_of(submission) == [cell.grade_id for cell in MANIFEST]
    assert source_of(nb, "soft_threshold_answer") == ""
    why = nbformat.from_dict(nb["cells"][3])
    assert determine_grade(why) == (0, 3.0)
    assert submission.notes == (
        '"soft_threshold_answer" was missing; it was put back empty.',
        '"why" was missing; it was put back.',
    )


def test_deleted_first_cells_come_back_in_front() -> None:
    _, submission = mend([plain("notes", "markdown"), released("why", "Because.")])
    assert order_of(submission) == [
        None,
        "imports",
        "soft_threshold_answer",
        "soft_threshold",
        "why",
        "task",
    ]


def test_an_empty_notebook_gets_every_cell() -> None:
    _, submission = mend([])
    assert order_of(submission) == [cell.grade_id for cell in MANIFEST]
    assert len(submission.notes) == len(MANIFEST)


def test_reordered_cells_stay_where_they_are() -> None:
    cells = answered()[::-1]
    _, submission = mend(cells)
    assert order_of(submission) == [cell.grade_id for cell in MANIFEST][::-1]
    assert submission.notes == ()


def test_retyped_cells_are_turned_back_with_the_students_text() -> None:
    cells = answered()
    for cell in (cells[1], cells[2]):
        cell["cell_type"] = "markdown"
        del cell["outputs"], cell["execution_count"]
    cells[3] = {**plain("x = 3"), "metadata": cells[3]["metadata"]}
    nb, submission = mend(cells)
    assert [cell["cell_type"] for cell in nb["cells"]] == [cell.cell_type for cell in MANIFEST]
    assert "return x" in source_of(nb, "soft_threshold_answer")
    assert source_of(nb, "soft_threshold") == BY_NAME["soft_threshold"].source
    assert source_of(nb, "why") == "x = 3"
    assert submission.notes[0] == (
        'Cell 2 ("soft_threshold_answer") was turned into a markdown cell; it is a code cell again.'
    )


@pytest.mark.parametrize("text", ["", "print(4.0)", "# check away"])
def test_changed_locked_cells_are_restored(text: str) -> None:
    cells = answered()
    cells[2]["source"] = text
    nb, submission = mend(cells)
    assert source_of(nb, "soft_threshold") == BY_NAME["soft_threshold"].source
    assert submission.notes == (
        'Cell 3 ("soft_threshold") was changed; the released text was put back.',
    )


def test_an_emptied_answer_stays_empty() -> None:
    cells = answered()
    cells[1]["source"] = ""
    nb, submission = mend(cells)
    assert source_of(nb, "soft_threshold_answer") == ""
    assert submission.notes == ()


def test_hidden_tests_come_back_without_a_note() -> None:
    full = "assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(2) == 4\n### END HIDDEN TESTS\n"
    manifest = [SourceCell("test_f", "code", full, "grade", 1.0, True)]
    cell = plain("assert f(1) == 1")
    cell["metadata"]["nbgrader"] = notebook.nbgrader_metadata(manifest[0])
    nb, submission = notebook.sanitise({"cells": [cell]}, manifest)
    assert nb["cells"][0]["source"] == full
    assert submission.notes == ()


def test_points_and_flags_are_as_released() -> None:
    cells = answered()
    cells[2]["metadata"]["nbgrader"] |= {"points": 400, "locked": False, "solution": True}
    cells[1]["metadata"]["nbgrader"] |= {"grade": True, "points": 100}
    nb, _ = mend(cells)
    for cell in nb["cells"]:
        data = cell["metadata"]["nbgrader"]
        assert data == notebook.nbgrader_metadata(BY_NAME[data["grade_id"]])


def test_foreign_nbgrader_cells_are_kept_as_the_students_own() -> None:
    foreign = plain("bonus")
    foreign["metadata"]["nbgrader"] = {"grade": True, "grade_id": "bonus", "points": 50}
    nb, submission = mend([*answered(), foreign])
    assert "nbgrader" not in nb["cells"][-1]["metadata"]
    assert nb["cells"][-1]["source"] == "bonus"
    assert submission.notes == (
        'Cell 6 is marked for nbgrader with the name "bonus", which the assignment does not have; '
        "it counts as the student's own.",
    )


def test_a_forged_mark_of_the_grader_is_dropped() -> None:
    cells = answered()
    cells[2]["metadata"]["autograder"] = {"outcome": "grader_error", "answer": 3}
    nb, _ = mend(cells)
    assert not notebook.needs_a_person(nb["cells"][2])


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (None, "Cell 6 is no cell but null; it was left out."),
        ("text", "Cell 6 is no cell but text; it was left out."),
        ([1], "Cell 6 is no cell but a list; it was left out."),
        (3.5, "Cell 6 is no cell but a number; it was left out."),
        (plain(None), "Cell 6 has no text where its source should be; it was read as empty."),
        ({"cell_type": "code", "metadata": {}}, "Cell 6 has no text where its source should be"),
        (plain(metadata=None), "Cell 6 has no metadata; it counts as the student's own."),
        (plain(cell_type="heading"), "Cell 6 has no known cell type; it was read as raw."),
        (plain(cell_type=["code"]), "Cell 6 has no known cell type; it was read as raw."),
        (
            plain("x", "markdown", attachments={"a.png": "no bundle"}),
            "Cell 6 has malformed attachments; they were left out.",
        ),
    ],
)
def test_malformed_cells(raw: Any, note: str) -> None:
    nb, submission = mend([*answered(), raw])
    assert submission.notes[0].startswith(note)
    assert len(nb["cells"]) == (6 if isinstance(raw, dict) else 5)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (plain(["a\n", "b"]), "a\nb"),
        (plain(["a\n", 3, "b"]), "a\nb"),
        (plain("a\ud800"), "a?"),
        (plain(outputs="none", execution_count="In"), "x = 1"),
        (plain(id=""), "x = 1"),
        (plain(id="a b"), "x = 1"),
        (plain(id=7), "x = 1"),
        (plain(attachments={}), "x = 1"),
        (plain(unknown_key=1), "x = 1"),
        (plain(metadata={"tags": "no list", "name": 3, "jupyter": []}), "x = 1"),
        (plain(metadata={"tags": ["a", "a", "b,c", 4], "scrolled": "maybe"}), "x = 1"),
        (plain(metadata={"nbgrader": []}), "x = 1"),
        (plain(metadata={"autograder": []}), "x = 1"),
        (plain(metadata={"autograder": {"answer": ["why"], "outcome": 3}}), "x = 1"),
        (plain(metadata={"nbgrader": {"grade": True, "grade_id": ["why"]}}), "x = 1"),
        (plain(metadata={"collapsed": 1, "format": 1, "transient": {"remove_source": 1}}), "x = 1"),
    ],
)
def test_malformed_parts(cell: dict[str, Any], kept: str) -> None:
    nb, _ = mend([*answered(), cell])
    assert nb["cells"][-1]["source"] == kept
    json.dumps(nb).encode()


def test_cell_ids_are_unique_and_the_first_keeps_its_own() -> None:
    cells = [plain(id="a"), plain(id="a"), plain(), plain(id="cell-1")]
    nb, _ = mend(cells)
    ids = [cell["id"] for cell in nb["cells"]]
    assert ids[0] == "a"
    assert ids[3] == "cell-1"
    assert len(set(ids)) == len(ids)


def test_attachments_that_are_well_formed_stay() -> None:
    attachments = {"a.png": {"image/png": "aGk="}}
    nb, _ = mend([*answered(), plain("![](attachment:a.png)", "markdown", attachments=attachments)])
    assert nb["cells"][-1]["attachments"] == attachments


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({}, "python"),
        (None, "python"),
        ({"kernelspec": 3, "language_info": []}, "python"),
        ({"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, "r"),
        ({"kernelspec": {"name": "python3", "display_name": "Python 3"}}, "python"),
        ({"language_info": {"name": "julia"}}, "julia"),
        ({"language_info": {"name": "ipython"}}, "python"),
    ],
)
def test_language(metadata: Any, language: str) -> None:
    _, submission = mend(answered(), metadata=metadata)
    assert submission.language == language


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["code", "markdown", "why", "soft_threshold", "imports", "a,b", "\ud800"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=3)
            | st.sampled_from(["grade", "grade_id", "nbgrader", "tags", "name"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
mangled_cells = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw"]) | json_values,
        "id": st.sampled_from(["a", "b", "cell-1"]) | json_values,
        "source": st.sampled_from([STUB, "x"]) | json_values,
        "outputs": json_values,
        "execution_count": json_values,
        "attachments": json_values
        | st.dictionaries(st.text(), st.dictionaries(st.text(), json_values, max_size=2)),
        "metadata": json_values
        | st.fixed_dictionaries(
            {},
            optional={
                "nbgrader": json_values
                | st.fixed_dictionaries(
                    {"grade_id": st.sampled_from([*BY_NAME, "other"])},
                    optional={"grade": json_values, "points": json_values},
                ),
                "tags": st.lists(json_values, max_size=3),
                "name": json_values,
                "jupyter": json_values,
                "execution": json_values,
                "collapsed": json_values,
                "format": json_values,
                "editable": json_values,
            },
        ),
    },
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(cells=st.lists(mangled_cells | json_values, max_size=6) | json_values, metadata=json_values)
def test_sanitise_never_raises_and_gives_a_valid_notebook(cells: Any, metadata: Any) -> None:
    nb, _ = mend(cells, metadata=metadata)
    json.dumps(nb, ensure_ascii=False, allow_nan=False).encode()
    plain_nb, _ = notebook.well_formed({"cells": cells, "metadata": metadata})
    nbformat.validate(plain_nb)
    once, first = notebook.sanitise(plain_nb, MANIFEST)
    assert first.cells == notebook.sanitise({"cells": cells}, MANIFEST)[1].cells
    assert once["cells"] is not plain_nb["cells"]


def test_well_formed_keeps_what_sanitise_needs() -> None:
    cells = [*answered()[:3], "no cell"]
    nb, notes = notebook.well_formed({"cells": cells})
    assert notes == ["Cell 4 is no cell but text; it was left out."]
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in nb["cells"]] == [
        "imports",
        "soft_threshold_answer",
        "soft_threshold",
    ]


# ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "{path} is empty. Ask the student to hand in again."),
        (b"\xff\xfe\x00", "{path} is not UTF-8 text, so not a notebook."),
        (b"<<<<<<< HEAD\n{}", "{path} is not valid JSON at line 1, column 1 (Expecting value)."),
        (b"[]", "{path} is JSON but not a notebook: no object at the top."),
        (b"{}", '{path} is JSON but not a notebook: its "cells" is no list.'),
        (b'{"cells": {}}', '{path} is JSON but not a notebook: its "cells" is no list.'),
        (b'{"nbformat": 3, "worksheets": []}', "{path} is a notebook of format 3 or older."),
        (b'{"nbformat": 9, "cells": []}', "{path} is a notebook of format 9; format 4 is read."),
        (b"[" * 100_000, "{path} is JSON that no notebook contains"),
        (b'{"cells": [' + b"9" * 5000 + b"]}", "{path} is JSON that no notebook contains"),
    ],
)
def test_files_that_are_no_notebooks(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "ps1.ipynb"
    path.write_bytes(data)
    with pytest.raises(notebook.NotebookError) as error:
        notebook.read(path)
    assert str(error.value).startswith(text.format(path=path))


def test_missing_directory_and_large_files(tmp_path: Path) -> None:
    with pytest.raises(notebook.NotebookError, match=r"no such file\. Collect"):
        notebook.read(tmp_path / "ps1.ipynb")
    with pytest.raises(notebook.NotebookError, match="is not a file"):
        notebook.read(tmp_path)
    large = tmp_path / "large.ipynb"
    with large.open("wb") as file:
        file.truncate(51 * 2**20)
    with pytest.raises(notebook.NotebookError, match="is 51 MiB; at most 50 MiB are read"):
        notebook.read(large)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ("{}," * 2_100_000, "holds more than 2,000,000 values. Clear its outputs"),
        ("0," * 6_000, "has 6,001 cells; at most 5,000 are read."),
        (
            json.dumps({"source": ["x" * 500_001] * 2}) + ",",
            "has 1,000,002 characters in its cells; at most 1,000,000 are read. Data belong",
        ),
    ],
    ids=["values", "cells", "text"],
)
def test_more_than_a_person_writes_is_not_read(cells: str, text: str) -> None:
    """50 MiB of empty objects were read into 8 GiB, and each of 17 million got a note."""
    with pytest.raises(notebook.NotebookError) as error:
        notebook.parse(b'{"cells": [' + cells.encode() + b"0]}", "ps1.ipynb")
    assert str(error.value).startswith(f"ps1.ipynb {text}")


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.ipynb").write_text('{"cells": []}')
    (tmp_path / "ps1.ipynb").symlink_to(tmp_path / "other.ipynb")
    notebook.refuse_link(tmp_path / "other.ipynb")
    with pytest.raises(notebook.NotebookError, match="is a link, which may lead anywhere"):
        notebook.refuse_link(tmp_path / "ps1.ipynb")


def test_reads_a_byte_order_mark_and_nan(tmp_path: Path) -> None:
    path = tmp_path / "ps1.ipynb"
    path.write_bytes(b'\xef\xbb\xbf{"nbformat": 4, "cells": [{"metadata": {"a": NaN}}]}')
    assert notebook.read(path)["cells"] == [{"metadata": {"a": None}}]


# ---------------------------------------------------------------------------------------------


def grade(score: float | None, outcome: Outcome = Outcome.FAILED) -> Grade:
    return Grade("soft_threshold", "code", outcome, score, 4.0, reference_number="7f3a")


def graded_cell(one: Grade | None, verdict: list[dict[str, Any]]) -> dict[str, Any]:
    nb, _ = mend(answered())
    grades = {} if one is None else {"soft_threshold": one}
    stdout = {"output_type": "stream", "name": "stdout", "text": "hi"}
    graded = NotebookGrade(grades, {1: (stdout,), 2: (stdout,)}, "full", 0.1)
    before = copy.deepcopy(nb)
    result = notebook.with_grades(nb, graded, {"soft_threshold": verdict})
    nbformat.validate(result)
    assert nb == before
    assert result["cells"][1]["outputs"] == [stdout]
    assert result["cells"][1]["execution_count"] == 1
    return result["cells"][2]


def test_outputs_of_a_graded_notebook_have_a_greatest_size() -> None:
    nb, _ = notebook.sanitise({"cells": [{"cell_type": "code", "source": "x"}] * 6}, [])
    picture = {
        "output_type": "display_data",
        "data": {"image/png": "A" * (6 << 20)},
        "metadata": {},
    }
    graded = NotebookGrade({}, dict.fromkeys(range(6), (picture,)), "full", 0.1)
    result = notebook.with_grades(nb, graded, {})
    nbformat.validate(result)
    kept = [cell["outputs"] for cell in result["cells"]]
    assert kept[:3] == [[picture]] * 3
    for outputs in kept[3:]:
        assert "are more than 20 MiB" in outputs[0]["text"]


SHOWN = {"output_type": "display_data", "data": {"text/plain": "4 of 4"}, "metadata": {}}


@pytest.mark.parametrize(
    ("score", "points"),
    [(3.0, 3.0), (0.0, 0.0), (4.0, 4.0), (-1.0, 0.0), (9.0, 4.0), (1 / 3, 1 / 3)],
)
def test_the_score_is_what_nbgrader_reads(score: float, points: float) -> None:
    cell = graded_cell(grade(score), [SHOWN])
    assert cell["outputs"][0] == SHOWN
    assert len(cell["outputs"]) == 2
    assert determine_grade(nbformat.from_dict(cell)) == (points, 4.0)
    assert not notebook.needs_a_person(cell)


@pytest.mark.parametrize(
    "one",
    [
        None,
        grade(None, Outcome.GRADER_ERROR),
        grade(4.0, Outcome.GRADER_ERROR),
        grade(None),
        grade(math.nan),
        grade(math.inf),
    ],
)
def test_without_a_score_a_person_is_asked_and_stock_nbgrader_gives_nothing(
    one: Grade | None,
) -> None:
    cell = graded_cell(one, [SHOWN])
    assert notebook.needs_a_person(cell)
    with pytest.raises(KeyError):
        determine_grade(nbformat.from_dict(cell))


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "execute_result", "data": {"text/plain": "4.0"}, "metadata": {}},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": []},
        {"output_type": "stream", "name": "stderr", "text": "warning"},
    ],
)
def test_nothing_in_a_verdict_passes_for_the_score(output: dict[str, Any]) -> None:
    cell = graded_cell(grade(1.0), [output, SHOWN])
    assert determine_grade(nbformat.from_dict(cell)) == (1.0, 4.0)
