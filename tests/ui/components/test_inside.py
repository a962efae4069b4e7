from __future__ import annotations

import json
import re

import pytest

from ui.components.inside import FOLDER, PATH, Inside, asset, files, version
from ui.texts import languages, texts


def test_the_page_carries_the_address_of_its_files_and_none_of_them() -> None:
    config = Inside(elem_id="inside").get_config()
    assert f'data-base="inside/{version()}/"' in config["html_template"]
    assert len(config["html_template"]) + len(config["js_on_load"]) < 1500


@pytest.mark.parametrize("name", ["main.js", "inside.css", "texts.json"])
def test_a_file_is_found_wherever_a_proxy_puts_it(name: str) -> None:
    for root in ("", "/digits"):
        found = asset(f"{root}{PATH}{version()}/{name}")
        assert found
        assert found[0] == files()[name]


@pytest.mark.parametrize(
    "path",
    [
        f"{PATH}{version()}/",
        f"{PATH}{version()}/../inside.py",
        f"{PATH}{version()}/nothing.js",
        f"{PATH}000000000000/main.js",
        f"{PATH}main.js",
        "/main.js",
        "",
    ],
)
def test_nothing_else_is_found(path: str) -> None:
    assert asset(path) is None


def test_every_text_that_a_script_names_is_there_in_every_language() -> None:
    strings = json.loads(files()["texts.json"])
    assert set(strings) == set(languages())
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js"))
    named = set(re.findall(r'(?:dataText|dataLabel): "([\w.]+)"', scripts)) | set(
        re.findall(r'\bt\("([\w.]+)"', scripts)
    )
    assert len(named) > 40
    for code in languages():
        assert named - set(strings[code]) == set()


def test_every_text_is_named_by_a_script() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js"))
    beginnings = tuple(re.findall(r"`([\w.]+\.)\$\{", scripts))
    ends = tuple(re.findall(r"\}(\.[\w.]+)[`]", scripts))
    keys = [key.removeprefix("inside.") for key in texts().strings if key.startswith("inside.")]
    assert [
        key for key in keys if f'"{key}"' not in scripts and not key.startswith(beginnings) and not key.endswith(ends)
    ] == []


def test_every_script_that_is_imported_is_served() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js"))
    assert set(re.findall(r'"\./([\w.]+)"', scripts)) <= set(files())
