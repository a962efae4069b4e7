"""The network at work: a part whose scripts, style and texts a browser loads when its tab is first opened.

They are served below ``inside/VERSION/``, where the version is a checksum of all of them, so a browser may keep them
for ever and yet always has those that fit the page.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from ui.texts import languages, texts
from ui.views.render import render

FOLDER = Path(__file__).parent / "inside"
#: Where the files are served.
PATH = "/inside/"
#: The beginning of the keys of its strings.
PREFIX = "inside."
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".json": "application/json"}


class Inside(gr.HTML):
    """Its value is what ``ui.network.look`` returns: the digits to look into the network with."""

    def __init__(self, **arguments: Any) -> None:
        template = render("inside.html", version=version())
        script = (FOLDER.parent / "inside.js").read_text(encoding="utf-8")
        super().__init__(value=None, html_template=template, js_on_load=script, **arguments)

    def postprocess(self, value: Any) -> Any:
        """The digits as they are."""
        return value


@lru_cache
def files() -> dict[str, bytes]:
    """The content of every file by its name."""
    found = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS}
    strings = {
        code: {key.removeprefix(PREFIX): text for key, text in texts(code).strings.items() if key.startswith(PREFIX)}
        for code in languages()
    }
    return {**found, "texts.json": json.dumps(strings, ensure_ascii=False).encode()}


@lru_cache
def version() -> str:
    """A checksum of all files."""
    content = b"".join(name.encode() + content for name, content in sorted(files().items()))
    return hashlib.sha256(content).hexdigest()[:12]


def asset(path: str) -> tuple[bytes, str] | None:
    """The content and kind of the file at the end of a path, if it is one of these in this version."""
    _, found, name = path.rpartition(f"{PATH}{version()}/")
    return (files()[name], KINDS[Path(name).suffix]) if found and name in files() else None
