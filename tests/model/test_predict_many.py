"""The command that reads many pictures: files of readings, going on, Ctrl-C."""

from __future__ import annotations

import fcntl
import io
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from PIL import Image

from model.data.digits import DataSet
from model.many import lines
from model.many.sources import Item
from model.predict import main
from tests.helpers.running import ROOT

RUN = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> RUN:
    """Run the command: its status, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture(scope="module")
def pictures(extract: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty small pictures."""
    folder = tmp_path_factory.mktemp("pictures")
    for number, image in enumerate(extract.test.images[:60].numpy()):
        Image.fromarray(np.asarray(image)).save(folder / f"{number:02}.png")
    return folder


def told(file: Path) -> list[str]:
    """The names in a file of JSON lines."""
    return [Path(json.loads(line)["file"]).name for line in file.read_text().splitlines()]


@pytest.mark.server
def test_a_file_holds_what_is_printed_of_the_same_pictures(run: RUN, pictures: Path, tmp_path: Path) -> None:
    _, out, _ = run("--json", "--jobs", 1, pictures)
    status, nothing, err = run(pictures, "--jobs", 2, "--output", tmp_path / "out.jsonl")
    assert (status, nothing, err) == (0, "", f"{tmp_path / 'out.jsonl'}: 60 pictures more, 0 of them not read\n")
    assert (tmp_path / "out.jsonl").read_text() == out


def test_an_archive_and_a_list_are_read_as_the_folder(
    run: RUN, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for file in sorted(pictures.iterdir())[:5]:
            archive.write(file, file.name)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{pictures}/{number:02}.png\n" for number in range(5))))
    of_zip, of_list = (run("--json", path)[1] for path in (tmp_path / "a.zip", "-"))
    assert of_zip.replace(f"{tmp_path}/a.zip/", f"{pictures}/") == of_list
    assert of_list.count('"status": "digit"') == 5


def test_a_bad_picture_is_one_line_and_the_rest_is_read(run: RUN, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").write_bytes(b"no picture")
    Image.fromarray(np.full((40, 40), 255, np.uint8)).save(tmp_path / "in" / "b.png")
    status, _, err = run(tmp_path / "in", "--output", tmp_path / "out.jsonl")
    bad, blank = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert (status, err) == (2, f"{tmp_path / 'out.jsonl'}: 2 pictures more, 1 of them not read\n")
    assert (bad["status"], blank["status"], blank["error"]) == (None, "blank", None)
    assert bad["error"].startswith(f"{tmp_path / 'in' / 'a.png'} is damaged")


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_going_on_leaves_out_what_the_file_has(run: RUN, pictures: Path, tmp_path: Path, kind: str) -> None:
    some = [pictures / name for name in ("03.png", "00.png")]
    out = tmp_path / f"out.{kind}"
    assert run(*some, "--output", out)[0] == 0
    status, _, err = run(*some, pictures / "01.png", "--output", out, "--resume")
    assert (status, err) == (0, f"{out}: 1 pictures more, 0 of them not read\n")
    if kind == "jsonl":
        assert told(out) == ["03.png", "00.png", "01.png"]
    if kind == "parquet":
        assert pyarrow.parquet.read_table(out).num_rows == 3


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--output", "out.txt"], "out.txt doesn't say what it is to be"),
        (["--output", "out.jsonl", "--json"], "--json doesn't go with --output"),
        (["--output", "out.jsonl", "--save-steps", "a.png"], "--save-steps doesn't go with --output"),
        (["--output", "out.jsonl", "--model", "nothing"], "there are no weights of a model 'nothing'"),
        (["--output", "/dev/null/out.jsonl"], "can't write /dev/null"),
        (["--resume"], "--resume goes on in a file"),
    ],
)
def test_a_problem_is_one_line_and_status_2_and_leaves_no_file(
    run: RUN, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = run(pictures / "00.png", *arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {error}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "1001"])
def test_jobs_are_a_number_of_processes(jobs: str, pictures: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        main([str(pictures), "--jobs", jobs])
    assert caught.value.code == 2


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_ctrl_c_leaves_a_whole_file_to_go_on_in(
    run: RUN, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    read, out = lines.read_item, tmp_path / f"out.{kind}"

    def stopped(recognizer: object, item: Item) -> lines.Line:
        if item.name.endswith("40.png"):
            raise KeyboardInterrupt
        return read(recognizer, item)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(lines, "read_item", stopped)
        status, _, err = run(pictures, "--jobs", 1, "--output", out)
    assert (status, err) == (130, f"stopped; the same command with --resume goes on after {out}'s last line\n")
    assert run(pictures, "--jobs", 1, "--output", out, "--resume")[0] == 0
    names = pyarrow.parquet.read_table(out).column("file").to_pylist() if kind == "parquet" else told(out)
    assert [Path(name).name for name in names] == [f"{number:02}.png" for number in range(60)]


@pytest.mark.server
@pytest.mark.slow
def test_ctrl_c_ends_all_processes_quietly(pictures: Path, tmp_path: Path) -> None:
    """Sent to the whole group, as a terminal does."""
    names = tmp_path / "names.txt"
    names.write_text("".join(f"{pictures}/{number % 60:02}.png\n" for number in range(100_000)))
    out = tmp_path / "out.jsonl"
    with names.open() as file:
        command = [sys.executable, "-W", "error", "-m", "model.predict", "-", "--jobs", "2", "--output", str(out)]
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=file, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        while process.poll() is None and not (out.exists() and out.stat().st_size):
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err.count("\n")) == (130, 1), err
    read = [json.loads(line)["status"] for line in out.read_text().splitlines()]
    assert 0 < len(read) < 100_000


@pytest.mark.server
def test_the_bar_tells_rate_and_time_left_on_a_terminal_alone(pictures: Path, tmp_path: Path) -> None:
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    command = [sys.executable, "-m", "model.predict", str(pictures), "--jobs", "1", "--output", "out.jsonl"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=slave, env=environment)
    os.close(slave)
    said = b""
    while chunk := _read(master):
        said += chunk
    os.close(master)
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"")
    assert b"60/60" in said
    assert b"pictures/s" in said


def _read(terminal: int) -> bytes:
    """What comes next; nothing once the process has ended, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
