"""The programs that the page shows: how to have pictures and strokes read over HTTP."""

from __future__ import annotations

from ui.texts import Texts
from ui.views.render import render

#: Has a picture read.
PICTURE = """from gradio_client import Client, handle_file

client = Client("{url}")
reading = client.predict(handle_file("photo.jpg"), api_name="/predict_image")
print(reading["status"], [digit["label"] for digit in reading["digits"]])
"""
#: Has pen strokes read.
STROKES = """from gradio_client import Client

client = Client("{url}")
seven = {{"size": [280, 280], "strokes": [{{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}}]}}
reading = client.predict(seven, api_name="/predict_strokes")
print(reading["status"], [digit["top"] for digit in reading["digits"]])
"""


def snippets(url: str, t: Texts) -> str:
    """Both programs as HTML, with the page's own address."""
    programs = [text.format(url=url) for text in (PICTURE, STROKES)]
    return render("snippet.html", intro=t("code.intro").split("`"), programs=programs)
