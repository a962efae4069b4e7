from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.predict import main
from model.preprocess.pipeline import preprocess
from model.preprocess.sheet import sheet
from model.reading.recognizer import Recognizer
from model.reading.store import load_card
from tests.helpers.running import ROOT

SEVEN = ROOT / "examples" / "7-mnist.png"
BLANK = np.full((40, 40), 255, dtype=np.uint8)
RUN = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> RUN:
    """Run the command: its status, output and errors."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two good pictures, one file that is none between them."""
    shutil.copy(SEVEN, tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    shutil.copy(SEVEN, tmp_path / "c.png")
    return tmp_path


def test_a_picture_is_a_line_for_a_person(run: RUN) -> None:
    status, out, err = run(SEVEN)
    assert (status, err) == (0, "")
    share = r"(?:\d\d?\.\d|[<>] \d\d?\.\d) %"
    assert re.fullmatch(rf"{re.escape(str(SEVEN))}: 7  \(7 {share}, \d {share}, \d {share}\)\n", out)


def test_a_picture_is_an_object_for_a_program(run: RUN) -> None:
    status, out, err = run("--json", SEVEN)
    assert (status, err, out.count("\n")) == (0, "", 1)
    line = json.loads(out)
    assert list(line) == ["file", "status", "digits", "error"]
    assert (line["file"], line["status"], line["error"]) == (str(SEVEN), "digit", None)
    (digit,) = line["digits"]
    assert list(digit) == ["label", "confidence", "top", "box", "sure"]
    assert digit["top"][0] == ["7", digit["confidence"]]
    assert len(digit["top"]) == 3
    assert [type(side) for side in digit["box"]] == [int] * 4


def test_a_folder_is_read_by_name_however_deep(run: RUN, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("z.png", "sub/b.PNG", "a.png"):
        shutil.copy(SEVEN, tmp_path / name)
    status, out, _ = run("--json", tmp_path)
    assert status == 0
    names = [json.loads(line)["file"] for line in out.splitlines()]
    assert names == [str(tmp_path / name) for name in ("a.png", "sub/b.PNG", "z.png")]


def test_the_others_are_read_when_one_can_t_be(run: RUN, folder: Path) -> None:
    status, out, err = run(folder)
    assert status == 2
    assert [line.split(": ")[0] for line in out.splitlines()] == [str(folder / "a.png"), str(folder / "c.png")]
    assert err == f"error: {folder / 'b.png'} is damaged or no picture: save it as PNG or JPEG and try again\n"


def test_in_json_the_unreadable_one_has_its_line(run: RUN, folder: Path) -> None:
    status, out, err = run("--json", folder)
    good, bad, other = (json.loads(line) for line in out.splitlines())
    assert (status, err) == (2, "")
    assert {**good, "file": None} == {**other, "file": None}
    assert (bad["file"], bad["status"], bad["digits"]) == (str(folder / "b.png"), None, [])
    assert bad["error"].startswith(f"{folder / 'b.png'} is damaged")


def test_a_blank_picture_is_no_error(run: RUN, tmp_path: Path) -> None:
    Image.fromarray(BLANK).save(tmp_path / "blank.png")
    assert run(tmp_path / "blank.png") == (0, f"{tmp_path / 'blank.png'}: blank: there is no ink\n", "")
    _, out, _ = run("--json", tmp_path)
    assert json.loads(out) == {"file": str(tmp_path / "blank.png"), "status": "blank", "digits": [], "error": None}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nothing.png"], "there is no picture nothing.png"),
        (["tests/data"], "there is no picture in tests/data"),
        ([str(SEVEN), "--model", "nothing"], "there are no weights of a model 'nothing' in "),
        ([str(SEVEN), "--model", "../weights/cnn"], "there are no weights of a model '../weights/cnn' in "),
        (["pyproject.toml"], "pyproject.toml is damaged or no picture"),
    ],
)
def test_a_problem_is_one_line_and_status_2(
    run: RUN, monkeypatch: pytest.MonkeyPatch, arguments: list[str], error: str
) -> None:
    monkeypatch.chdir(ROOT)
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {error}")
    assert err.count("\n") == 1


def test_missing_weights_are_one_line_and_status_2(run: RUN, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Recognizer, "load", lambda _: Recognizer(load_card("cnn"), tmp_path))
    status, out, err = run(SEVEN, SEVEN)
    assert (status, out) == (2, "")
    assert err.startswith(f"error: {tmp_path / 'cnn.safetensors'} is missing")
    assert err.count("\n") == 1


def test_without_a_path_the_command_shows_its_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m model.predict")


def test_a_name_that_is_too_long_isn_t_taken_for_a_target(run: RUN) -> None:
    status, out, err = run("7" * 300)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("error: ")
    assert "can't write" not in err


# --save-steps


