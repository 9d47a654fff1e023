"""Formulas: what they become, and what no formula may do."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.mathml import formula, latex_to_html, to_mathml

# By hand, from the definitions of MathML's elements.
SET = {
    "x": "<mi>x</mi>",
    "x_1^2": "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>",
    r"\frac{a}{b}": "<mfrac><mi>a</mi><mi>b</mi></mfrac>",
    r"\sqrt{x}": "<msqrt><mi>x</mi></msqrt>",
    r"\sqrt[3]{x}": "<mroot><mi>x</mi><mn>3</mn></mroot>",
    r"A^\top": "<msup><mi>A</mi><mi>⊤</mi></msup>",
    r"a < b": "<mi>a</mi><mo>&lt;</mo><mi>b</mi>",
    r"\mathbb{R}": "<mi>ℝ</mi>",
    r"\text{if } x": "<mtext>if\u00a0</mtext><mi>x</mi>",
}


@pytest.mark.parametrize("latex", SET)
@pytest.mark.parametrize("display", [False, True])
def test_a_formula_is_set(latex: str, display: bool) -> None:
    kind = ' display="block"' if display else ""
    expected = ElementTree.fromstring(f"<math{kind}>{SET[latex]}</math>")
    mathml = to_mathml(latex, display=display)
    assert mathml is not None
    actual = ElementTree.fromstring(mathml)
    assert actual.attrib == expected.attrib
    assert outline(actual) == outline(expected)


def test_a_box_is_drawn() -> None:
    mathml = to_mathml(r"\boxed{x}", display=False)
    assert mathml is not None
    assert re.search(r'<mrow style="border: [^"]*"><mi>x</mi></mrow>', mathml)


def outline(element: ElementTree.Element) -> tuple[object, ...]:
    return (element.tag, element.text or "", *map(outline, element))


# Beyond what the course's own notebooks use, which tests/test_pages.py sets.
@pytest.mark.parametrize(
    ("latex", "rows"),
    [
        (r"\begin{align}a &= b \label{eq:a}\\ c &= d \nonumber\end{align}", 2),
        (r"\begin{align*}a &= b\end{align*}", 1),
        (r"a = b \label{eq:a}", 0),
        (r"\begin{equation}\begin{split}a &= b\\&= c\\&= d\end{split}\end{equation}", 4),
        (r"\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}", 2),
        (r"\begin{cases}1 & x > 0\\0 & \text{else}\end{cases}", 2),
        (r"\sum_{\substack{i \in I\\j \in J}} x", 2),
    ],
)
def test_environments_have_their_rows_and_no_numbers(latex: str, rows: int) -> None:
    mathml = to_mathml(latex, display=True)
    assert mathml is not None
    assert mathml.count("<mtr>") == rows
    assert "(1)" not in "".join(ElementTree.fromstring(mathml).itertext())


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{1}{",
        r"x}",
        r"\nosuchcommand{x}",
        r"\begin{align}a",
        r"\left( x",
        r"x^1^2",
        r"a & b",
        r"\ref{eq:a}",
        "\ud800",
        "\x00",
        r"\cancel{x}",  # would need a style sheet
    ],
)
def test_what_is_no_latex_stands_as_it_was_written(latex: str) -> None:
    source = f"${latex}$"
    assert formula(latex, source, display=False) == f"<code>{html.escape(source)}</code>"


@pytest.mark.parametrize(
    "latex",
    [
        r"\newcommand{\a}{\a\a}\a",
        r"\def\a#1{\sqrt{\sqrt{#1}}}\a{x}",
        r"\gdef\a{x}",
        r"\providecommand{\a}{x}",
        r"\renewcommand{\alpha}{x}",
        r"\let\a=\alpha \a",
        r"\global\let\a=x",
    ],
)
def test_nobody_defines_commands(latex: str) -> None:
    assert to_mathml(latex, display=False) is None
    assert to_mathml(r"\default \letter", display=False) is None  # which are no definitions,
    assert to_mathml(r"\Delta \lambda", display=False) is not None  # and no reason to refuse one


NESTS = {
    "braces": ("{", "x", "}"),
    "fractions": (r"\frac{1}{", "x", "}"),
    "roots": (r"\sqrt", "x", ""),
    "accents": (r"\bm", "x", ""),
    "powers": ("x^{", "x", "}"),
    "brackets": (r"\left(", "x", r"\right)"),
    "matrices": (r"\begin{pmatrix}", "x", r"\end{pmatrix}"),
    "open": ("{", "", ""),
    "colours": (r"\color{red}", "x", ""),
}

DEEPEST = """
import sys, threading
from autograder import mathml

def convert():
    opened, middle, closed = sys.argv[1:]
    for length in (100_000, mathml._MAX_LATEX):
        number = (length - len(middle)) // len(opened + closed)
        latex = opened * number + middle + closed * number
        print(mathml.to_mathml(latex, display=True) is None)

