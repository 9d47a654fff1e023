"""A submitted .ipynb -> a valid notebook and a `Submission`; and grades -> the graded notebook.

Plain JSON dicts and nothing else: nbformat alone takes a second to import. Whatever a student, an
editor or a merge tool did to the file, `sanitise` gives back a notebook in which every cell that
the instructor released stands exactly once, as nbgrader expects it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.model import (
    Cell,
    Grade,
    NotebookGrade,
    Outcome,
    SourceCell,
    Submission,
)

MAX_MIB = 50
MAX_VALUES = 2_000_000  # of the JSON: 50 MiB of empty objects would be read into 8 GiB
MAX_CELLS = 5_000
MAX_OUTPUTS_MIB = 20  # of a graded notebook, which becomes a page that people open
MAX_TEXT = 1_000_000  # characters of all cells' sources, which are parsed many times over

# Our own part of a cell's metadata: {"answer": name} in a released cell that holds the answer to an
# item and is no solution cell of nbgrader's; the outcome in a graded cell, see `with_grades`.
NAMESPACE = "autograder"

_CELL_TYPES = ("code", "markdown", "raw")
_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MAX_DEPTH = 24  # json and nbconvert recurse; an honest cell's metadata is 3 deep
_JSON_MIME = re.compile(r"application/(.*\+)?json")
# What an earlier run left behind, what could steer nbconvert's templates, and what is set anew.
_STALE_METADATA = {
    NAMESPACE,
    "nbgrader",
    "deletable",
    "editable",
    "execution",
    "collapsed",
    "scrolled",
    "transient",
}
_HIDDEN_REGIONS = re.compile(
    r"^[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME).*?END \1[^\n]*(\n|\Z)", re.DOTALL | re.MULTILINE
)


class NotebookError(Exception):
    """A file that cannot be read as a notebook; the text says what is wrong and what to do."""


# ---------------------------------------------------------------------------------------------
# Reading


def read(path: Path) -> dict[str, Any]:
    """The notebook in `path` as JSON: a dict whose "cells" is a list; nothing else is promised.

    Raises:
        NotebookError: as `read_bytes` and `parse` do.
    """
    return parse(read_bytes(path), str(path))


def refuse_link(path: Path) -> None:
    """For a file that a student handed in, before it is read.

    Raises:
        NotebookError: it is a symbolic link.
    """
    if path.is_symlink():
        raise NotebookError(
            f"{path} is a link, which may lead anywhere. Put the notebook itself there."
        )


def read_bytes(path: Path) -> bytes:
    """A notebook's file.

    Raises:
        NotebookError: missing, unreadable, or over 50 MiB.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise NotebookError(f"{path} is not a file. Collect the assignment again.")
        if size > MAX_MIB * 2**20:
            raise NotebookError(
                f"{path} is {size / 2**20:.0f} MiB; at most {MAX_MIB} MiB are read. "
                "Clear its outputs in JupyterLab and save it."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise NotebookError(f"{path}: no such file. Collect the assignment again.") from None
    except OSError as error:
        raise NotebookError(
            f"{path} cannot be read ({error.strerror}). Check its permissions."
        ) from None


def parse(data: bytes, place: str) -> dict[str, Any]:
    """The notebook in a file's bytes, as `read` gives it; messages call the file `place`.

    Raises:
        NotebookError: empty, too much to read, not JSON, not a notebook, or of a format other than 4.
    """
    if not data.strip():
        raise NotebookError(f"{place} is empty. Ask the student to hand in again.")
    if sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise NotebookError(
            f"{place} holds more than {MAX_VALUES:,} values. "
            "Clear its outputs in JupyterLab and save it."
        )
    try:
        # JSON has no NaN; Python's parser takes it, and browsers would refuse what we write.
        value = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None)
    except UnicodeDecodeError:
        raise NotebookError(
            f"{place} is not UTF-8 text, so not a notebook. Ask the student to hand in again."
        ) from None
    except json.JSONDecodeError as error:
        raise NotebookError(
            f"{place} is not valid JSON at line {error.lineno}, column {error.colno} "
            f"({error.msg}). A cut-off download or a merge conflict looks like this."
        ) from None
    except (ValueError, RecursionError):
        raise NotebookError(
            f"{place} is JSON that no notebook contains (nested too deep, or a number too long)."
        ) from None
    if not isinstance(value, dict):
        raise NotebookError(f"{place} is JSON but not a notebook: no object at the top.")
    version = value.get("nbformat", 4)
    if "worksheets" in value or (_is_int(version) and version < 4):
        raise NotebookError(
            f"{place} is a notebook of format 3 or older. Open it in JupyterLab and save it."
        )
    if _is_int(version) and version > 4:
        raise NotebookError(
            f"{place} is a notebook of format {version}; format 4 is read. "
            "Save it with a current JupyterLab."
        )
    if not isinstance(value.get("cells"), list):
        raise NotebookError(f'{place} is JSON but not a notebook: its "cells" is no list.')
    _refuse_too_much(value["cells"], place)
    return value


