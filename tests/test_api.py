"""docs/api.md: its three programs run as they stand there, and its figures are the program's own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from model.preprocess import bounds, strokes
from tests.helpers.browsing import screenshot, tab
from tests.helpers.running import DRAWING, ROOT
from ui.server import limits, quota
from ui.views.snippet import ADDRESS, PROGRAMS

TEXT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS: dict[str, str] = dict(re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a photo.jpg, a drawn 3, for the programs to run in."""
    Image.open(ROOT / "examples" / "3-drawn.png").convert("RGB").save(tmp_path / "photo.jpg")
    return tmp_path


def run(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def labels(answer: dict[str, Any]) -> tuple[str, list[str]]:
    return answer["status"], [digit["label"] for digit in answer["digits"]]


def test_the_page_shows_the_programs_of_the_docs() -> None:
    assert {BLOCKS[language] for language in ("python", "bash", "js")} == set(PROGRAMS.values())
    assert all(program.count(ADDRESS) == 1 for program in PROGRAMS.values())


def test_the_bounds_are_the_programs_own() -> None:
    for told in (
        f"| {limits.MAX_FILE // 2**20} MB, {bounds.MAX_PIXELS // 10**6} million pixels "
        f"({bounds.MAX_PIXELS_OF['WEBP'] // 10**6} million as WebP or AVIF) |",
        f"| {quota.MOST_EACH // limits.MB} MB | 507 |",
        f"| {strokes.MAX_STROKES} strokes, {strokes.MAX_POINTS:,} points, a canvas of {strokes.MAX_SIDE:,} units |",
        f"| {limits.MAX_BODY // limits.MB} MB | 413 |",
        f"| {limits.RATE:.0f} calls a second, {limits.BURST:.0f} at once |",
    ):
        assert told in TEXT


def test_the_python_program_runs(url: str, folder: Path) -> None:
    picture, drawing = run(folder, sys.executable, "-c", BLOCKS["python"].replace(ADDRESS, url)).splitlines()[-2:]
    assert picture == "digit ['3']"
    assert drawing.startswith("digit [[['7', ")


def test_the_curl_program_runs(url: str, folder: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    out = run(folder, "sh", "-c", BLOCKS["bash"].replace(ADDRESS, url))
    first, end = json.JSONDecoder().raw_decode(out)
    second = json.loads(out[end:])
    assert labels(first["data"][0]) == ("digit", ["3"])
    assert labels(second["data"][0]) == ("digit", ["7"])
    told = json.loads(BLOCKS["json"])
    assert (told.keys(), told["digits"][0].keys()) == (second["data"][0].keys(), second["data"][0]["digits"][0].keys())
    assert (labels(told), told["digits"][0]["box"]) == (
        labels(second["data"][0]),
        second["data"][0]["digits"][0]["box"],
    )


def test_the_javascript_program_runs_in_a_browser(browser: Browser, url: str, folder: Path) -> None:
    """On the page's own site; from a site of another name a browser doesn't let it call a local page."""
    program = BLOCKS["js"].replace(ADDRESS, url)
    program += """return [
        await read("predict_strokes", seven),
        await readPicture(await (await fetch("/photo.jpg")).blob()),
        await read("predict_strokes", seven, "nothing"),
        await read("nothing", seven).catch((error) => error.message),
    ];"""

    def answer(route: Route) -> None:
        is_photo = route.request.url.endswith("/photo.jpg")
        route.fulfill(body=(folder / "photo.jpg").read_bytes() if is_photo else "<html>", content_type="text/html")

    context = browser.new_context()
    page = context.new_page()
    printed: list[str] = []
    page.on("console", lambda message: printed.append(message.text))
    page.route(re.compile(r"/photo\.jpg$|/empty$|//elsewhere\.example/"), answer)
    page.goto(f"{url}/empty")
    seven, photo, unknown, failed = page.evaluate(f"async () => {{ {program} }}")
    assert (labels(seven), labels(photo)) == (("digit", ["7"]), ("digit", ["3"]))
    assert unknown["error"].startswith("there is no such model: ")
    assert failed.startswith("500: ")
    assert any("digit" in line for line in printed)
    page.goto("http://elsewhere.example/")
    refused = page.evaluate(f"async () => {{ try {{ {program} }} catch (error) {{ return error.message; }} }}")
    assert refused == "Failed to fetch"
    context.close()


def test_the_javascript_program_runs_in_node(url: str, folder: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no Node on this machine")
    program = BLOCKS["js"].replace(ADDRESS, url)
    program += "const picture = new Blob([await (await import('node:fs/promises')).readFile('photo.jpg')]);\n"
    program += "console.log((await readPicture(picture)).digits[0].label);\n"
    (folder / "program.mjs").write_text(program, encoding="utf-8")
    out = run(folder, "node", "program.mjs")
    assert "status: 'digit'" in out
    assert out.endswith("\n3\n")


def test_gradios_own_list_of_endpoints_names_no_other_host(url: str) -> None:
    told = json.load(urllib.request.urlopen(f"{url}/gradio_api/info"))["named_endpoints"]
    assert set(told) == {"/predict_strokes", "/predict_image"}
    for endpoint in told.values():
        for program in endpoint["code_snippets"].values():
            hosts = {urlsplit(found).netloc for found in re.findall(r"https?://[\w.:/-]+", program)}
            assert hosts <= {urlsplit(url).netloc}
        assert "python -m model.predict --json" in endpoint["description"]
        assert [part["label"] for part in endpoint["parameters"][1:] + endpoint["returns"]] == ["model", "reading"]
    assert "handle_file('photo.jpg')" in told["/predict_image"]["code_snippets"]["python"]
    assert told["/predict_strokes"]["parameters"][0]["example_input"].keys() == DRAWING.keys()
    assert told["/predict_strokes"]["parameters"][0]["label"] == "drawing"


def test_the_page_shows_the_programs_with_its_own_address(page: Page, url: str) -> None:
    tab(page, "API")
    expect(page.locator("#code h2")).to_have_text(list(PROGRAMS))
    expect(page.locator("#code pre")).to_have_text([program.replace(ADDRESS, url) for program in PROGRAMS.values()])
    screenshot(page, "api")
    page.locator("footer button").filter(has_text="API").click()
    expect(page.locator(".api-docs")).to_contain_text("/predict_image")
    expect(page.locator(".api-docs")).to_contain_text("handle_file('photo.jpg')")
    assert [name.strip() for name in page.locator(".api-docs .snippet:visible").all_inner_texts()] == [
        *("Python", "JavaScript", "CLI", "cURL")  # and nothing of a tool, which this page doesn't serve
    ]
    screenshot(page, "api-list")
