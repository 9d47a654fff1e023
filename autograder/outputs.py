"""Outputs that come out of the sandbox, made safe to write into a notebook and show on a page."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any

MAX_OUTPUTS = 100  # of one cell
MAX_TEXT = 200_000  # characters of one text
MAX_PNG = 8_000_000  # characters of base64

_TAGS = frozenset(
    "table thead tbody tfoot tr th td caption div span p br hr b i em strong code pre sub sup ul ol li h1 h2 h3 h4 h5 h6 small".split()
)
_ATTRIBUTES = {"*": ["class"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"]}


def clean_outputs(raw: list[Any]) -> tuple[dict[str, Any], ...]:
    """nbformat outputs with known keys, bounded sizes and no script, from what a child sent."""
    cleaned = []
    for output in raw[:MAX_OUTPUTS]:
        if type(output) is dict:
            cleaned += list(_clean(output))
    return tuple(cleaned)


def error_output(name: str, text: str) -> dict[str, Any]:
    """An error output of the grader's own, such as a cell's time limit."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": text,
        "traceback": [f"{name}: {text}"],
    }


def _clean(output: dict[str, Any]) -> Iterator[dict[str, Any]]:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
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
        bundle = dict(_clean_data(data)) if type(data) is dict else {}
        if bundle:
            cleaned: dict[str, Any] = {"output_type": kind, "data": bundle, "metadata": {}}
            if kind == "execute_result":
                cleaned["execution_count"] = None
            yield cleaned


def _clean_data(data: dict[Any, Any]) -> Iterator[tuple[str, str]]:
    for mime, content in data.items():
        if type(content) is not str:
            continue
        if mime in ("text/plain", "text/latex"):
            # LaTeX is set by MathJax; a `<` in it would be read as HTML first.
            text = _text(content)
            yield mime, text if mime == "text/plain" else text.replace("<", r"\lt ")
        elif mime in ("image/png", "image/jpeg") and _is_base64(content):
            yield mime, content
        elif mime == "text/html":
            yield mime, _clean_html(_text(content))


def _clean_html(text: str) -> str:
    import bleach

    cleaned: str = bleach.clean(text, tags=_TAGS, attributes=_ATTRIBUTES, strip=True)
    return cleaned


def _is_base64(content: str) -> bool:
    if len(content) > MAX_PNG:
        return False
    try:
        base64.b64decode(content, validate=False)
    except (binascii.Error, ValueError):
        return False
    return content.replace("\n", "").isascii() and "<" not in content and '"' not in content


def _text(value: Any) -> str:
    return value[:MAX_TEXT] if type(value) is str else ""
