from __future__ import annotations

import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from model.errors import PictureError
from model.many.sources import count_pictures, find_pictures


def names(paths: Iterable[object], root: Path) -> list[str]:
    return [str(Path(item.name).relative_to(root)) for item in find_pictures(map(str, paths))]


def touch(root: Path, *files: str) -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).touch()


def test_pictures_are_found_below_a_folder_by_name(tmp_path: Path) -> None:
    touch(tmp_path, "b.png", "A.JPG", "sub/a.webp", "notes.txt", "sub/folder.png/x.bmp", "c.jpeg")
    found = ["A.JPG", "b.png", "c.jpeg", "sub/a.webp", "sub/folder.png/x.bmp"]
    assert names([tmp_path], tmp_path) == found
    assert count_pictures([tmp_path]) == 5


def test_named_files_come_in_the_order_of_their_naming(tmp_path: Path) -> None:
    assert [item.source for item in find_pictures(["b.txt", str(tmp_path), "a.png"])] == [Path("b.txt"), Path("a.png")]


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "._a.png", "__MACOSX/a.png", "desktop.ini"])
def test_what_systems_leave_in_folders_is_no_picture(tmp_path: Path, name: str) -> None:
    touch(tmp_path, name, "数字.PNG")
    assert names([tmp_path], tmp_path) == ["数字.PNG"]


def test_a_link_to_a_folder_is_not_followed_but_one_to_a_picture_is(tmp_path: Path) -> None:
    touch(tmp_path, "sub/a.png")
    (tmp_path / "sub" / "back").symlink_to(tmp_path)
    (tmp_path / "b.png").symlink_to(tmp_path / "sub" / "a.png")
    assert names([tmp_path], tmp_path) == ["b.png", "sub/a.png"]


def test_what_has_no_end_is_no_picture_of_a_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert names([tmp_path], tmp_path) == []


def test_a_list_names_pictures_and_folders_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "folder/b.png", "a b.png")
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{tmp_path}/a b.png\r\n\n{tmp_path}/folder\n"))
    assert names(["-"], tmp_path) == ["a b.png", "folder/b.png"]
    assert count_pictures(["-"]) is None


def test_folders_are_listed_only_when_they_are_reached(tmp_path: Path) -> None:
    touch(tmp_path, "a/1.png", "b/2.png")
    items = find_pictures([tmp_path])
    assert next(items).name.endswith("1.png")
    touch(tmp_path, "b/1.png")
    assert [Path(item.name).name for item in items] == ["1.png", "2.png"]


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "a.png", "b/c.png")
    items = find_pictures([tmp_path])
    next(items)
    (tmp_path / "b" / "c.png").unlink()
    (tmp_path / "b").rmdir()
    with pytest.raises(PictureError, match=f"^{tmp_path}/b can't be read: No such file"):
        next(items)
