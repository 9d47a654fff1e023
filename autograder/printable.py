"""What students write, as a terminal or a page may show it."""

import unicodedata


def printable(text: str) -> str:
    """The text without what a terminal or a browser would obey: controls, direction marks, surrogates."""
    return "".join(
        character
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
        else "    "
        if character == "\t"
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )
