"""The pages for readers: their links lead somewhere, their pictures are small, their settings load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_classroom import ROOT

from hub_config.classroom.settings import DEMO, load_settings

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += [ROOT / "hub_config/README.md"]


def anchors(page: Path) -> set[str]:
    """Of a page's headings, as forges make them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_readers_find_their_pages() -> None:
    text = (ROOT / "README.md").read_text()
    pages = {page.name for page in (ROOT / "docs").glob("*.md")}
    assert pages >= {"student.md", "ta.md", "instructor.md", "hub-operator.md"}
    assert {page for page in pages if f"(docs/{page})" not in text} == set()


def test_pictures_are_small_and_shown() -> None:
    shown = {
        name
        for page in (ROOT / "docs").glob("*.md")
        for name in re.findall(r"\(images/([\w.-]+)\)", page.read_text())
    }
    pictures = {
        picture.name: picture.stat().st_size for picture in (ROOT / "docs/images").iterdir()
    }
    assert set(pictures) == shown
    assert max(pictures.values()) < 150_000


BLOCKS = re.findall(
    r"^```toml\n(.*?)^```", (ROOT / "docs/hub-operator.md").read_text(), re.DOTALL | re.MULTILINE
)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda text: re.findall(r'kind = "(\w+)"', text)[-1])
def test_settings_of_each_size_load(block: str, tmp_path: Path) -> None:
    """In place of the demo's tables, as the page says."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    replaced = {"[gpus]", *re.findall(r"^\[.*\]$", block, re.MULTILINE)}
    kept = [
        table
        for table in re.split(r"^(?=\[)", DEMO.read_text(), flags=re.MULTILINE)
        if table.partition("\n")[0] not in replaced
    ]
    text = "".join(kept).replace('"second_course"', f'"{DEMO.parent / "second_course"}"')
    text = text.replace('directory = ".."', f'directory = "{ROOT}"')
    file = tmp_path / "classroom.toml"
    file.write_text(text + block.replace("/etc/classroom.secret", str(secret)))
    settings = load_settings(file)
    assert settings.hub.state == Path("/srv/classroom")
    assert settings.hub.public_url == "https://hub.example.edu"


def test_a_settings_block_for_each_spawner_of_a_class() -> None:
    kinds = {re.findall(r'^kind = "(\w+)"$', block, re.MULTILINE)[-1] for block in BLOCKS}
    assert kinds == {"accounts", "docker", "slurm", "kubernetes"}
