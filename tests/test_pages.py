"""The pages that nbgrader makes: whole without a network, formulas and all, and safe to open."""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import jupytext
import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from nbgrader.server_extensions.formgrader import handlers
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension

from autograder import pages
from autograder.build import build_set
from autograder.course import load_course
from autograder.pages import markdown_to_html

REPOSITORY = Path(__file__).parent.parent
SOURCES = sorted(REPOSITORY.glob("assignments/*/*.md"))
SET = "ps14_prox"

pytestmark = [
    pytest.mark.xdist_group("pages"),
    pytest.mark.filterwarnings("ignore:Object of type <Submitted"),  # nbgrader's own
]

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def markdown(source: str, **attachments: Any) -> str:
    return markdown_to_html(source, attachments)


# ---------------------------------------------------------------------------------------------
# Markdown


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_formula_of_the_course_is_set(path: Path) -> None:
    cells = jupytext.reads(path.read_text(), fmt="md:myst").cells
    written = 0
    for cell in cells:
        if cell.cell_type == "markdown":
            prose = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL)
            formulas = re.findall(r"\$\$.+?\$\$|\$.+?\$", prose, re.DOTALL)
            page = BeautifulSoup(markdown(cell.source), "html.parser")
            assert len(page.find_all("math")) == len(formulas), cell.source
            assert "$" not in page.get_text()
            written += len(formulas)
    assert written > 100


def test_markdown_around_formulas_is_as_before() -> None:
    page = BeautifulSoup(markdown("# Title $x$\n\n*So* $y<1$ and\n\n$$z$$\n"), "html.parser")
    title, first, second = page.find_all(["h1", "p"])
    assert title.get_text() == "Title x"
    assert first.get_text() == "So y<1 and"
    assert first.em.get_text() == "So"
    assert [math.get("display") for math in page.find_all("math")] == [None, None, "block"]
    assert second.math.get_text() == "z"


@pytest.mark.parametrize("source", [r"$\frac{1}{$", r"$$\nosuch{a}$$", r"\begin{a}x<y\end{a}"])
def test_a_broken_formula_stands_as_it_was_written(source: str) -> None:
    page = BeautifulSoup(markdown(f"before {source} after"), "html.parser")
    assert page.get_text().strip() == f"before {source} after"
    assert page.code.get_text() == source


SCRIPT = r"\color{red}\text{\" ' onmouseover=injected()><script>injected()</script>}".replace(
    r"\"", '"'
)


@pytest.mark.parametrize(
    "source",
    [
        f"${SCRIPT}$",
        f"$${SCRIPT}$$",
        f"# ${SCRIPT}$",
        f"![${SCRIPT}$](data:image/png;base64,{PIXEL})",
        f'![x](data:image/png;base64,{PIXEL} "${SCRIPT}$")',
        f"[${SCRIPT}$](https://example.org)",
        f'<div title="\n\n${SCRIPT}$\n\n">x</div>',
        f"<div title='\n\n${SCRIPT}$\n\n'>x</div>",
        f"<div title=\n\n${SCRIPT}$\n\n>x</div>",
        f"<!--\n\n${SCRIPT}$\n\n-->",
        f"<script>\n\n${SCRIPT}$\n\n</script>",
        f"<style>\n\n${SCRIPT}$\n\n</style>",
        f"<textarea>\n\n${SCRIPT}$\n\n</textarea>",
        f"<math><mtext>\n\n${SCRIPT}$\n\n</mtext></math>",
        f"```\n${SCRIPT}$\n```",
        f"`${SCRIPT}$`",
        f"| a |\n|---|\n| ${SCRIPT}$ |",
        f"$\\begin{{align}}x\\tag{{{SCRIPT}}}\\end{{align}}$",
    ],
)
def test_a_formula_does_nothing_wherever_it_stands(source: str) -> None:
    page = BeautifulSoup(f"<html><body>{markdown(source)}</body></html>", "html.parser")
    for tag in page.find_all(True):
        assert tag.name not in ("script", "style", "textarea", "iframe"), tag
        assert not [n for n in tag.attrs if n.startswith("on") or not n.isalpha()], tag
        assert "formula" not in str(tag.attrs), "a mark was left in an attribute"
    assert not re.search("formula[0-9a-f]{32}", page.get_text())


def test_nobody_can_write_a_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages._Renderer({})._name != pages._Renderer({})._name
    names = iter([UUID(int=1), UUID(int=2)])
    monkeypatch.setattr(pages, "uuid4", lambda: next(names))
    old = f"formula{UUID(int=1).hex}n0;"
    assert markdown("$x$") == "<p><math><mi>x</mi></math></p>\n"
    assert markdown(f"$x$ {old}") == f"<p><math><mi>x</mi></math> {old}</p>\n"


def test_in_an_attribute_the_source_stands() -> None:
    page = BeautifulSoup(markdown(f"![a $x^2$](data:image/png;base64,{PIXEL})"), "html.parser")
    assert page.img["alt"] == "a $x^2$"


def test_a_picture_that_is_not_attached_costs_no_page() -> None:
    source = "Look: ![mine](attachment:mine.png)"
    assert markdown(source) == f"<pre>{source}</pre>"
    there = BeautifulSoup(markdown(source, **{"mine.png": {"image/png": PIXEL}}), "html.parser")
    assert there.img["src"] == f"data:image/png;base64,{PIXEL}"


def test_what_is_slow_to_read_is_shown_as_it_is() -> None:
    source = r"\begin{a}" * 2_000 + "<b>"
    assert markdown(source) == f"<pre>{source[:-3]}&lt;b&gt;</pre>"


# ---------------------------------------------------------------------------------------------
# Whole pages, of a real problem set with a student's additions


@dataclass(frozen=True)
class Pages:
    feedback: Path
    formgrade: str


