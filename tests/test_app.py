"""The page's server, asked over HTTP as a program asks it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file

from model.predict import main as predict_main
from model.reading.store import trained_models
from tests.helpers.running import ROOT, free_port

pytestmark = pytest.mark.server

SEVEN = {"size": [280, 280], "strokes": [{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}]}


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[Client]:
    connection = Client(url, verbose=False)
    yield connection
    connection.close()


def test_strokes_are_read(client: Client) -> None:
    reading = client.predict(SEVEN, api_name="/predict_strokes")
    assert (reading["digits"][0]["label"], reading["error"]) == ("7", None)


def test_an_endpoint_answers_with_the_same_object_as_the_command_line(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = ROOT / "examples" / "3-drawn.png"
    predict_main(["--json", str(picture)])
    line = json.loads(capsys.readouterr().out)
    assert client.predict(handle_file(picture), api_name="/predict_image") == {
        key: line[key] for key in ("status", "digits", "error")
    }


def test_an_endpoint_takes_the_name_of_a_model(client: Client) -> None:
    reading = client.predict(SEVEN, "logistic", api_name="/predict_strokes")
    assert reading["digits"][0]["label"] == "7"
    assert reading != client.predict(SEVEN, api_name="/predict_strokes")


@pytest.mark.parametrize("model", ["nothing", 7, ["cnn"], {"cnn": 1}])
def test_an_endpoint_tells_which_models_there_are(client: Client, model: Any) -> None:
    reading = client.predict(SEVEN, model, api_name="/predict_strokes")
    assert reading["error"] == f"there is no such model: choose one of {', '.join(trained_models())}"


def test_no_strokes_are_blank(client: Client) -> None:
    assert client.predict({"size": [280, 280], "strokes": []}, api_name="/predict_strokes")["status"] == "blank"


@pytest.mark.parametrize("drawing", [{"size": [280, 280], "strokes": [{}]}, {"size": "wide"}, [1, 2], "strokes", 7])
def test_malformed_strokes_get_one_sentence(client: Client, drawing: Any) -> None:
    reading = client.predict(drawing, api_name="/predict_strokes")
    assert reading["status"] is None
    assert "\n" not in reading["error"]


def test_a_file_that_is_no_picture_gets_one_sentence(client: Client, tmp_path: Path) -> None:
    fake = tmp_path / "fake.png"
    fake.write_text("no picture")
    reading = client.predict(handle_file(fake), api_name="/predict_image")
    assert reading["error"] == "the picture is damaged or no picture: save it as PNG or JPEG and try again"


def test_only_the_two_endpoints_are_public(client: Client) -> None:
    assert set(client.view_api(return_format="dict")["named_endpoints"]) == {"/predict_strokes", "/predict_image"}


def test_the_page_names_no_other_host(url: str) -> None:
    page = urllib.request.urlopen(url).read().decode()
    assert "fonts.googleapis.com" not in page.split("window.gradio_config", 1)[0]


def run_app(*arguments: str, root: Path = ROOT, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "app.py", *arguments],
        cwd=root,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_address_and_root_path_come_from_the_environment() -> None:
    port = str(free_port())
    process = run_app(GRADIO_SERVER_NAME="127.0.0.1", GRADIO_SERVER_PORT=port, GRADIO_ROOT_PATH="/demo")
    assert process.stdout is not None
    line = process.stdout.readline()
    config = json.loads(urllib.request.urlopen(f"http://127.0.0.1:{port}/config").read())
    process.terminate()
    process.communicate(timeout=30)
    assert f"127.0.0.1:{port}" in line
    assert config["root"].endswith("/demo")


def test_a_port_that_is_taken_is_named_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = run_app("--port", str(port))
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert str(port) in errors
    assert errors.strip().count("\n") == 0


def test_share_without_internet_says_so_and_the_page_stays_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # refuses at once
    port = free_port()
    process = run_app("--share", "--port", str(port))
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(2)]
    status = urllib.request.urlopen(f"http://127.0.0.1:{port}/").status
    process.terminate()
    process.communicate(timeout=30)
    assert [line.split(":")[0] for line in lines] == ["Open http", "No public link"]
    assert status == 200


def test_importing_the_app_imports_no_torch_and_starts_nothing() -> None:
    code = "import sys, threading, app; print('torch' in sys.modules, threading.active_count())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "1"]