def _refuse_too_much(cells: list[Any], place: str) -> None:
    if len(cells) > MAX_CELLS:
        raise NotebookError(f"{place} has {len(cells):,} cells; at most {MAX_CELLS:,} are read.")
    sources = (_joined(cell.get("source")) for cell in cells if isinstance(cell, dict))
    size = sum(len(source) for source in sources if source is not None)
    if size > MAX_TEXT:
        raise NotebookError(
            f"{place} has {size:,} characters in its cells; at most {MAX_TEXT:,} are read. "
            "Data belong into a file beside the notebook."
        )


# ---------------------------------------------------------------------------------------------
# Mending


def sanitise(
    nb: Mapping[str, Any], manifest: Sequence[SourceCell]
) -> tuple[dict[str, Any], Submission]:
    """A valid nbformat-4.5 copy of `nb` with each cell of `manifest` in it once, and what it says.

    Locked cells, cell types, points and nbgrader's flags are as released; the student's text stays
    the student's; outputs are gone. Sanitising the result again changes nothing.

    Args:
        nb: JSON of a notebook; anything may be wrong with it.
        manifest: the released cells in the order of the source notebook, names unique.

    Returns:
        The notebook, and the submission with one note for each thing mended.
    """
    notes: list[str] = []
    cells = [cell for number, raw in _numbered(nb) for cell in _read_cell(number, raw, notes)]
    sources = {source.grade_id: source for source in manifest}
    chosen = _choose(cells, sources, notes)
    mended: list[_Cell] = []
    for cell in cells:
        source = sources.get(cell.claim or "")
        if source is not None and chosen[source.grade_id] is cell:
            _restore(cell, source, notes)
        elif cell.claim is not None:
            if source is None:
                named = (
                    f"the name {_quote(cell.claim)}, which the assignment does not have"
                    if cell.claim
                    else "no name"
                )
                notes.append(
                    f"{cell.place} is marked for nbgrader with {named}; "
                    "it counts as the student's own."
                )
            cell.claim = None
        mended.append(cell)
    _insert_missing(mended, manifest, notes)

    ids = _Ids(cell.id for cell in mended)
    metadata = _notebook_metadata(nb.get("metadata"))
    result = {
        "cells": [_nbformat_cell(cell, ids.unique(cell.id), sources) for cell in mended],
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    submission = Submission(
        cells=tuple(_model_cell(index, cell, sources) for index, cell in enumerate(mended)),
        language=_language(metadata),
        notes=tuple(notes),
    )
    return result, submission


def well_formed(nb: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """A valid nbformat-4.5 copy of `nb`, nbgrader's metadata kept as they are, and what was mended.

    For a notebook that must pass through nbformat before `sanitise` sees it.
    """
    notes: list[str] = []
    read = [(raw, cell) for number, raw in _numbered(nb) for cell in _read_cell(number, raw, notes)]
    ids = _Ids(cell.id for _, cell in read)
    cells = []
    for raw, cell in read:
        claim, cell.claim = cell.claim, None
        mended = _nbformat_cell(cell, ids.unique(cell.id), {})
        if claim is not None:
            mended["metadata"]["nbgrader"] = _clean(raw["metadata"]["nbgrader"])
        cells.append(mended)
    result = {
        "cells": cells,
        "metadata": _notebook_metadata(nb.get("metadata")),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return result, notes


def _numbered(nb: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    cells = nb.get("cells")
    yield from enumerate(cells if isinstance(cells, list) else [], start=1)


class _Cell:
    """A cell on its way through the mending. `claim` is the grade_id it goes by, or None."""

    __slots__ = ("attachments", "cell_type", "claim", "id", "metadata", "place", "source")

    def __init__(
        self,
        *,
        place: str,
        cell_type: str,
        source: str,
        metadata: dict[str, Any] | None = None,
        attachments: dict[str, Any] | None = None,
        claim: str | None = None,
        cell_id: str | None = None,
    ) -> None:
        self.place = place
        self.cell_type = cell_type
        self.source = source
        self.metadata = metadata or {}
        self.attachments = attachments
        self.claim = claim
        self.id = cell_id


def _read_cell(number: int, raw: Any, notes: list[str]) -> Iterator[_Cell]:
    """The cell that `raw` stands for; nothing where it is no cell at all."""
    place = f"Cell {number}"
    if not isinstance(raw, dict):
        notes.append(f"{place} is no cell but {_json_word(raw)}; it was left out.")
        return
    cell_type = raw.get("cell_type")
    if cell_type not in _CELL_TYPES:
        cell_type = "code" if "outputs" in raw else "raw"
        notes.append(f"{place} has no known cell type; it was read as {cell_type}.")
    source = _joined(raw.get("source"))
    if source is None:
        source = ""
        notes.append(f"{place} has no text where its source should be; it was read as empty.")
    metadata = raw.get("metadata")
    if not isinstance(metadata, dict):
        metadata = {}
        notes.append(f"{place} has no metadata; it counts as the student's own.")
    attachments = None
    if "attachments" in raw and cell_type != "code":
        attachments = _attachments(raw["attachments"])
        if attachments is None:
            notes.append(f"{place} has malformed attachments; they were left out.")
    yield _Cell(
        place=place,
        cell_type=cell_type,
        source=source,
        metadata=_cell_metadata(metadata),
        attachments=attachments,
        claim=_claim(metadata),
        cell_id=_cell_id(raw.get("id")),
    )


def _claim(metadata: dict[str, Any]) -> str | None:
    """The grade_id in a cell's metadata; "" where there is nbgrader metadata without one."""
    if "nbgrader" not in metadata:
        return None
    data = metadata["nbgrader"]
    if not isinstance(data, dict) or not data:
        return ""
    flags = ("grade", "solution", "locked", "task")
    if not any(data.get(flag) for flag in flags) and not data.get("grade_id"):
        return None  # JupyterLab's toolbar leaves such all-false metadata on plain cells
    grade_id = data.get("grade_id")
    return grade_id if isinstance(grade_id, str) else ""


def _choose(
    cells: Sequence[_Cell], sources: Mapping[str, SourceCell], notes: list[str]
) -> dict[str, _Cell]:
    """The cell that counts, for each grade_id that some cell claims."""
    claimants: dict[str, list[_Cell]] = {}
    for cell in cells:
        if cell.claim in sources:
            claimants.setdefault(cell.claim or "", []).append(cell)
    chosen = {}
    for grade_id, group in claimants.items():
        source = sources[grade_id]
        fitting = [cell for cell in group if cell.cell_type == source.cell_type] or group
        keep = fitting[0]
        why = "the first"
        if not source.locked and _same(keep.source, source.source):
            written = [cell for cell in fitting if not _same(cell.source, source.source)]
            if written:
                keep = written[0]
                why = "the first with an answer in it"
        if len(group) > 1:
            notes.append(
                f"{_quote(grade_id)} is there {len(group)} times; {keep.place.lower()} counts, "
                f"{why}. The others count as the student's own."
            )
        chosen[grade_id] = keep
    return chosen


def _restore(cell: _Cell, source: SourceCell, notes: list[str]) -> None:
    name = f"{cell.place} ({_quote(source.grade_id)})"
    if cell.cell_type != source.cell_type:
        notes.append(
            f"{name} was turned into a {cell.cell_type} cell; it is a {source.cell_type} cell again."
        )
        cell.cell_type = source.cell_type
        if source.cell_type == "code":
            cell.attachments = None
    if source.locked and cell.source != source.source:
        # The gradebook's text still holds the hidden tests that the released cell came without.
        if not _same(cell.source, _HIDDEN_REGIONS.sub("", source.source)):
            notes.append(f"{name} was changed; the released text was put back.")
        cell.source = source.source


def _insert_missing(cells: list[_Cell], manifest: Sequence[SourceCell], notes: list[str]) -> None:
    order = [source.grade_id for source in manifest]
    for position, source in enumerate(manifest):
        index_of = {cell.claim: i for i, cell in enumerate(cells) if cell.claim is not None}
        if source.grade_id in index_of:
            continue
        answer = index_of.get(f"{source.grade_id}_answer", _last_answer(cells, source.grade_id))
        before = [index_of[name] for name in order[:position] if name in index_of]
        after = [index_of[name] for name in order[position:] if name in index_of]
        if source.kind == "grade" and answer is not None:
            where = answer + 1
        elif before:
            where = before[-1] + 1
        elif after:
            where = after[0]
        else:
            where = len(cells)
        # The stub of a deleted answer cell is not run: it would undo a definition that the student
        # moved into a cell of their own. A person's cell needs the stub: nbgrader sees by it that
        # there is no answer.
        text = "" if source.kind == "solution" else source.source
        cells.insert(
            where,
            _Cell(
                place="A missing cell",
                cell_type=source.cell_type,
                source=text,
                claim=source.grade_id,
                cell_id=_cell_id(source.grade_id),
            ),
        )
        what = " empty" if source.kind == "solution" else ""
        notes.append(f"{_quote(source.grade_id)} was missing; it was put back{what}.")


def _last_answer(cells: Sequence[_Cell], name: str) -> int | None:
    found = [i for i, cell in enumerate(cells) if _answered(cell.metadata) == name]
    return found[-1] if found else None


def _nbformat_cell(cell: _Cell, cell_id: str, sources: Mapping[str, SourceCell]) -> dict[str, Any]:
    metadata = dict(cell.metadata)
    if cell.claim is not None:
        source = sources[cell.claim]
        metadata["deletable"] = False
        if source.locked:
            metadata["editable"] = False
        metadata["nbgrader"] = nbgrader_metadata(source)
    result: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": cell_id,
        "metadata": metadata,
        "source": cell.source,
    }
    if cell.cell_type == "code":
        result["execution_count"] = None
        result["outputs"] = []
    elif cell.attachments is not None:
        result["attachments"] = cell.attachments
    return result


def nbgrader_metadata(source: SourceCell) -> dict[str, Any]:
    """Schema version 3 of nbgrader's cell metadata, for a released cell."""
    metadata: dict[str, Any] = {
        "cell_type": source.cell_type,
        "grade": source.kind in ("grade", "manual"),
        "grade_id": source.grade_id,
        "locked": source.locked,
        "schema_version": 3,
        "solution": source.kind in ("solution", "manual"),
        "task": source.kind == "task",
    }
    if source.points is not None:
        metadata["points"] = source.points
    if source.checksum:
        metadata["checksum"] = source.checksum
    return metadata


def _model_cell(index: int, cell: _Cell, sources: Mapping[str, SourceCell]) -> Cell:
    source = sources.get(cell.claim or "")
    return Cell(
        index=index,
        cell_type=cell.cell_type,
        source=cell.source,
        grade_id=cell.claim,
        points=None if source is None else source.points,
        is_manual=source is not None and source.kind in ("manual", "task"),
        is_skipped=source is None and "skip-execution" in cell.metadata.get("tags", ()),
    )


# ---------------------------------------------------------------------------------------------
# The parts of a notebook that may be malformed


class _Ids:
    """Hands out each cell id once; the first cell that has a given id keeps it."""

    def __init__(self, present: Iterable[str | None]) -> None:
        self._reserved = {cell_id for cell_id in present if cell_id is not None}
        self._given: set[str] = set()
        self._count = 0

    def unique(self, cell_id: str | None) -> str:
        while cell_id is None or cell_id in self._given:
            self._count += 1
            candidate = f"cell-{self._count}"
            cell_id = None if candidate in self._reserved else candidate
        self._given.add(cell_id)
        return cell_id


def _cell_id(value: Any) -> str | None:
    return value if isinstance(value, str) and _CELL_ID.fullmatch(value) else None


def _joined(value: Any) -> str | None:
    """A text as nbformat writes it (a string or a list of lines), or None."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return _text("".join(line for line in value if isinstance(line, str)))
    return None


def _text(value: str) -> str:
    # A lone surrogate is fine in JSON but neither a file nor a database takes it.
    return value.encode("utf-8", "replace").decode("utf-8")


def _clean(value: Any, depth: int = 0) -> Any:
    """A copy of a JSON value that can be written again: text encodable, numbers finite, not deep."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if depth < _MAX_DEPTH:
        if isinstance(value, dict):
            return {_text(str(key)): _clean(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [_clean(item, depth + 1) for item in value]
    return None


def _cell_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    result = {key: value for key, value in _clean(metadata).items() if key not in _STALE_METADATA}
    if "tags" in result:
        tags = result["tags"] if isinstance(result["tags"], list) else []
        good = [tag for tag in tags if isinstance(tag, str) and tag.strip() and "," not in tag]
        result["tags"] = list(dict.fromkeys(good))
    answered = _answered(metadata)
    if answered is not None:
        result[NAMESPACE] = {"answer": answered}
    well_formed = {"name": str, "format": str, "jupyter": dict}
    for key, kind in well_formed.items():
        if key in result and not (isinstance(result[key], kind) and result[key] != ""):
            del result[key]
    if "\n" in result.get("name", ""):
        del result["name"]
    return result


def _answered(metadata: dict[str, Any]) -> str | None:
    """Name of the item that a cell holds the answer to, if it was released as such."""
    data = metadata.get(NAMESPACE)
    name = data.get("answer") if isinstance(data, dict) else None
    return _text(name) if isinstance(name, str) else None


def _attachments(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    result: dict[str, Any] = {}
    for name, bundle in value.items():
        if not isinstance(bundle, dict):
            return None
        good = {}
        for mime, data in bundle.items():
            text = _clean(data) if _JSON_MIME.fullmatch(mime) else _joined(data)
            if text is None:
                return None
            good[_text(mime)] = text
        result[_text(str(name))] = good
    return result


def _notebook_metadata(value: Any) -> dict[str, Any]:
    """What names the kernel and the language; the rest is the editor's or an earlier run's."""
    metadata = value if isinstance(value, dict) else {}
    result: dict[str, Any] = {}
    for key, required in (("kernelspec", ("name", "display_name")), ("language_info", ("name",))):
        part = metadata.get(key)
        if isinstance(part, dict):
            kept = {str(k): _text(v) for k, v in part.items() if isinstance(v, str)}
            if all(name in kept for name in required):
                result[key] = kept
    return result


def _language(metadata: Mapping[str, Any]) -> str:
    kernelspec = metadata.get("kernelspec", {})
    named = kernelspec.get("language") or metadata.get("language_info", {}).get("name")
    language = (named or kernelspec.get("name") or "python").strip().lower()[:64]
    return "python" if re.match(r"i?python", language) else language


def _same(one: str, other: str) -> bool:
    return one.strip() == other.strip()


def _quote(name: str) -> str:
    return json.dumps(_text(name[:80]), ensure_ascii=False)


def _json_word(value: Any) -> str:
    if value is None:
        return "null"
    words = {bool: "true or false", str: "text", list: "a list"}
    return words.get(type(value), "a number")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# ---------------------------------------------------------------------------------------------
# Grades into the notebook


def with_grades(
    nb: Mapping[str, Any],
    graded: NotebookGrade,
    verdicts: Mapping[str, Sequence[Mapping[str, Any]]],
    known: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The sanitised notebook with the outputs of its run and, in graded cells, verdict and score.

    To nbgrader a cell without a readable score has full points. So each autograded cell leaves with
    exactly one result, a finite score in [0, points]. Where there is none to give (the grader
    failed, or knows nothing about the cell) the result is empty: stock nbgrader stops there
    instead of awarding points, and `metadata["autograder"]` says that a person must grade it.

    Args:
        nb: from `sanitise`.
        graded: indices and names as in the `Submission` of the same `sanitise`.
        verdicts: display outputs by grade_id.
        known: cells of an earlier graded notebook whose verdicts stand, by grade_id.
    """
    known = known or {}
    cells = []
    count = 0
    room = MAX_OUTPUTS_MIB << 20
    for index, cell in enumerate(nb["cells"]):
        cell = dict(cell)
        if cell["cell_type"] == "code" and index in graded.outputs:
            count += 1
            cell["execution_count"] = count
            outputs = [dict(output) for output in graded.outputs[index]]
            room -= sum(map(_size, outputs))
            cell["outputs"] = outputs if room >= 0 else [_left_out()]
        if is_autograded(cell):
            grade_id = cell["metadata"]["nbgrader"]["grade_id"]
            if grade_id in known:
                mark = known[grade_id]["metadata"][NAMESPACE]
                cell["outputs"] = known[grade_id]["outputs"]
                cell["metadata"] = {**cell["metadata"], NAMESPACE: mark}
            else:
                _write_verdict(cell, graded.grades.get(grade_id), verdicts.get(grade_id, ()))
        cells.append(cell)
    return {**nb, "cells": cells}


def _size(output: Mapping[str, Any]) -> int:
    """Characters of an output's contents."""
    texts = (output.get("text", ""), *output.get("traceback", ()), *output.get("data", {}).values())
    return sum(map(len, texts))


def _left_out() -> dict[str, Any]:
    text = f"[left out: the outputs of this notebook, up to this cell, are more than {MAX_OUTPUTS_MIB} MiB]\n"
    return {"output_type": "stream", "name": "stdout", "text": text}


def with_keys(nb: Mapping[str, Any], key: str, item_keys: Mapping[str, str]) -> dict[str, Any]:
    """A graded notebook with the content keys of what it was graded from, for `known_verdicts`."""
    for cell in nb["cells"]:
        if is_autograded(cell):
            cell["metadata"][NAMESPACE]["key"] = _item_key(cell, item_keys)
    return {**nb, "metadata": {**nb["metadata"], NAMESPACE: {"key": key}}}


def parse_graded(data: bytes) -> dict[str, Any] | None:
    """A notebook that was graded before, texts in one piece, whoever wrote it; None where it cannot be read.

    nbgrader writes with nbformat, which cuts texts into lists of lines.
    """
    try:
        nb = parse(data, "")
        for cell in nb["cells"]:
            cell["source"] = _in_one_piece(cell["source"])
            for output in cell.get("outputs", ()):
                if "text" in output:
                    output["text"] = _in_one_piece(output["text"])
            for bundle in (
                *(output["data"] for output in cell.get("outputs", ()) if "data" in output),
                *cell.get("attachments", {}).values(),
            ):
                for mime in bundle:
                    if not _JSON_MIME.fullmatch(mime):
                        bundle[mime] = _in_one_piece(bundle[mime])
    except (NotebookError, KeyError, TypeError, AttributeError):  # a file that somebody has edited
        return None
    return nb


def _in_one_piece(text: Any) -> str:
    return text if isinstance(text, str) else "".join(text)


def known_verdicts(
    nb: Mapping[str, Any] | None, key: str, item_keys: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Cells of a graded notebook, by grade_id, whose verdicts hold under these keys.

    None of a notebook that was graded from something else, or not by us. A cell that waits for a person because
    the grader failed is judged anew.
    """
    try:
        if nb is None or nb["metadata"][NAMESPACE]["key"] != key:
            return {}
        return {
            cell["metadata"]["nbgrader"]["grade_id"]: cell
            for cell in nb["cells"]
            if is_autograded(cell)
            and not needs_a_person(cell)
            and cell["metadata"][NAMESPACE]["key"] == _item_key(cell, item_keys)
        }
    except (KeyError, TypeError, AttributeError):  # a file that somebody has edited
        return {}


def _item_key(cell: Mapping[str, Any], item_keys: Mapping[str, str]) -> str:
    # An ordinary test cell is part of the submission, whose key covers it.
    return item_keys.get(cell["metadata"]["nbgrader"]["grade_id"], "")


def graded_cells(submission: Submission) -> dict[str, Cell]:
    """The cells of a sanitised notebook that are graded without a person, by grade_id."""
    return {
        cell.grade_id: cell
        for cell in submission.cells
        if cell.grade_id is not None and cell.points is not None and not cell.is_manual
    }


def outcomes(nb: Mapping[str, Any]) -> dict[str, Outcome]:
    """What each autograded cell of a graded notebook came to, by grade_id."""
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: Outcome(cell["metadata"][NAMESPACE]["outcome"])
        for cell in nb["cells"]
        if is_autograded(cell)
    }


def recorded_cells(nb: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cells of a graded notebook that nbgrader's gradebook has rows for, without what is only shown."""
    return [
        cell
        if "outputs" not in cell
        else {**cell, "outputs": [o for o in cell["outputs"] if o["output_type"] != "display_data"]}
        for cell in nb["cells"]
        if "nbgrader" in cell["metadata"]
    ]


def _write_verdict(
    cell: dict[str, Any], grade: Grade | None, verdict: Sequence[Mapping[str, Any]]
) -> None:
    points = float(cell["metadata"]["nbgrader"]["points"])
    score = None if grade is None or grade.outcome is Outcome.GRADER_ERROR else grade.score
    mark: dict[str, Any] = {
        "outcome": Outcome.GRADER_ERROR.value if grade is None else grade.outcome.value
    }
    if grade is not None and grade.diagnoses:
        best = grade.diagnoses[0]
        mark["diagnosis"] = {
            "rule": best.rule,
            "family": best.family,
            "confirmed": best.confirmed,
        }
    if score is None or not math.isfinite(score):
        mark["outcome"] = Outcome.GRADER_ERROR.value
        mark["reference"] = "" if grade is None else grade.reference_number
        text = ""
    else:
        # float(): the repr of a numpy float is no number, which nbgrader takes for full points.
        text = repr(float(min(max(score, 0.0), points)))
    result = {
        "output_type": "execute_result",
        "execution_count": None,
        "metadata": {},
        "data": {"text/plain": text},
    }
    # nbgrader takes the first error, stderr or result of a cell for its score: none but ours.
    shown = [dict(output) for output in verdict if output.get("output_type") == "display_data"]
    cell["outputs"] = [*shown, result]
    cell["metadata"] = {**cell["metadata"], NAMESPACE: mark}


def is_autograded(cell: Mapping[str, Any]) -> bool:
    """Whether a cell of a sanitised notebook holds tests, whose points nobody gives by hand."""
    data = cell["metadata"].get("nbgrader", {})
    return bool(data.get("grade")) and not data.get("solution")


def needs_a_person(cell: Mapping[str, Any]) -> bool:
    """Whether `with_grades` left this autograded cell without a score."""
    mark = cell["metadata"].get(NAMESPACE, {})
    return bool(mark.get("outcome") == Outcome.GRADER_ERROR.value)