ANSWER = r"""Since $\frac{1}{2} x^2 \ge 0$, as $\nosuch{x}$ shows; [see](https://example.org/proof).

![a picture of mine](https://example.org/x.png)

<script src="https://example.org/x.js"></script><img src="//example.org/y.png">
"""
OUTPUTS = {
    "text/latex": r"$\displaystyle \sqrt{\frac{x}{y}}$",
    "text/plain": "sqrt(x/y)",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    root = tmp_path_factory.mktemp("course")
    (root / "nbgrader_config.py").write_text(
        "from autograder.nbgrader_plugin import configure\n"
        "c = get_config()\n"
        "configure(c)\n"
        'c.CourseDirectory.course_id = "opt"\n'
        f"c.Exchange.root = {str(root / 'exchange')!r}\n"
    )
    build_set(load_course(REPOSITORY), SET, root / "source")
    app = NbGrader(raise_config_file_errors=True, log_level=50)
    app.initialize([], root=str(root))
    commands = NbGraderAPI(coursedir=app.coursedir, parent=app)
    assert commands.generate_assignment(SET)["success"]
    with api.Gradebook(app.coursedir.db_url) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(SET, "ada")

    nb = nbformat.read(root / "release" / SET / f"{SET}.ipynb", as_version=4)
    nb.cells.append(nbformat.v4.new_markdown_cell(ANSWER))
    output = nbformat.v4.new_output("display_data", data=OUTPUTS)
    nb.cells.append(nbformat.v4.new_code_cell("half", outputs=[output]))
    folder = root / "autograded" / "ada" / SET
    folder.mkdir(parents=True)
    nbformat.write(nb, folder / f"{SET}.ipynb")

    result = commands.generate_feedback(SET, "ada")
    assert result["success"], result
    feedback = root / "feedback" / "ada" / SET / f"{SET}.html"
    return Pages(feedback, formgrade_page(root, folder / f"{SET}.ipynb"))


def formgrade_page(root: Path, notebook: Path) -> str:
    """As nbgrader's server extension makes it: its own reading of the configuration, its own resources."""
    extension = FormgradeExtension(log_level=50)
    extension.root_dir = str(root)
    extension.initialize([], root=str(root))
    names = "assignment_id notebook_id submission_id last_name first_name notebook_path base_url"
    resources = dict.fromkeys(names.split(), "") | {"index": 0, "total": 1, "student": "ada"}
    exporter = HTMLExporter(config=extension.config)
    page: str = exporter.from_filename(str(notebook), resources=resources)[0]
    return page


def test_nbgrader_s_templates_are_where_they_are_looked_for() -> None:
    from autograder.nbgrader_plugin import _NBGRADER_TEMPLATES

    assert Path(handlers.template_path).samefile(_NBGRADER_TEMPLATES)


def loaded(page: BeautifulSoup) -> Iterator[str]:
    """Addresses that a browser fetches when it opens the page."""
    for tag in page.find_all(True):
        for name in ("src", "srcset", "data", "poster", "background", "xlink:href", "action"):
            if name in tag.attrs:
                yield str(tag[name])
        if tag.name not in ("a", "area") and "href" in tag.attrs:
            yield str(tag["href"])
        if "style" in tag.attrs or tag.name == "style":
            css = str(tag.attrs.get("style", "")) + tag.get_text()
            yield from re.findall(r"@import[^;]*", css)
            yield from re.findall(r"url\(\s*['\"]?([^'\")]*)", css)
        if tag.name == "meta" and str(tag.get("http-equiv", "")).lower() == "refresh":
            yield str(tag["content"])


def is_elsewhere(address: str) -> bool:
    return re.match(r"\s*(?:[a-z+.-]+:|//)", address, re.IGNORECASE) is not None and (
        not address.startswith("data:")
    )


def test_a_feedback_page_loads_nothing_from_elsewhere_and_runs_nothing(made: Pages) -> None:
    page = BeautifulSoup(made.feedback.read_text(), "html.parser")
    addresses = list(loaded(page))
    assert [address for address in addresses if is_elsewhere(address)] == []
    assert any(address.startswith("../fonts/") for address in addresses), "Bootstrap's, if anything"
    assert page.find_all(["script", "iframe", "object", "embed", "link", "base", "form"]) == []
    (policy,) = page.find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert "default-src 'none'" in policy["content"]
    assert "script-src" not in policy["content"]
    # A link is followed by whoever wants to.
    assert "https://example.org/proof" in [a["href"] for a in page.find_all("a", href=True)]


def test_a_formgrade_page_loads_nothing_from_elsewhere(made: Pages) -> None:
    page = BeautifulSoup(made.formgrade, "html.parser")
    addresses = list(loaded(page))
    assert [address for address in addresses if is_elsewhere(address)] == []
    assert [address for address in addresses if address.startswith("/formgrader/static/")]


@pytest.mark.parametrize("which", ["feedback", "formgrade"])
def test_formulas_of_text_and_of_outputs_are_in_both_pages(made: Pages, which: str) -> None:
    text = made.feedback.read_text() if which == "feedback" else made.formgrade
    page = BeautifulSoup(text, "html.parser")
    written = re.findall(r"\$\$.+?\$\$|\$.+?\$", "".join(prose(SET)), re.DOTALL)
    assert len(page.find_all("math")) == len(written) + 2
    output = page.select_one(".output_html math")
    assert output is not None
    assert output.select_one("msqrt > mfrac") is not None
    assert r"$\nosuch{x}$" in [code.get_text() for code in page.find_all("code")]


def prose(set_name: str) -> Iterator[str]:
    path = REPOSITORY / "assignments" / set_name / f"{set_name}.md"
    for cell in jupytext.reads(path.read_text(), fmt="md:myst").cells:
        if cell.cell_type == "markdown":
            yield re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL) + "\n"


# ---------------------------------------------------------------------------------------------
# In a browser, with no network


