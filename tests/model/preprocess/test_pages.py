from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from model.errors import PictureError
from model.preprocess import pages
from model.preprocess.bounds import MAX_STRIPS
from model.preprocess.pages import KIND, pages_of
from tests.helpers.pictures import saved
from tests.helpers.slow import tiff_of_strips

PAGES = [Image.new("L", (40, 30 + number), 10 * number) for number in range(3)]


def tiff(folder: Path, *, name: str = "a.tif", **options: object) -> Path:
    (folder / name).write_bytes(saved(PAGES[0], "TIFF", save_all=True, append_images=PAGES[1:], **options))
    return folder / name


def test_each_page_comes_with_its_number(tmp_path: Path) -> None:
    file = tiff(tmp_path, name="a.TIFF")
    found = list(pages_of(file))
    assert [name for name, _ in found] == [f"{file}#1", f"{file}#2", f"{file}#3"]
    assert [(page.size, page.getpixel((0, 0))) for _, page in found if isinstance(page, Image.Image)] == [
        ((40, 30), 0),
        ((40, 31), 10),
        ((40, 32), 20),
    ]


def test_a_tiff_of_one_page_and_any_other_file_are_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(saved(PAGES[0], "TIFF"))
    assert list(pages_of(tmp_path / "a.tif")) == [(str(tmp_path / "a.tif"), tmp_path / "a.tif")]
    assert list(pages_of(Path("nothing.png"))) == [("nothing.png", Path("nothing.png"))]


@pytest.mark.parametrize(("kind", "numbers"), [(0, [1, 2, 3]), (1, [1, 3]), (2, [1, 2, 3]), (3, [1, 3])])
def test_smaller_copies_are_left_out(tmp_path: Path, kind: int, numbers: list[int]) -> None:
    # 2 is a page of several, 3 such a page's smaller copy.
    copy = PAGES[1].copy()
    copy.encoderinfo = {"tiffinfo": ImageFileDirectory_v2()}
    copy.encoderinfo["tiffinfo"][KIND] = kind
    file = tmp_path / "a.tif"
    file.write_bytes(saved(PAGES[0], "TIFF", save_all=True, append_images=[copy, PAGES[2]]))
    assert [name for name, _ in pages_of(file)] == [f"{file}#{number}" for number in numbers]


@pytest.mark.parametrize("name", ["a.tif", "a.TIFF"])
def test_a_picture_that_is_misnamed_is_itself(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(saved(PAGES[0]))
    assert list(pages_of(tmp_path / name)) == [(str(tmp_path / name), tmp_path / name)]


def test_what_is_missing_or_takes_too_much_is_told_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "a.tif"
    with pytest.raises(PictureError, match=rf"^there is no picture {re.escape(str(file))}$"):
        next(pages_of(file))
    file.write_bytes(tiff_of_strips(MAX_STRIPS + 1, 1))
    with pytest.raises(PictureError, match=rf"^{re.escape(str(file))} is a TIFF of {MAX_STRIPS + 1} strips"):
        next(pages_of(file))


def test_pages_are_bounded_in_number_and_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tiff(tmp_path)
    monkeypatch.setattr(pages, "MOST_PAGES", 2)
    assert len(list(pages_of(file))) == 2
    monkeypatch.setattr("model.preprocess.bounds.MAX_PIXELS", 1_230)
    found = pages_of(file)
    next(found)
    with pytest.raises(PictureError, match=r"a\.tif has 40 × 31 pixels"):
        next(found)


def test_what_is_damaged_after_the_first_page_is_told(tmp_path: Path) -> None:
    file = tiff(tmp_path)
    file.write_bytes(file.read_bytes()[:1600])
    with pytest.raises(PictureError, match=r"a\.tif is damaged"):
        list(pages_of(file))
