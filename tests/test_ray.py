"""The example that reads on several machines, on a cluster of two on this one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from PIL import Image

from model.data.digits import DataSet
from model.many.lines import read_item
from model.many.sources import Item
from model.reading.recognizer import Recognizer
from tests.helpers.running import ROOT

pytestmark = [pytest.mark.server, pytest.mark.slow]

#: Each of 200 digits comes so often: reading them all takes longer than it takes to kill a worker.
TIMES = 20


@pytest.fixture(scope="module")
def pictures(extract: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for number, image in enumerate(extract.test.images.numpy()):
        Image.fromarray(image).save(folder / f"{number:03}.png")
        for copy in range(1, TIMES):
            os.link(folder / f"{number:03}.png", folder / f"{number:03}-{copy:02}.png")
    (folder / "bad.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("no picture, and isn't taken for one")
    return folder


def read(source: Path, out: Path, *options: str) -> str:
    """What the cluster says of reading a source."""
    command = [sys.executable, "-m", "tests.helpers.cluster", str(source), str(out), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_nothing_is_lost_and_nothing_comes_twice_when_a_worker_is_killed(pictures: Path, tmp_path: Path) -> None:
    said = read(pictures, tmp_path / "out", "--kill")
    assert said.index("killed one") < said.index("read in")
    rows = pyarrow.parquet.read_table(tmp_path / "out").to_pylist()
    names = sorted(Path(row["file"]).name for row in rows)
    assert names == sorted(path.name for path in pictures.glob("*.png"))
    for row in rows[:20]:
        line = read_item(Recognizer.load(), Item(row["file"], Path(row["file"]).read_bytes()))
        assert json.loads(row["json"]) == line.to_dict()
    (bad,) = [row for row in rows if row["file"].endswith("bad.png")]
    assert (bad["status"], bad["number"]) == ("error", "")
    assert bad["error"].endswith("bad.png is damaged or no picture: save it as PNG or JPEG and try again")


def test_pictures_in_a_parquet_file_are_read(pictures: Path, tmp_path: Path) -> None:
    names = [f"{number:03}.png" for number in range(5)]
    table = pyarrow.table({"path": names, "bytes": [(pictures / name).read_bytes() for name in names]})
    pyarrow.parquet.write_table(table, tmp_path / "in.parquet")
    read(tmp_path / "in.parquet", tmp_path / "out")
    rows = pyarrow.parquet.read_table(tmp_path / "out").to_pylist()
    assert [(row["file"], row["number"]) for row in sorted(rows, key=lambda row: str(row["file"]))] == [
        ("000.png", "7"),
        ("001.png", "2"),
        ("002.png", "1"),
        ("003.png", "0"),
        ("004.png", "4"),
    ]
