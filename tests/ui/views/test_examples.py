from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from model import Recognizer
from tests.helpers.running import ROOT

#: The first character of each name is the digit that the picture shows.
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.name[0].isdigit())


def test_there_is_an_example_of_each_digit() -> None:
    assert {path.name[0] for path in EXAMPLES} == set("0123456789")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_read_as_its_name_says(path: Path) -> None:
    reading = Recognizer.load().read(path)
    assert [digit.label for digit in reading.digits] == [path.name[0]]


@pytest.mark.server
def test_the_command_reads_all_examples() -> None:
    command = [sys.executable, "-W", "error", "-m", "model.predict", "--json", "examples/"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    read = {Path(line["file"]).name: line["digits"][0]["label"] for line in lines if line["digits"]}
    assert {path.name: read.get(path.name) for path in EXAMPLES} == {path.name: path.name[0] for path in EXAMPLES}