threading.stack_size(1 << 20)
thread = threading.Thread(target=convert)
thread.start()
thread.join()
"""


@pytest.mark.parametrize("name", NESTS)
def test_no_formula_is_too_deep_for_a_small_stack(name: str) -> None:
    """The converter's recursion would end the process: here it has an eighth of the usual stack."""
    command = [sys.executable, "-c", DEEPEST, *NESTS[name]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.split()[0]) == (0, "True"), done.stderr


@pytest.mark.parametrize("latex", [r"\sqrt{" * 99 + "x" + "}" * 99, "'" * 1500])
def test_what_would_be_too_large_for_a_page_is_refused(latex: str) -> None:
    assert to_mathml(latex, display=False) is None


HOSTILE = [
    r"\text{<script>alert(1)</script>}",
    r"\text{<img src=x onerror=alert(1)>}",
    r"\href{javascript:alert(1)}{x}",
    r"\url{javascript:alert(1)}",
    r"\style{position:fixed}{x}",
    r"\class{a}{x}",
    r"\cssId{a}{x}",
    r"\htmlId{a}{x}",
    r"\data{a=b}{x}",
    r"\unicode{x3c}",
    r"\color{red;background:url(//example.org)}x",
    r'\textcolor{"onmouseover=alert(1)}{x}',
    r"\includegraphics{http://example.org/x.png}",
    r'\begin{align}x\tag{"><script>alert(1)</script>}\end{align}',
    r"\begin{align}x\label{a}\end{align}\eqref{a}",
    r"\require{html}",
    r"</math><script>alert(1)</script>",
    r"\operatorname{<b onclick=alert(1)>}",
]
TOKENS = [*"{}[]()$&^_'x1.+<>\"#%~|/é中", *HOSTILE, *SET]
TOKENS += (
    r"\\ \left \right \middle \frac \sqrt \hat \overline \text \mathrm \operatorname \sum".split()
)
TOKENS += (
    r"\int \limits \prime \not \color{red} \tag{1} \displaystyle \over \choose \stackrel".split()
)
TOKENS += r"\hspace{1em} \raisebox{2em} \phantom \boxed \mbox \binom \hline \underbrace".split()
TOKENS += [rf"\{end}{{{name}}}" for name in ("align", "array", "cases") for end in ("begin", "end")]

HARMLESS = (
    r"math|m(?:row|i|n|o|text|space|padded|phantom|frac|sqrt|root|sub|sup|subsup|under|over|underover|"
    r"multiscripts|prescripts|table|tr|td)|b|i|em"
)
ELEMENT = re.compile(rf"</?(?:{HARMLESS})(?: [a-z]+=\"[^\"()<>&\\]*\")*>")


def assert_harmless(markup: str) -> None:
    """No tag but those of presentation, no attribute that links, names or runs."""
    rest = ELEMENT.sub("", markup)
    assert not re.search("[<>]", rest), rest
    names = {name for tag in ELEMENT.findall(markup) for name in re.findall(r" ([a-z]+)=", tag)}
    assert not [
        n for n in names if n.startswith("on") or n in ("href", "src", "id", "class", "name")
    ]


@pytest.mark.parametrize("latex", HOSTILE)
def test_a_formula_does_nothing(latex: str) -> None:
    shown = formula(latex, f"${latex}$", display=False)
    if shown.startswith("<math"):
        assert_harmless(shown)
    else:
        assert shown == f"<code>${html.escape(latex)}$</code>"


@settings(max_examples=2000, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=12), st.sampled_from(["", " "]), st.booleans())
def test_no_mixture_does_anything(tokens: list[str], between: str, display: bool) -> None:
    latex = between.join(tokens)
    mathml = to_mathml(latex, display=display)
    if mathml is not None:
        assert_harmless(mathml)
        assert len(mathml) < 60_000


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_shown(text: str) -> None:
    markup = latex_to_html(text)
    assert_harmless(markup.replace("<code>", "").replace("</code>", ""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain & <b>", "plain &amp; &lt;b&gt;"),
        (r"$x$", "<math><mi>x</mi></math>"),
        (r"a $x$, b", "a <math><mi>x</mi></math>, b"),
        (r"$$x$$", '<math display="block"><mi>x</mi></math>'),
        (r"\[x\]", '<math display="block"><mi>x</mi></math>'),
        (r"\(x\)", "<math><mi>x</mi></math>"),
        (
            r"$\displaystyle x$",
            '<math><mrow displaystyle="true" scriptlevel="0"><mi>x</mi></mrow></math>',
        ),
        (r"$\nosuch$ \$5 $", r"<code>$\nosuch$</code> \$5 $"),
        ("$" + "x" * 10_000 + "$", "<pre>$" + "x" * 10_000 + "$</pre>"),
    ],
)
def test_latex_that_a_cell_has_put_out(text: str, expected: str) -> None:
    assert latex_to_html(text) == expected


def test_an_environment_that_a_cell_has_put_out() -> None:
    markup = latex_to_html(r"\begin{align}a &= b\end{align}")
    assert markup.startswith('<math display="block"><mtable')
