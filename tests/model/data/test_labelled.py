from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from model.data import labelled
from model.data.labelled import Labelled, find_labelled, why_not
from model.errors import DataError


def touch(root: Path, *files: str) -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()


def found(source: Path) -> list[tuple[str, str, str | None]]:
    root = source.parent if source.is_file() else source
    return [(str(one.file.relative_to(root)), one.label, one.part) for one in find_labelled(source)]


def test_a_folder_s_name_labels_all_below_it(tmp_path: Path) -> None:
    touch(tmp_path, "7/b.JPG", "7/deep/er/a.png", "1/写字.png", "no-digit/x.png", "loose.png")
    assert found(tmp_path) == [
        ("1/写字.png", "1", None),
        ("7/b.JPG", "7", None),
        ("7/deep/er/a.png", "7", None),
        ("loose.png", "", None),
        ("no-digit/x.png", "no-digit", None),
    ]


def test_train_and_test_are_parts(tmp_path: Path) -> None:
    touch(tmp_path, "train/7/a.png", "test/1/b.png")
    assert found(tmp_path) == [("train/7/a.png", "7", "train"), ("test/1/b.png", "1", "test")]


@pytest.mark.parametrize(
    "text",
    [
        "a.png,7\nsub/b c.png,1\n",
        "\ufefffile;label\r\na.png;7\r\nsub/b c.png;1\r\n",
        "Digit\tNote\tFilename\n7\tx\ta.png\n\n1\t\tsub/b c.png\n",
        '"a.png", 7\n"sub/b c.png", 1',
    ],
    ids=["bare", "spreadsheet", "other-order", "quoted"],
)
def test_a_csv_file_names_pictures_beside_it_and_their_labels(tmp_path: Path, text: str) -> None:
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8", newline="")
    assert found(tmp_path / "labels.csv") == [("a.png", "7", None), ("sub/b c.png", "1", None)]


@pytest.mark.parametrize("content", [b"", b"a.png\n", b"\xff\xfea,7", b"file,label\na.png\n", b'"' + b"a" * 200_000])
def test_another_file_is_no_list(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "labels.csv").write_bytes(content)
    with pytest.raises(DataError, match=r"labels\.csv is no list of pictures and labels"):
        find_labelled(tmp_path / "labels.csv")


@pytest.mark.parametrize(("on_disk", "in_list"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_name_is_found_however_its_letters_are_spelled(tmp_path: Path, on_disk: str, in_list: str) -> None:
    (tmp_path / unicodedata.normalize(on_disk, "é.png")).touch()  # type: ignore[arg-type]
    (tmp_path / "labels.csv").write_text(unicodedata.normalize(in_list, "é.png,7"), encoding="utf-8")  # type: ignore[arg-type]
    (one,) = find_labelled(tmp_path / "labels.csv")
    assert one.file.exists()


def test_too_many_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "7/a.png", "7/b.png", "7/c.png")
    monkeypatch.setattr(labelled, "MOST_PICTURES", 2)
    with pytest.raises(DataError, match="holds 3 pictures: more than 2"):
        find_labelled(tmp_path)


@pytest.mark.parametrize(
    ("file", "label", "why"),
    [
        ("a.png", "7", None),
        ("A.HEIC", "0", None),
        (".DS_Store", "7", "system-file"),
        ("._a.png", "7", "system-file"),
        ("Thumbs.db", "7", "system-file"),
        ("notes.txt", "7", "no-picture-name"),
        ("a.png", "no-digit", "no-digit"),
        ("a.png", "", "no-label"),
        ("a.png", "10", "other-label"),
        ("a.png", "²", "other-label"),
        ("a.png", "07", "other-label"),
    ],
)
def test_what_is_left_out_unopened(file: str, label: str, why: str | None) -> None:
    assert why_not(Labelled(Path(file), label)) == why
