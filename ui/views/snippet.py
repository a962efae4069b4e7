"""The programs that the page shows: how to have pictures and strokes read over HTTP.

docs/api.md holds the same ones; a test keeps them alike, and runs each.
"""

from __future__ import annotations

from ui.texts import Texts
from ui.views.render import render

#: What stands in the programs for the page's address.
ADDRESS = "http://127.0.0.1:7860"
#: By gradio's own client.
PYTHON = """from gradio_client import Client, handle_file

client = Client("http://127.0.0.1:7860")
reading = client.predict(handle_file("photo.jpg"), api_name="/predict_image")
print(reading["status"], [digit["label"] for digit in reading["digits"]])

seven = {"size": [280, 280], "strokes": [{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}]}
reading = client.predict(seven, api_name="/predict_strokes")
print(reading["status"], [digit["top"] for digit in reading["digits"]])
"""
#: By a shell: an upload answers with the place of the file, in brackets and quotation marks.
CURL = """page=http://127.0.0.1:7860/gradio_api
file=$(curl -s "$page/upload" -F "files=@photo.jpg" | sed 's/^.\\(.*\\).$/\\1/')
curl -s "$page/run/predict_image" -H "Content-Type: application/json" \\
  -d '{"data": [{"path": '"$file"', "meta": {"_type": "gradio.FileData"}}, "cnn"]}'

curl -s "$page/run/predict_strokes" -H "Content-Type: application/json" \\
  -d '{"data": [{"size": [280, 280], "strokes": [{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}]}, "cnn"]}'
"""
#: In a browser, or in Node from version 18 on; nothing is imported.
JAVASCRIPT = """const page = "http://127.0.0.1:7860/gradio_api";

async function post(path, body, headers = {}) {
  const answer = await fetch(`${page}/${path}`, { method: "POST", body, headers });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function read(endpoint, source, model = "cnn") {
  const body = JSON.stringify({ data: [source, model] });
  return (await post(`run/${endpoint}`, body, { "Content-Type": "application/json" })).data[0];
}

async function readPicture(picture) { // a File that a visitor has chosen, or a Blob
  const form = new FormData();
  form.append("files", picture, "photo.jpg");
  const [path] = await post("upload", form);
  return read("predict_image", { path, meta: { _type: "gradio.FileData" } });
}

const seven = { size: [280, 280], strokes: [{ width: 16, points: [[80, 70], [200, 70], [120, 220]] }] };
console.log(await read("predict_strokes", seven));
"""
#: The programs by their language.
PROGRAMS = {"Python": PYTHON, "curl": CURL, "JavaScript": JAVASCRIPT}


def snippets(url: str, t: Texts) -> str:
    """The programs as HTML, with the page's own address."""
    programs = {name: text.replace(ADDRESS, url) for name, text in PROGRAMS.items()}
    return render("snippet.html", intro=t("code.intro").split("`"), programs=programs)
