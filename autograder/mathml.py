"""LaTeX formulas as MathML, which a browser sets by itself: without a script, and without a network.

A formula may be a student's. The converter is compiled code that calls itself as deep as a formula nests, so
a formula is bounded first; and what comes out is taken apart and put together again from known elements. A
formula that is refused, or that is no LaTeX, is shown as it was written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

__all__ = ["formula", "latex_to_html", "to_mathml"]

# Of one formula. The longest in the course that this was written for has 358 characters. With 8 MB of stack the
# converter dies of 10,000 braces within one another, and not of 3,000.
_MAX_LATEX = 2_000
_MAX_BRACES = 300
_MAX_MATHML = 50_000
_MAX_DEPTH = 100  # elements within one another; a browser stops at 512
_MAX_OUTPUT = (
    10_000  # characters of a cell's LaTeX: the search for formulas in it takes the square of them
)

# A definition can make any depth of a few characters.
_DEFINITION = re.compile(r"\\(?:(?:new|renew|provide)command|g?def|let|global)(?![a-zA-Z])")
# JupyterLab numbers no equations, so nothing refers to one.
_NUMBERED = re.compile(r"\\(begin|end)\{(align|equation|gather|multline)\}")
_LABEL = re.compile(r"\\label\{[^{}]*\}")
_SPLIT = re.compile(r"\\(begin|end)\{split\}")

_CONVERTER = LatexToMathML(
    fancy_error=False,
    allow_unreliable_rendering=True,  # \widetilde, whose tilde some browsers do not stretch
    macros={
        "ensuremath": "#1",
        "mbox": r"\text{#1}",
        "substack": r"\begin{subarray}{c}#1\end{subarray}",
    },
)

_ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace mpadded mphantom mfrac msqrt mroot msub msup msubsup munder mover "
    "munderover mmultiscripts mprescripts mtable mtr mtd b i em".split()
)
_ATTRIBUTES = frozenset(
    "accent accentunder depth display displaystyle form height linethickness lspace mathvariant maxsize "
    "minsize movablelimits rspace scriptlevel stretchy style symmetric voffset width".split()
)
_VALUE = re.compile(r"[A-Za-z0-9 #%:;.,+-]*")  # no parenthesis: no url() in a style

_BOX = "border: 0.05em solid currentcolor;padding: 0.2em"

_DELIMITED = re.compile(
    r"\$\$(?P<dollars>.+?)\$\$|\\\[(?P<brackets>.+?)\\\]"
    r"|(?P<environment>\\begin\{(?P<name>[a-z]+\*?)\}.*?\\end\{(?P=name)\})"
    r"|(?<!\\)\$(?P<dollar>.+?)(?<!\\)\$|\\\((?P<parentheses>.+?)\\\)",
    re.DOTALL,
)


def formula(latex: str, source: str, *, display: bool) -> str:
    """HTML of one formula: MathML, or `source`, the formula as it was written, where there is none."""
    mathml = to_mathml(latex, display=display)
    return f"<code>{html.escape(source)}</code>" if mathml is None else mathml


def latex_to_html(text: str) -> str:
    """HTML of what a cell has put out as LaTeX: text, with formulas between their usual marks."""
    if len(text) > _MAX_OUTPUT:
        return f"<pre>{html.escape(text)}</pre>"
    return "".join(_parts(text))


def _parts(text: str) -> Iterator[str]:
    end = 0
    for found in _DELIMITED.finditer(text):
        yield html.escape(text[end : found.start()])
        end = found.end()
        inline = found["dollar"] or found["parentheses"]
        latex = inline or found["dollars"] or found["brackets"] or found["environment"]
        yield formula(latex, found[0], display=inline is None)
    yield html.escape(text[end:])


def to_mathml(latex: str, *, display: bool) -> str | None:
    r"""A `<math>` element; None where the formula is no LaTeX, beyond a bound, or defines commands.

    Args:
        latex: the formula, without its delimiters; an environment such as `align` with its `\begin`.
        display: as a line of its own.
    """
    if (
        len(latex) > _MAX_LATEX
        or latex.count("{") > _MAX_BRACES
        or _DEFINITION.search(latex) is not None
    ):
        return None
    plain = _SPLIT.sub(r"\\\1{aligned}", _NUMBERED.sub(r"\\\1{\2*}", _LABEL.sub("", latex)))
    try:
        mathml = _CONVERTER.convert_with_local_state(plain, displaystyle=display)
    except (LatexError, UnicodeEncodeError):  # the latter: half of a surrogate pair
        return None
    # The one entity that XML does not know.
    return _checked(mathml.replace("&ApplyFunction;", "\u2061"))


def _checked(mathml: str) -> str | None:
    """The same element, written anew, if nothing in it is unknown."""
    if len(mathml) > _MAX_MATHML:
        return None
    try:
        root = ElementTree.fromstring(mathml)
    except ElementTree.ParseError:
        return None
    for element in root.iter("menclose"):
        # Browsers set this element as a row, and a \boxed formula without its box.
        if element.attrib == {"notation": "box"}:
            element.tag, element.attrib = "mrow", {"style": _BOX}
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > _MAX_DEPTH or not all(map(_is_known, level)):
            return None
        level = [child for element in level for child in element]
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def _is_known(element: ElementTree.Element) -> bool:
    return element.tag in _ELEMENTS and all(
        name in _ATTRIBUTES and _VALUE.fullmatch(value) for name, value in element.attrib.items()
    )
