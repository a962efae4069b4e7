from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from model.files import write_atomically, write_folder


def fail(*_: object) -> NoReturn:
    raise OSError("No space left on device")


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    write_atomically(tmp_path / "weights", b"new")
    assert (tmp_path / "weights").read_bytes() == b"new"


def test_a_file_is_replaced_and_nothing_else_stays_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"a longer old file")
    write_atomically(tmp_path / "weights", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_atomically(tmp_path / "runs" / "1" / "weights", b"new")
    assert (tmp_path / "runs" / "1" / "weights").read_bytes() == b"new"


def test_everybody_may_read_the_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "weights", b"new")
    assert (tmp_path / "weights").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("function", ["os.fsync", "pathlib.Path.chmod", "pathlib.Path.replace"])
def test_the_old_file_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    (tmp_path / "weights").write_bytes(b"old")
    monkeypatch.setattr(function, fail)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "weights", b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_folder_in_the_place_of_the_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_atomically(tmp_path / "weights", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["weights"]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out", {"a": b"1", "b": b"2"})
    write_folder(tmp_path / "out", {"b": b"3"})
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir()] == [("b", b"3")]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    write_folder(tmp_path / "real", {"a": b"1"})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_folder(tmp_path / "link", {"a": b"2"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_bytes() == b"2"


@pytest.mark.parametrize("function", ["os.fsync", "pathlib.Path.chmod"])
def test_the_old_folder_survives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str) -> None:
    write_folder(tmp_path / "out", {"a": b"old"})
    monkeypatch.setattr(function, fail)
    with pytest.raises(OSError, match="No space left"):
        write_folder(tmp_path / "out", {"a": b"new"})
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "a").read_bytes() == b"old"


def test_the_old_folder_comes_back_when_the_new_one_cannot_take_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path / "out", {"a": b"old"})
    rename = Path.rename

    def rename_but_new(path: Path, target: Path) -> Path:
        return fail() if path.name == "new" else rename(path, target)

    monkeypatch.setattr(Path, "rename", rename_but_new)
    with pytest.raises(OSError, match="No space left"):
        write_folder(tmp_path / "out", {"a": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "a").read_bytes() == b"old"
