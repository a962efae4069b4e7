from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from model.errors import PictureError
from model.many import archives
from model.many.archives import is_archive, members

FILES = {"b/七.png": b"seven", "a.PNG": b"one", "notes.txt": b"no", "__MACOSX/b/._a.png": b"no", "b/._a.png": b"no"}
READ = [("b/七.png", b"seven"), ("a.PNG", b"one")]


def as_zip(path: Path, files: dict[str, bytes] = FILES) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder.png/", b"")
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def as_tar(path: Path, files: dict[str, bytes] = FILES) -> Path:
    kind = {".tar": "", ".tgz": "gz"}.get(path.suffix, path.suffix[1:])
    with tarfile.open(path, f"w:{kind}") as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link.png")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *((name, True) for name in ("a.zip", "A.ZIP", "a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz")),
        *((name, False) for name in ("a.gz", "a.png", "zip")),
    ],
)
def test_an_archive_is_told_by_its_name(name: str, is_one: bool) -> None:
    assert is_archive(name) is is_one


def test_a_zip_s_pictures_come_as_they_lie_in_it(tmp_path: Path) -> None:
    assert list(members(as_zip(tmp_path / "a.zip"))) == READ


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "a.tar.bz2", "a.tar.xz"])
def test_a_tar_s_pictures_come_as_they_lie_in_it(tmp_path: Path, name: str) -> None:
    assert list(members(as_tar(tmp_path / name))) == READ


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz"])
@pytest.mark.parametrize("content", [b"", b"no archive" * 100])
def test_what_is_no_archive_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    (((inside, error),)) = members(tmp_path / name)
    assert inside == ""
    assert str(error) == f"{tmp_path / name} is damaged or no archive: pack it anew and try again"


def test_what_comes_before_a_tar_s_cut_is_read(tmp_path: Path) -> None:
    whole = as_tar(tmp_path / "a.tar", {"a.png": b"1" * 600, "b.png": b"2" * 600}).read_bytes()
    (tmp_path / "a.tar").write_bytes(whole[:2200])  # in the second picture's bytes
    first, *_, (name, error) = members(tmp_path / "a.tar")
    assert first == ("a.png", b"1" * 600)
    assert (name, getattr(error, "key", "")) == ("", "damaged-archive")


def test_a_damaged_picture_in_a_zip_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", {"a.png": b"1" * 600, "b.png": b"2" * 600})
    content = bytearray(path.read_bytes())
    place = content.index(b"a.png") + len(b"a.png")
    content[place : place + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    (name, error), last = members(path)
    assert (name, str(error)) == (
        "a.png",
        f"{path}/a.png is damaged or no picture: save it as PNG or JPEG and try again",
    )
    assert last == ("b.png", b"2" * 600)


def test_a_locked_picture_is_told(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", {"a.png": b"1"})
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # the flag of encryption, in both headers
        content[content.rindex(mark) + place] |= 1
    path.write_bytes(content)
    ((_, error),) = members(path)
    assert str(error) == f"{path}/a.png is locked by a password: unpack it first"


@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_a_picture_longer_than_a_file_may_be_is_not_unpacked(
    tmp_path: Path, pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.preprocess.bounds.MAX_BYTES", 1000)
    path = pack(tmp_path / ("a.zip" if pack is as_zip else "a.tar"), {"a.png": bytes(1001), "b.png": bytes(1000)})
    (_, error), (_, content) = members(path)
    assert getattr(error, "key", "") == "too-many-megabytes"
    assert content == bytes(1000)


@pytest.mark.parametrize("pack", [as_zip, as_tar])
def test_an_archive_that_grows_too_much_is_not_read_on(
    tmp_path: Path, pack: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "ALLOWANCE", 30_000)
    monkeypatch.setattr(archives, "GROWTH", 10)
    bomb = {f"{number}.png": bytes(20_000) for number in range(20)}
    path = pack(tmp_path / ("a.zip" if pack is as_zip else "a.tar.gz"), bomb)
    *read, (name, error) = members(path)
    assert sum(len(content) for _, content in read if isinstance(content, bytes)) <= 10 * path.stat().st_size + 30_000
    assert 1 <= len(read) < 20
    assert (name, str(error)) == (
        "",
        f"{path} unpacks to more than 10 times its length: the rest of it isn't read",
    )


def test_an_honest_archive_of_small_bitmaps_is_read_whole(tmp_path: Path) -> None:
    files = {f"{number}.bmp": bytes(2_000) for number in range(100)}
    assert not any(isinstance(content, PictureError) for _, content in members(as_zip(tmp_path / "a.zip", files)))