MEASURE = """<script>
const errors = [];
window.addEventListener("error", event => errors.push(event.message));
// At the end of the page, so that the page's own listeners come first.
document.addEventListener("DOMContentLoaded", () => window.addEventListener("load", function () {
  function box(node) {
    const one = node.getBoundingClientRect();
    return {left: one.left, top: one.top, width: one.width, height: one.height};
  }
  const all = Array.from(document.querySelectorAll("math"));
  const found = {
    formulas: all.map(box),
    fractions: Array.from(document.querySelectorAll("mfrac")).map(f => Array.from(f.children).map(box)),
    roots: Array.from(document.querySelectorAll("msqrt")).map(r => [box(r), box(r.firstElementChild)]),
    powers: Array.from(document.querySelectorAll("msup")).map(p => Array.from(p.children).map(box)),
    fetched: performance.getEntriesByType("resource").map(entry => entry.name),
    text: document.querySelector("#notebook").innerText,
    grader: typeof formgrader === "undefined" ? null : formgrader.loaded,
    injected: typeof injected === "undefined" ? null : injected,
    errors: errors,
  };
  const place = document.createElement("pre");
  place.id = "measured";
  place.textContent = JSON.stringify(found);
  document.body.appendChild(place);
}));
</script>"""


def opened(address: str, folder: Path) -> dict[str, Any]:
    """What headless Chromium makes of a page, as the script above measures it; names do not resolve."""
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",  # tests may run as root
        "--disable-gpu",
        "--disable-dev-shm-usage",
        # Nothing of its own goes on beside the page.
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-extensions",
        "--disable-sync",
        f"--user-data-dir={folder / 'profile'}",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--window-size=1000,1200",
        "--dump-dom",
        address,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    measured = BeautifulSoup(done.stdout, "html.parser").select_one("#measured")
    assert measured is not None, done.stderr
    found: dict[str, Any] = json.loads(measured.get_text())
    return found


def assert_set(found: dict[str, Any], number: int) -> None:
    """Mathematics is laid out: fractions stacked, radicals around, exponents small and raised."""
    assert len(found["formulas"]) == number
    assert all(box["width"] > 2 and box["height"] > 4 for box in found["formulas"])
    assert found["fractions"]
    for above, below in found["fractions"]:
        assert above["top"] + above["height"] <= below["top"] + 1
    assert found["roots"]
    for whole, inside in found["roots"]:
        assert whole["width"] > inside["width"] + 3
        assert whole["left"] + 3 < inside["left"]
    assert found["powers"]
    for base, power in found["powers"]:
        assert power["left"] >= base["left"] + base["width"] - 1
        assert power["top"] < base["top"] + base["height"] / 2
    assert "$" not in found["text"].replace(r"$\nosuch{x}$", "")


@pytest.mark.needs("chromium")
def test_a_browser_sets_the_formulas_of_a_feedback_page(made: Pages, tmp_path: Path) -> None:
    page = made.feedback.read_text()
    head, rest = page.split("<head>", 1)
    copy = tmp_path / "page.html"
    # Before the page's own policy; a script after it does not run.
    copy.write_text(f"{head}<head>{MEASURE}{rest}<script>var injected = 1;</script>")
    found = opened(copy.as_uri(), tmp_path)
    assert_set(found, page.count("<math"))
    # Bootstrap's own font, beside the page, is refused by the page's policy.
    assert [name for name in found["fetched"] if not name.startswith("file:")] == []
    assert found["injected"] is None


@pytest.mark.needs("chromium")
def test_a_browser_sets_the_formulas_of_a_formgrade_page(made: Pages, tmp_path: Path) -> None:
    page = made.formgrade.replace("<head>", f"<head>{MEASURE}", 1)
    with served(page) as address:
        found = opened(f"{address}/formgrader/submissions/1/", tmp_path)
        assert_set(found, made.formgrade.count("<math"))
        assert [name for name in found["fetched"] if not name.startswith(address)] == []
    assert found["errors"] == []
    assert found["grader"] is True, "nbgrader's script has come to its end"


@contextmanager
def served(page: str) -> Iterator[str]:
    """The address of a server on this machine that has the page, nbgrader's static files and no grades."""
    make: Callable[..., Any] = partial(_Handler, page.encode(), directory=handlers.static_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), make) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, page: bytes, *arguments: Any, **options: Any) -> None:
        self.page = page
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        if self.path.startswith("/formgrader/static/"):
            self.path = self.path.removeprefix("/formgrader/static")
            super().do_GET()
            return
        is_api = "/api/" in self.path
        body = b"[]" if is_api else self.page
        self.send_response(200)
        self.send_header("Content-Type", "application/json" if is_api else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass
