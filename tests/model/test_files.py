from __future__ import annotations

from pathlib import Path
from typing import NoReturn

import pytest

from model.files import write_atomically


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
