"""`check()` for students' notebooks: runs the public examples, and looks at the form of other answers.

It knows nothing but the file `autograder.checks` beside the notebook, and says nothing about hidden tests or
right answers. A failure is an exception whose traceback is the message itself, so that JupyterLab shows a short
red block, nbgrader's Validate shows the same lines, and nothing is said twice.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import linecache
import math
import sys
import textwrap
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from autograder.compare import compare, describe
from autograder.feedback import notice
from autograder.formula import FormulaError, evaluate_formula, text_of
from autograder.model import resolved
from autograder.sandbox import wire
from autograder.source import SourcePart, forbidden_uses

__all__ = ["CHECKS_FILE", "CHECKS_VERSION", "CheckFailed", "check"]

CHECKS_FILE = "autograder.checks"
CHECKS_VERSION = 1
_WIDTH = 80  # nbgrader's validator cuts longer lines
_MAX_NOTES = 2
_MAX_TEXT = 200  # characters of an exception's message
_FETCH = "Fetch the assignment again, or ask your TA."


class CheckFailed(Exception):
    """What is not right yet, as lines to read. It has no traceback of its own to show."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this name.
        return list(self.lines)


def check(name: str, value: Any) -> None:
    """Check an answer as far as a student may know: `check("soft_threshold", soft_threshold)`.

    Args:
        name: the item's name.
        value: the function or the answer.

    Raises:
        CheckFailed: something is missing or not right; the message says what.
    """
    spec = _spec(name)
    kind = spec["kind"]
    if kind == "code":
        text, notes = _check_function(name, value, spec)
        _show(notice("Examples pass", name, text, notes))
        return
    form = _FORMS.get(kind)
    if form is None:
        _fail(f"{name}: items of kind {kind!r} cannot be checked by this autograder. {_FETCH}")
    if _is_blank(value):
        _fail(f"{name}: not answered yet. Set `{name}` to {form.wanted(spec)}.")
    fault = form.fault(value, spec)
    if fault:
        _fail(f"{name}: {fault}")
    _show(notice("Answered", name, "the form is right; it will be graded after you submit."))


def _fail(first: str, *details: str) -> NoReturn:
    lines = textwrap.wrap(first, _WIDTH, break_on_hyphens=False)
    for detail in details:
        lines += textwrap.wrap(
            detail, _WIDTH, break_on_hyphens=False, initial_indent="  ", subsequent_indent="    "
        )
    raise CheckFailed(lines)


def _show(bundle: dict[str, str]) -> None:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None and hasattr(shell, "kernel"):
        from IPython.display import display

        display(bundle, raw=True)
    else:
        print(bundle["text/plain"])


# ---------------------------------------------------------------------------------------------
# The file of checks

_loaded: dict[tuple[str, int, int], dict[str, Any]] = {}


def _spec(name: str) -> dict[str, Any]:
    path = Path(CHECKS_FILE)
    try:
        status = path.stat()
        key = (str(path.resolve()), status.st_mtime_ns, status.st_size)
        if key not in _loaded:
            _loaded.clear()
            _loaded[key] = wire.decode(path.read_bytes())
        checks = _loaded[key]
    except FileNotFoundError:
        _fail(
            f"There is no file {CHECKS_FILE} in {Path.cwd()}.",
            f"It belongs beside the notebook: is the notebook still in its folder? {_FETCH}",
        )
    except OSError as error:
        _fail(f"{CHECKS_FILE} cannot be read: {error.strerror or error}. {_FETCH}")
    except wire.WireError as error:
        _fail(f"{CHECKS_FILE} is damaged: {error}. {_FETCH}")
    version = checks.get("version") if type(checks) is dict else None
    if version != CHECKS_VERSION:
        _fail(
            f"{CHECKS_FILE} has version {version!r}; this autograder reads version {CHECKS_VERSION}. "
            f"{_FETCH}"
        )
    items = checks["items"]
    if name not in items:
        _fail(
            f"There is no item {name!r} in this assignment ({checks['set']}).",
            f"Its items: {', '.join(items)}.",
            f"If the notebook is of another assignment, put it back into its folder. {_FETCH}",
        )
    spec: dict[str, Any] = items[name]
    return spec


# ---------------------------------------------------------------------------------------------
# Functions


def _check_function(name: str, function: Any, spec: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The good word about a function, and notes for below it.

    Raises:
        CheckFailed: it is not right yet.
    """
    if function is None:
        _fail(f"{name}: not written yet. `{name}` is None.")
    if not callable(function):
        _fail(
            f"{name}: `{name}` is {describe(function, 60)} ({type(function).__name__}); expected a "
            "function. Was the name used again for something else?"
        )
    _check_parameters(name, function, spec["signature"])
    _check_forbidden(name, function, spec["forbidden"])
    public = _public_namespace(name, spec["public_source"])
    notes: dict[str, None] = {}  # a set that keeps its order
    lines: list[str] = []
    passed, total = 0, len(spec["examples"])
    for example in spec["examples"]:
        fault = _fault_of(name, function, spec, example, public, notes)
        passed += not fault
        lines += [f"✗ {example['name']}: {fault[0]}" if fault else f"✓ {example['name']}"]
        lines += [f"  {text}" for text in fault[1:]]
    warned = [f"Note: {note}" for note in notes][:_MAX_NOTES]
    if passed < total:
        _fail(f"{name}: {passed} of {total} public examples {_passes(passed)}.", *lines, *warned)
    every = "the public example passes" if total == 1 else f"all {total} public examples pass"
    return f"{every}. Hidden tests decide the grade.", warned


def _passes(count: int) -> str:
    return "passes" if count == 1 else "pass"


def _check_parameters(name: str, function: Any, wanted: Sequence[str]) -> None:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return  # some callables do not tell
    try:
        signature.bind(*wanted)
    except TypeError:
        count = len(signature.parameters)
        _fail(
            f"{name}: `{_name_of(function, name)}{signature}` takes {count} "
            f"argument{'' if count == 1 else 's'}; it is called with {len(wanted)}, as "
            f"`{name}({', '.join(wanted)})`."
        )


def _name_of(function: Any, name: str) -> str:
    own = getattr(function, "__name__", name)
    return own if type(own) is str and own.isidentifier() else name


def _check_forbidden(name: str, function: Any, forbidden: Sequence[str]) -> None:
    if not forbidden:
        return
    uses = forbidden_uses(_sources(function), _name_of(function, name), forbidden)
    if uses:
        # `torch.optim.SGD` and its parts stand on one line: the whole name says most.
        place = (uses[0].index, uses[0].line)
        use = max((u for u in uses if (u.index, u.line) == place), key=lambda u: len(u.name))
        _fail(
            f"{name}: `{use.name}` on line {use.line} is not allowed here; this exercise asks you "
            "to write it from scratch."
        )


def _sources(function: Any) -> list[SourcePart]:
    """Source of a function and of the student's functions it names, and the imports they rely on."""
    parts: list[SourcePart] = []
    imports: set[str] = set()
    seen: list[Any] = []
    waiting = [function]
    while waiting:
        current = waiting.pop()
        if any(current is other for other in seen):
            continue
        seen.append(current)
        try:
            lines, first = inspect.getsourcelines(current)
            # Blank lines before it, so that its lines have the numbers of the cell.
            text = "\n" * max(first - 1, 0) + textwrap.dedent("".join(lines))
            tree = ast.parse(text)
        except (OSError, TypeError, ValueError, SyntaxError):
            continue
        parts.append(SourcePart(len(parts), text))
        home = vars(sys.modules[current.__module__]) if current.__module__ in sys.modules else {}
        home = getattr(current, "__globals__", home)
        for used in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}:
            meant = home.get(used)
            if isinstance(meant, types.ModuleType):
                imports.add(f"import {meant.__name__} as {used}")
                continue
            module, own = getattr(meant, "__module__", None), getattr(meant, "__name__", None)
            if type(module) is not str or type(own) is not str:
                continue
            if module == current.__module__:
                waiting.append(meant)
            else:
                imports.add(f"from {module} import {own} as {used}")
    return [SourcePart(len(parts), "\n".join(sorted(imports))), *parts]


