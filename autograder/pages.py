"""A cell's Markdown as HTML, for the pages of nbgrader: safe to open, and complete without a network."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from nbconvert.filters.markdown_mistune import (
    InvalidNotebook,
    IPythonRenderer,
    MarkdownWithMath,
)

from autograder.mathml import formula
from autograder.outputs import clean_page

__all__ = ["TEMPLATES", "markdown_to_html"]

# Found before nbconvert's and nbgrader's own: the macro with which their pages load MathJax.
TEMPLATES = Path(__file__).parent / "templates" / "pages"

# nbconvert's reader of Markdown takes a minute for 180 kB of `\begin{a}`.
_MAX_MARKDOWN = 50_000
_MAX_BACKSLASHES = 1_000


def markdown_to_html(source: str, attachments: Mapping[str, Any]) -> str:
    """HTML in which nothing acts, whoever wrote the source; formulas are MathML.

    Source that cannot be read, or not soon, is shown as it is.
    """
    if len(source) <= _MAX_MARKDOWN and source.count("\\") <= _MAX_BACKSLASHES:
        renderer = _Renderer(attachments)
        try:
            cleaned = clean_page(MarkdownWithMath(renderer=renderer).render(source))
        except (InvalidNotebook, RecursionError):  # the former: a picture that is not attached
            cleaned = None
        if cleaned is not None:
            return renderer.with_formulas(cleaned)
    return f"<pre>{html.escape(source)}</pre>"


class _Renderer(IPythonRenderer):  # type: ignore[misc]
    """nbconvert's, except that a formula leaves a mark, which the cleaning of the page passes by."""

    def __init__(self, attachments: Mapping[str, Any]) -> None:
        super().__init__(escape=False, attachments=dict(attachments), exclude_anchor_links=True)
        # Nobody can write a mark into a notebook.
        self._name = f"formula{uuid4().hex}n"
        self._formulas: list[tuple[str, str]] = []  # source, HTML

    def inline_math(self, body: str) -> str:
        return self._mark(body, f"${body}$", display=False)

    def block_math(self, body: str) -> str:
        return self._mark(body, f"$${body}$$", display=True)

    def latex_environment(self, name: str, body: str) -> str:
        source = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return self._mark(source, source, display=True)

    def _mark(self, latex: str, source: str, *, display: bool) -> str:
        self._formulas.append((source, formula(latex, source, display=display)))
        return f"{self._name}{len(self._formulas) - 1};"

    def with_formulas(self, cleaned: str) -> str:
        """The page with its formulas. In an attribute, such as a picture's title, stands the source."""
        mark = re.compile(rf"{self._name}(\d+);")
        # Cleaned HTML has no `<` but that of a tag, and attributes in quotes.
        tag = r"""<(?:[^"'>]|"[^"]*"|'[^']*')*>"""

        def put(found: re.Match[str]) -> str:
            if found["tag"] is None:
                return self._formulas[int(found[2])][1]
            return mark.sub(lambda one: html.escape(self._formulas[int(one[1])][0]), found["tag"])

        return re.sub(rf"(?P<tag>{tag})|{mark.pattern}", put, cleaned)
