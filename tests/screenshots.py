"""`make screenshots`: the pictures that docs/ show, anew, from the classroom that tests/test_browser.py plays."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs/images"
_COLOURS = 64  # a page of text and icons needs no more
_MARGIN = 24


def shown() -> set[str]:
    """Names of the pictures in docs/, which are names of stations of the story."""
    texts = [page.read_text() for page in (ROOT / "docs").glob("*.md")]
    return {name for text in texts for name in re.findall(r"\(images/([\w-]+)\.png\)", text)}


def without_empty_end(picture: Image.Image) -> Image.Image:
    """Cut off at the bottom what has one colour throughout."""
    ground = Image.new(picture.mode, picture.size, picture.getpixel((0, picture.height - 1)))
    box = ImageChops.difference(picture, ground).getbbox()
    end = picture.height if box is None else min(picture.height, box[3] + _MARGIN)
    return picture.crop((0, 0, picture.width, end))


def main() -> None:
    sys.path.insert(0, str(ROOT))
    import classroom_story
    from live_classroom import open_classroom

    with TemporaryDirectory() as place, sync_playwright() as playwright:
        pictures, classroom_root, spare = (Path(place, name) for name in ("made", "hub", "spare"))
        for folder in (pictures, classroom_root, spare):
            folder.mkdir()
        with open_classroom(classroom_root, classroom_story.SETTINGS) as classroom:
            classroom_story.play(playwright, classroom, pictures, spare)
        IMAGES.mkdir(exist_ok=True)
        for old in IMAGES.glob("*.png"):
            old.unlink()
        for name in sorted(shown()):
            with Image.open(pictures / f"{name}.png") as picture:
                small = without_empty_end(picture.convert("RGB")).quantize(_COLOURS)
            small.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