def _public_namespace(name: str, source: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": "public"}
    try:
        exec(compile(source, "<public>", "exec"), namespace)
    except ImportError as error:
        _fail(f"{name}: this exercise needs a module that is not installed here: {error}.")
    return namespace


def _fault_of(
    name: str,
    function: Any,
    spec: Mapping[str, Any],
    example: Mapping[str, Any],
    public: Mapping[str, Any],
    notes: dict[str, None],
) -> tuple[str, ...]:
    """What is wrong on one example, in lines; nothing where it passes.

    Raises:
        CheckFailed: the function is not written yet.
    """
    inputs = copy.deepcopy(example["inputs"])
    arguments = resolved(inputs, public)
    driver = public[spec["driver"]] if spec["driver"] else None
    called = f"Input: {', '.join(describe(value) for value in example['inputs'])}"
    # Validate takes anything on stderr for a failure, a warning of numpy's too.
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stderr(sys.stdout):
        warnings.simplefilter("always")
        try:
            value = driver(function, *arguments) if driver else function(*arguments)
        except (Exception, SystemExit) as error:
            place = _place(function, error)
            if isinstance(error, NotImplementedError) and place is not None and place.is_last:
                _fail(f"{name}: not written yet. `{name}` still raises NotImplementedError.")
            return _stopped(name, error, place), called
    for warning in caught:
        if warning.filename == _file_of(function):
            text = _one_line(str(warning.message))
            notes[f"line {warning.lineno}: {warning.category.__name__}: {text}"] = None
    mismatch = compare(value, example["expected"], rtol=spec["rtol"], atol=spec["atol"])
    if mismatch is not None:
        return mismatch.message, called
    changed = [
        n for n, pair in enumerate(zip(inputs, example["inputs"], strict=True)) if _differ(*pair)
    ]
    if changed:
        which = _names_of_inputs(driver, spec["signature"], len(inputs))[changed[0]]
        return (
            f"the answer is right, but your function changed its input `{which}`; work on a copy.",
            called,
        )
    return ()


def _differ(after: Any, before: Any) -> bool:
    try:
        return wire.encode(after) != wire.encode(before)
    except (wire.WireError, RecursionError):
        return True


def _names_of_inputs(driver: Any, signature: Sequence[str], count: int) -> list[str]:
    names = list(signature) if driver is None else list(inspect.signature(driver).parameters)[1:]
    return [*names, *(f"number {n + 1}" for n in range(len(names), count))]


@dataclass(frozen=True, slots=True)
class _Place:
    """The last line of the student's code that an exception passed."""

    code: types.CodeType
    line: int
    text: str
    is_in_function: bool  # in the cell or file of the function itself
    is_last: bool  # raised right there, not in a library


def _place(function: Any, error: BaseException) -> _Place | None:
    own_file, place = _file_of(function), None
    traceback = error.__traceback__
    while traceback is not None:
        frame, line = traceback.tb_frame, traceback.tb_lineno
        code = frame.f_code
        is_own = code.co_filename == own_file
        traceback = traceback.tb_next
        if is_own or frame.f_globals.get("__name__") == "__main__":
            text = linecache.getline(code.co_filename, line, frame.f_globals).strip()
            place = _Place(code, line, text, is_own, traceback is None)
    return place


def _stopped(name: str, error: BaseException, place: _Place | None) -> str:
    """An exception in a sentence, with the line of the student's code that it came from."""
    try:
        text = _one_line(str(error))
    except Exception:  # a student's own class may do anything here
        text = ""
    told = f"`{type(error).__name__}: {text}`" if text else f"`{type(error).__name__}`"
    if place is None:
        return f"what `{name}` returned could not be used: {told}."
    quoted = f", `{place.text}`" if 0 < len(place.text) <= 60 and "`" not in place.text else ""
    where = "" if place.is_in_function else f" of the cell that defines `{place.code.co_name}`"
    return f"your code stopped on line {place.line}{where}{quoted}: {told}."


def _file_of(function: Any) -> str:
    """The file or cell that a function, class, partial or callable object was written in."""
    function = getattr(function, "func", function)
    makers = (
        function,
        getattr(function, "__init__", None),
        type(function).__call__ if callable(function) else None,
    )
    for maker in makers:
        code = getattr(maker, "__code__", None)
        if isinstance(code, types.CodeType):
            return code.co_filename
    return ""


def _one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


# ---------------------------------------------------------------------------------------------
# The form of other answers. It is judged as the grader reads it, and nothing is said about the value.


def _is_blank(value: Any) -> bool:
    if type(value) is str:
        return not value.strip()
    if type(value) is dict:
        return all(_is_blank(part) for part in value.values())
    if type(value) in (list, tuple):
        return all(part is None for part in value)
    return value is None


def _number_fault(value: Any, count: int) -> str:
    """What keeps `value` from being a finite number, or `count` > 1 of them; "" where nothing does."""
    expected = 0.0 if count == 1 else np.zeros(count)
    # With an infinite tolerance only the form decides.
    mismatch = compare(value, expected, rtol=0.0, atol=math.inf)
    if mismatch is None:
        return ""
    if mismatch.kind == "finite":
        return f"is {mismatch.actual}; expected a finite number"
    wanted = "a number" if count == 1 else f"{count} numbers in a list"
    hint = ""
    if type(value) is str:
        hint = ", without quotes"
    elif mismatch.kind == "dtype" and mismatch.actual.endswith("of integers"):
        hint = ", with a decimal point"
    where = f"{mismatch.where} " if mismatch.where else ""
    return f"{where}is {mismatch.actual}; expected {wanted}{hint}"


def _numeric_fault(value: Any, spec: Mapping[str, Any]) -> str:
    fault = _number_fault(value, 1)
    return f"the answer {fault}." if fault else ""


def _parts_fault(value: Any, spec: Mapping[str, Any]) -> str:
    keys: Mapping[str, int] = spec["keys"]
    fault = _keys_fault(value, list(keys))
    if fault:
        return fault
    for key, count in keys.items():
        fault = _number_fault(value[key], count)
        if fault:
            return f"`{key}` {fault}."
    return ""


def _keys_fault(value: Any, keys: Sequence[str]) -> str:
    listed = ", ".join(map(repr, keys))
    if type(value) is not dict:
        return f"the answer is {describe(value, 60)}; expected a dict with the keys {listed}."
    missing = [key for key in keys if key not in value]
    extra = [key for key in value if key not in keys]
    if missing or extra:
        found = [f"{key!r} is missing" for key in missing]
        found += [f"{describe(key, 40)} is not one of them" for key in extra]
        return f"expected a dict with the keys {listed}: {', '.join(found)}."
    blank = [f"`{key}`" for key in keys if _is_blank(value[key])]
    return f"not answered yet: {', '.join(blank)}." if blank else ""


def _choice_fault(value: Any, spec: Mapping[str, Any]) -> str:
    if type(value) is str and value.strip().lower() in list(spec["options"]):
        return ""
    return f"the answer is {describe(value, 60)}; expected {_wanted_choice(spec)}."


def _ordering_fault(value: Any, spec: Mapping[str, Any]) -> str:
    letters: str | None = None
    if type(value) is str:
        letters = "".join(character for character in value.lower() if character.isalnum())
    elif type(value) in (list, tuple) and all(type(letter) is str for letter in value):
        letters = "".join(letter.strip().lower() for letter in value)
    if letters is not None and sorted(letters) == sorted(spec["letters"]):
        return ""
    wanted = ", ".join(sorted(spec["letters"]))
    return f"the answer is {describe(value, 60)}; expected each of the letters {wanted} once."


def _symbolic_fault(value: Any, spec: Mapping[str, Any]) -> str:
    parts = list(spec["parts"])
    if parts == [""]:
        return _formula_fault(value, "", spec["variables"])
    fault = _keys_fault(value, parts)
    faults = (
        fault,
        *(
            _formula_fault(value[part], f"`{part}`: ", spec["variables"])
            for part in parts
            if not fault
        ),
    )
    return next(filter(None, faults), "")


# Signs and sizes vary, so that a formula with a root or a logarithm is defined at some of them.
_POINTS = np.array([-3.7, -1.3, -0.6, -0.2, 0.15, 0.4, 0.8, 1.7, 3.1, 9.0])


def _formula_fault(value: Any, what: str, variables: Sequence[str]) -> str:
    # Each variable meets the others at other points, and all are positive together somewhere.
    points = {
        name: np.append(np.roll(_POINTS, 3 * n), 0.3 + 0.5 * n) for n, name in enumerate(variables)
    }
    try:
        values = evaluate_formula(text_of(value), points)
    except FormulaError as error:
        return f"{what}{error}."
    if not np.isfinite(values).any():
        return (
            f"{what}the formula has no finite value at any point tried; look at its roots, "
            "logarithms and divisions."
        )
    return ""


def _hunt_fault(value: Any, spec: Mapping[str, Any]) -> str:
    fault = _keys_fault(value, ["line", "repair"])
    if fault:
        return fault
    line, repair, count = value["line"], value["repair"], spec["lines"]
    is_whole = isinstance(line, int | np.integer) and type(line) is not bool
    if not is_whole or not 1 <= line <= count:
        return f"`line` is {describe(line, 60)}; expected a whole number from 1 to {count}."
    if type(repair) is not str:
        return f"`repair` is {describe(repair, 60)}; expected the new line as text."
    return (
        ""
        if _is_python(repair)
        else "`repair` does not read as a line of Python; look at its brackets and colon."
    )


_CONTEXTS = (
    "{code}",
    "{code}\n  pass",
    "if 1:\n  pass\n{code}\n  pass",
    "try:\n  pass\n{code}\n  pass",
    "{code}\n  pass\nfinally:\n  pass",
)


def _is_python(text: str) -> bool:
    """Whether the text is statements, or the opening line of a block."""
    for context in _CONTEXTS:
        with contextlib.suppress(SyntaxError, ValueError, MemoryError, RecursionError):
            ast.parse(context.replace("{code}", textwrap.dedent(text).strip()))
            return True
    return False


def _wanted_choice(spec: Mapping[str, Any]) -> str:
    *first, last = (f'"{letter}"' for letter in spec["options"])
    return f"one letter: {', '.join(first)} or {last}"


def _wanted_parts(spec: Mapping[str, Any]) -> str:
    return f"a dict with the keys {', '.join(map(repr, spec['keys']))}"


def _wanted_formula(spec: Mapping[str, Any]) -> str:
    names = " and ".join(filter(None, (", ".join(spec["variables"][:-1]), *spec["variables"][-1:])))
    if list(spec["parts"]) != [""]:
        return f"a dict of formulas with the keys {', '.join(map(repr, spec['parts']))}"
    return f"a formula as text, in {names}" if names else "a formula as text"


@dataclass(frozen=True, slots=True)
class _Form:
    """A kind of answer: what is wanted, in words, and what is wrong with a value, "" if nothing."""

    wanted: Callable[[Mapping[str, Any]], str]
    fault: Callable[[Any, Mapping[str, Any]], str]


_FORMS: Mapping[str, _Form] = {
    "numeric": _Form(lambda spec: "a number", _numeric_fault),
    "multi_numeric": _Form(_wanted_parts, _parts_fault),
    "experiment": _Form(_wanted_parts, _parts_fault),
    "multiple_choice": _Form(_wanted_choice, _choice_fault),
    "ordering": _Form(
        lambda spec: f"the letters {', '.join(sorted(spec['letters']))} in order, as one text",
        _ordering_fault,
    ),
    "symbolic": _Form(_wanted_formula, _symbolic_fault),
    "bug_hunt": _Form(lambda spec: 'a dict {"line": …, "repair": "…"}', _hunt_fault),
}
