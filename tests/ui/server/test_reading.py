"""The process that reads: its lines, and the limits that the system sets it."""

from __future__ import annotations

import base64
import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.running import DRAWING, ROOT
from ui import readings
from ui.readings import Encoded, Upload
from ui.server import reading
from ui.server.reading import pack

pytestmark = pytest.mark.server

LONG = 60.0
PHOTO = str(ROOT / "examples" / "3-drawn.png")
#: The process, with handlers that take what no handler should.
GREEDY = """
import sys
from ui.server import reading
def spin(_):
    while True: pass
def spin_in_c(_):
    return sum(range(10**12))
def swell(_):
    return len(bytearray(1_000_000_000))
def touch(path):
    return open(path).read()
reading.SECONDS = 0.3
reading.HANDLERS.update(spin=spin, spin_in_c=spin_in_c, swell=swell)
sys.exit(reading.main(sys.argv[1:]))
"""


def answers(asked: list[str], *command: str) -> tuple[list[Any], int]:
    """What a process answers to lines, and its exit status."""
    lines = "".join(line if line.endswith("\n") else line + "\n" for line in asked)
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout and process.stdout.readline() == "[]\n"  # noqa: PT018 - for mypy
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(lines, LONG)
    return [json.loads(line) for line in io.StringIO(out)], process.returncode


def asks(handler: str, *values: object) -> str:
    return json.dumps([handler, *(["json", value] for value in values)])


@pytest.mark.parametrize("options", [(), ("--apart",)], ids=["together", "apart"])
def test_the_process_answers_line_by_line_and_ignores_ctrl_c(options: tuple[str, ...]) -> None:
    asked = [
        asks("as_json", DRAWING, "cnn"),
        asks("nothing"),
        asks("as_json"),
        asks("speak", None, "cnn", "en"),
        pack(readings.as_json, Upload(PHOTO), "cnn").decode(),
        pack(readings.tell, Encoded(base64.b64encode(Path(PHOTO).read_bytes()).decode()), "cnn", "en").decode(),
        "no json",
        "7",
    ]
    found, status = answers(asked, "-m", "ui.server.reading", *options)
    drawn, photo = readings.as_json(DRAWING), readings.as_json(Upload(PHOTO))
    said, told = readings.speak(None, "cnn", "en"), readings.tell(Upload(PHOTO), "cnn", "en")
    assert found == [[drawn], "failed", "failed", [said], [photo], [told], "failed", "failed"]
    assert status == 0


@pytest.mark.parametrize("handler", ["spin", "spin_in_c"])
def test_what_takes_too_long_is_ended_by_the_system_and_the_next_is_answered(handler: str) -> None:
    asked = [asks(handler, 1), asks("as_json", DRAWING, "cnn"), asks(handler, 1)]
    found, status = answers(asked, "-c", GREEDY, "--apart")
    assert (found, status) == (["slow", [readings.as_json(DRAWING)], "slow"], 0)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells how much a process has")
def test_what_takes_too_much_memory_fails_and_the_next_is_answered() -> None:
    found, status = answers([asks("swell", 1), asks("as_json", DRAWING, "cnn")], "-c", GREEDY, "--apart")
    assert (found, status) == (["failed", [readings.as_json(DRAWING)]], 0)


def test_a_drawing_that_calls_itself_an_upload_is_none() -> None:
    sent = {"upload": PHOTO, "path": PHOTO, "size": [9, 9]}
    for source in (sent, ["upload", PHOTO], PHOTO):
        name, (tag, value), _ = json.loads(pack(readings.as_json, source, "cnn"))
        assert (name, tag, value) == ("as_json", "json", source)
        assert json.loads(reading.answer(pack(readings.as_json, source, "cnn")))[0]["status"] is None


def test_the_process_needs_neither_gradio_nor_torch() -> None:
    code = "import sys, ui.server.reading; print([name for name in ('gradio', 'torch') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