def test_the_steps_are_saved_as_one_picture(run: RUN, tmp_path: Path) -> None:
    status, out, err = run(SEVEN, "--save-steps", tmp_path / "steps.png")
    assert (status, err) == (0, "")
    assert out.startswith(f"{SEVEN}: 7  (7 ")
    assert np.asarray(Image.open(tmp_path / "steps.png", formats=["PNG"])).shape == (214, 1092)
    assert (tmp_path / "steps.png").read_bytes() == sheet(preprocess(SEVEN).steps)


def test_the_steps_of_a_folder_s_only_picture_are_saved(run: RUN, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    shutil.copy(SEVEN, tmp_path / "pictures")
    status, out, _ = run("--json", tmp_path / "pictures", "--save-steps", tmp_path / "new" / "steps.png")
    assert (status, json.loads(out)["status"]) == (0, "digit")
    assert (tmp_path / "new" / "steps.png").read_bytes() == sheet(preprocess(SEVEN).steps)


def test_a_blank_picture_has_three_steps(run: RUN, tmp_path: Path) -> None:
    Image.fromarray(BLANK).save(tmp_path / "blank.png")
    status, *_ = run(tmp_path / "blank.png", "--save-steps", tmp_path / "steps.png")
    assert status == 0
    assert np.asarray(Image.open(tmp_path / "steps.png")).shape == (214, 552)


@pytest.mark.parametrize("as_folder", [True, False])
def test_the_steps_of_several_pictures_are_refused(run: RUN, folder: Path, as_folder: bool) -> None:
    (folder / "b.png").unlink()
    paths = [folder] if as_folder else [SEVEN, SEVEN]
    status, out, err = run(*paths, "--save-steps", folder / "steps.png")
    assert (status, out, err) == (2, "", "error: --save-steps is for one picture, and these are 2\n")
    assert not (folder / "steps.png").exists()


@pytest.mark.parametrize(("target", "reason"), [("a.png/steps.png", "Not a directory|File exists"), (".", "directory")])
def test_steps_that_can_t_be_written_are_one_line_and_status_2(
    run: RUN, folder: Path, target: str, reason: str
) -> None:
    status, out, err = run(SEVEN, "--save-steps", folder / target)
    assert (status, out) == (2, "")
    assert re.fullmatch(rf"error: can't write {re.escape(str(folder / target))}: .*({reason}).*\n", err)
    assert sorted(path.name for path in folder.iterdir()) == ["a.png", "b.png", "c.png"]


def test_no_steps_are_saved_of_what_is_no_picture(run: RUN, folder: Path) -> None:
    status, out, err = run(folder / "b.png", "--save-steps", folder / "steps.png")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: {folder / 'b.png'} is damaged")
    assert not (folder / "steps.png").exists()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no such device")
@pytest.mark.parametrize("endless", ["/dev/zero", "pipe.png"])
def test_what_has_no_end_is_named_and_the_rest_is_read(endless: str, run: RUN, tmp_path: Path) -> None:
    path = tmp_path / endless
    if endless != "/dev/zero":
        os.mkfifo(path)
    status, out, err = run(path, SEVEN)
    assert (status, err) == (2, f"error: {path} is no file with a picture in it\n")
    assert out.startswith(f"{SEVEN}: 7")


def test_a_name_that_the_console_cannot_print_is_told_by_its_codes(run: RUN, tmp_path: Path) -> None:
    shutil.copy(SEVEN, tmp_path / "\udc80.png")
    (tmp_path / "\udc81.png").write_bytes(b"no picture")
    status, out, err = run(tmp_path)
    assert (status, out.count("\n"), err.count("\n")) == (2, 1, 1)
    assert "\\udc80.png: 7" in out
    assert "\\udc81.png is damaged or no picture" in err


@pytest.mark.parametrize("card", ["[" * 100_000, '{"mistakes": ' * 100_000, "7", "[]", '{"mistakes": 7}'])
def test_a_card_that_is_none_is_named_in_one_line(
    card: str, run: RUN, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.json").write_text(card)
    load = Recognizer.load
    monkeypatch.setattr(Recognizer, "load", lambda name: load(name, tmp_path))
    status, out, err = run("--model", "bad", SEVEN)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "bad.json is damaged" in err


def test_a_name_of_several_lines_is_told_in_one_and_leaves_the_terminal_as_it_is(run: RUN, tmp_path: Path) -> None:
    shutil.copy(SEVEN, tmp_path / "a\nb\x1b[31m.png")
    (tmp_path / "c\rd.png").write_bytes(b"no picture")
    status, out, err = run(tmp_path)
    assert (status, out.count("\n"), err.count("\n")) == (2, 1, 1)
    assert "a\\nb\\x1b[31m.png: 7" in out
    assert "c\\rd.png is damaged or no picture" in err


@pytest.mark.server
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
def test_output_that_has_no_room_is_one_line_and_status_2() -> None:
    command = [sys.executable, "-m", "model.predict", str(SEVEN)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (2, "error: can't write the output: No space left on device\n")
