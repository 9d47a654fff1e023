"""Outputs that come out of the sandbox, made safe to write into a notebook and show on a page."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

MAX_OUTPUTS = 100  # of one cell
MAX_TEXT = 200_000  # characters of one text
MAX_PNG = 8_000_000  # characters of base64
MAX_HTML = 100_000  # characters of one cell's HTML; a parser is slow
MAX_OPEN_TAGS = 100  # of one kind at once; a parser's time grows with the square of them

_TAGS = frozenset(
    [
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "th",
        "td",
        "caption",
        "div",
        "span",
        "p",
        "br",
        "hr",
        "b",
        "i",
        "em",
        "strong",
        "code",
        "pre",
        "sub",
        "sup",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "small",
    ]
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_VOID_TAGS = frozenset(("br", "hr", "img", "wbr", "col"))
# MathJax's commands that make links, styles and identifiers, or load more commands.
_LATEX_COMMANDS = re.compile(
    r"\\(?:href|url|style|class|cssId|data|require|unicode|html\w*|mmlToken)\b"
)
_PAGE_TAGS = _TAGS | {"a", "img", "blockquote", "del", "s", "details", "summary"}
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,")
_ATTRIBUTES = {"*": ["class"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"]}


def clean_outputs(raw: list[Any]) -> tuple[dict[str, Any], ...]:
    """Nbformat outputs with known keys, bounded sizes and no script, from what a child sent."""
    cleaned: list[dict[str, Any]] = []
    html_left = MAX_HTML
    for output in raw[:MAX_OUTPUTS]:
        if type(output) is dict:
            for one in _clean(output, html_left):
                html_left -= len(one.get("data", {}).get("text/html", ""))
                cleaned.append(one)
    return tuple(cleaned)


def clean_page(html: str) -> str | None:
    """What Markdown was turned into, with nothing that a browser or MathJax would obey; None where it is too deep.

    Pictures are kept where they are part of the page: a link elsewhere would be followed by whoever looks at it.
    """
    if _is_deep(html):
        return None
    cleaned = _clean_html(html, tags=_PAGE_TAGS, attributes=_is_page_attribute)
    # A tag between a command and its name keeps MathJax from setting the formula.
    return None if cleaned is None else _LATEX_COMMANDS.sub(r"<span></span>\g<0>", cleaned)


def _is_page_attribute(tag: str, name: str, value: str) -> bool:
    if tag == "a":
        return name == "title" or (name == "href" and not value.lower().strip().startswith("data:"))
    if tag == "img":
        return name in ("alt", "title", "width", "height") or (
            name == "src" and _PICTURE.match(value) is not None
        )
    return name == "class" or name in _ATTRIBUTES.get(tag, ())


def error_output(name: str, text: str) -> dict[str, Any]:
    """An error output of the grader's own, such as a cell's time limit."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": text,
        "traceback": [f"{name}: {text}"],
    }


def _clean(output: dict[str, Any], html_left: int) -> Iterator[dict[str, Any]]:
    # _text first: comparing an array with a word gives no truth value.
    kind = _text(output.get("output_type"))
    if kind == "stream":
        name = "stderr" if _text(output.get("name")) == "stderr" else "stdout"
        yield {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
    elif kind == "error":
        lines = output.get("traceback")
        yield {
            "output_type": "error",
            "ename": _text(output.get("ename"))[:200],
            "evalue": _text(output.get("evalue"))[:2000],
            "traceback": [_text(line) for line in lines[:60]] if type(lines) is list else [],
        }
    elif kind in ("execute_result", "display_data"):
        data = output.get("data")
        bundle = dict(_clean_data(data, html_left)) if type(data) is dict else {}
        if bundle:
            cleaned: dict[str, Any] = {"output_type": kind, "data": bundle, "metadata": {}}
            if kind == "execute_result":
                cleaned["execution_count"] = None
            yield cleaned


def _clean_data(data: dict[Any, Any], html_left: int) -> Iterator[tuple[str, str]]:
    """What is kept of a bundle. HTML or LaTeX that is not clean is left out: the plain text stays."""
    for mime, content in data.items():
        if type(mime) is not str or type(content) is not str:
            continue
        if mime == "text/plain":
            yield mime, _text(content)
        elif mime == "text/latex" and not _LATEX_COMMANDS.search(content):
            # LaTeX is set by MathJax; a `<` in it would be read as HTML first.
            yield mime, _text(content).replace("<", r"\lt ")
        elif mime in ("image/png", "image/jpeg") and _is_base64(content):
            yield mime, content
        elif mime == "text/html" and len(content) <= html_left and not _is_deep(content):
            html = _clean_html(content)
            if html is not None:
                yield mime, html


def _is_deep(html: str) -> bool:
    """Whether many tags of one kind are open at once, by a count that trusts no nesting."""
    open_tags: Counter[str] = Counter()
    for slash, name in _TAG.findall(html):
        tag = name.lower()
        if tag not in _VOID_TAGS:
            open_tags[tag] = max(0, open_tags[tag] + (-1 if slash else 1))
            if open_tags[tag] > MAX_OPEN_TAGS:
                return True
    return False


def _clean_html(
    html: str, *, tags: frozenset[str] = _TAGS, attributes: Any = _ATTRIBUTES
) -> str | None:
    import bleach

    protocols = ("http", "https", "mailto", "data")
    try:
        cleaned: str = bleach.clean(
            html, tags=tags, attributes=attributes, protocols=protocols, strip=True
        )
    except Exception:  # a parser of 7,000 lines, and input made to break it
        return None
    return cleaned


def _is_base64(content: str) -> bool:
    if len(content) > MAX_PNG:
        return False
    try:
        base64.b64decode(content.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _text(value: Any) -> str:
    return value[:MAX_TEXT] if type(value) is str else ""
