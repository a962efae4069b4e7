"""Files of readings: JSON lines, CSV, Parquet."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.parquet
import pytest

from model.errors import PackageError, PictureError
from model.many.formats import open_output
from model.many.lines import Line

DIGITS = [
    {"label": "2", "confidence": 0.9, "top": [["2", 0.9], ["7", 0.1], ["1", 0.0]], "box": [0, 1, 2, 3], "sure": True},
    {
        "label": "0",
        "confidence": 0.57,
        "top": [["0", 0.57], ["6", 0.2], ["8", 0.1]],
        "box": [4, 1, 6, 3],
        "sure": False,
    },
]
TWENTY = Line("20.png", {"status": "unsure", "digits": DIGITS}, "20?")
BLANK = Line("数字 =1.png", {"status": "blank", "digits": []}, "blank")
BAD = Line("=bad.png", None, "=bad.png is damaged")
KINDS = ["jsonl", "csv", "parquet"]


def write(path: Path, *lines: Line, resume: bool = False) -> None:
    output = open_output(path, resume=resume)
    output.write(lines)
    output.close()


def files(path: Path) -> list[str]:
    """The column of the names."""
    if path.suffix == ".parquet":
        return list(pyarrow.parquet.read_table(path).column("file").to_pylist())
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [row["file"] for row in csv.DictReader(file)]
    return [json.loads(line)["file"] for line in path.read_text().splitlines()]


def test_a_json_line_is_what_the_command_prints(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", TWENTY, BAD)
    good, bad = map(json.loads, (tmp_path / "a.jsonl").read_text().splitlines())
    assert good == {"file": "20.png", "status": "unsure", "digits": DIGITS, "error": None}
    assert bad == {"file": "=bad.png", "status": None, "digits": [], "error": "=bad.png is damaged"}


def test_a_csv_row_is_the_page_s_and_runs_no_formula(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", TWENTY, BLANK, BAD)
    assert (tmp_path / "a.csv").read_bytes().decode() == (
        "\ufefffile,status,number,confidence,problem\r\n"
        "20.png,unsure,20,0.5700,\r\n"
        "数字 =1.png,blank,,,\r\n"
        "'=bad.png,,,,'=bad.png is damaged\r\n"
    )


def test_a_parquet_row_has_digits_with_their_scores(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", TWENTY, BAD)
    good, bad = pyarrow.parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert (good["file"], good["status"], good["number"], good["error"]) == ("20.png", "unsure", "20", None)
    assert good["digits"][1]["top"][0] == {"label": "0", "confidence": 0.57}
    assert good["digits"][0]["box"] == [0, 1, 2, 3]
    assert (bad["status"], bad["digits"], bad["error"]) == (None, [], "=bad.png is damaged")


@pytest.mark.parametrize("kind", KINDS)
def test_a_resumed_file_knows_and_keeps_what_it_has(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "new" / f"a.{kind}"
    write(path, TWENTY, BAD)
    output = open_output(path, resume=True)
    assert [name in output for name in ("20.png", "=bad.png", "数字 =1.png")] == [True, True, False]
    output.write([BLANK])
    output.close()
    assert [name.lstrip("'") for name in files(path)] == ["20.png", "=bad.png", "数字 =1.png"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_any_bytes_are_known_again(kind: str, tmp_path: Path) -> None:
    odd = [Line(name, None, "") for name in ("\udc80.png", 'a"b,c.png', "line\nend.png", "cr\r.png", "'.png")]
    write(tmp_path / f"a.{kind}", *odd)
    output = open_output(tmp_path / f"a.{kind}", resume=True)
    assert all(line.file in output for line in odd)
    assert "b.png" not in output
    output.close()


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
@pytest.mark.parametrize("cut", [1, 10])
def test_a_last_line_that_was_cut_off_goes(kind: str, cut: int, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    write(path, TWENTY, BLANK)
    path.write_bytes(path.read_bytes()[:-cut])
    output = open_output(path, resume=True)
    assert "20.png" in output
    assert BLANK.file not in output
    output.write([BLANK])
    output.close()
    assert files(path) == ["20.png", BLANK.file]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_resume_is_a_new_file(kind: str, tmp_path: Path) -> None:
    write(tmp_path / f"a.{kind}", BLANK, resume=True)
    assert files(tmp_path / f"a.{kind}") == [BLANK.file]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_there_is_left_alone(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"mine")
    with pytest.raises(PictureError, match=r"is already there: go on with --resume"):
        open_output(path)
    with pytest.raises(PictureError, match="isn't a file that this command wrote"):
        open_output(path, resume=True)
    assert path.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", ["[]\n", '{"file": 7}\n', "[" * 100_000 + "\n", "{}\n"])
def test_json_lines_of_other_things_are_left_alone(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(content)
    with pytest.raises(PictureError, match="isn't a file that this command wrote"):
        open_output(tmp_path / "a.jsonl", resume=True)
    assert (tmp_path / "a.jsonl").read_text() == content


def test_a_full_disk_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = open_output(tmp_path / "a.jsonl")
    output.write([TWENTY])
    file = output._file  # type: ignore[attr-defined]

    class Full:
        """A file that takes ten bytes more."""

        truncate = staticmethod(file.truncate)
        room = 10

        def write(self, content: bytes) -> int:
            if not self.room:
                raise OSError(28, "No space left on device")
            self.room = 0
            return int(file.write(content[:10]))

    monkeypatch.setattr(output, "_file", Full())
    with pytest.raises(OSError, match="No space"):
        output.write([BLANK])
    file.close()
    assert files(tmp_path / "a.jsonl") == ["20.png"]


@pytest.mark.parametrize("name", ["a.txt", "a", "a.jsonl.gz"])
def test_another_kind_of_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"let it end in \.jsonl, \.csv or \.parquet"):
        open_output(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_parquet_without_pyarrow_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.packages.find_spec", lambda _: None)
    with pytest.raises(
        PackageError, match=r"^this needs pyarrow, which isn't installed: `pip install pyarrow` installs it"
    ):
        open_output(tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []
