from __future__ import annotations

from pathlib import Path
from random import Random

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from tests.pictures import drawn, packages, written
from tests.pictures.__main__ import main
from tests.pictures.shown import decorated

DEJAVU = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def root_with(folder: Path, *names: str) -> Path:
    """Packages' files below a folder, each a red square of 40 pixels on nothing."""
    for name in names:
        file = folder / "usr" / "share" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGBA", (60, 60))
        picture.paste((200, 0, 0, 255), (10, 10, 50, 50))
        picture.save(file)
    return folder


def test_things_that_show_digits_by_their_names_are_not_taken(tmp_path: Path) -> None:
    clipart = "openclipart/png/food/"
    root = root_with(tmp_path, f"{clipart}apple.png", f"{clipart}number_3.png", f"{clipart}calendar/may.png")

    assert [picture.size for picture in packages.things(root, "clipart", Random(1))] == [(60, 60)]


def test_people_are_no_clipart(tmp_path: Path) -> None:
    root = root_with(tmp_path, "openclipart/png/people/baker.png")

    assert not list(packages.things(root, "clipart", Random(1)))
    assert len(list(packages.things(root, "people", Random(1)))) == 1


def test_what_is_transparent_lies_on_a_plain_ground(tmp_path: Path) -> None:
    root = root_with(tmp_path, "openclipart/png/food/apple.png")
    (picture,) = packages.things(root, "clipart", Random(1))

    assert picture.getpixel((30, 30)) == (200, 0, 0)
    assert len(set(picture.crop((0, 0, 60, 9)).tobytes())) == 1


def test_photos_are_taken_in_parts(tmp_path: Path) -> None:
    file = tmp_path / "usr" / "share" / "backgrounds" / "hill.jpg"
    file.parent.mkdir(parents=True)
    Image.new("RGB", (400, 300), "green").save(file)
    sizes = [picture.size for picture in packages.things(tmp_path, "more photos", Random(1))]

    assert len(sizes) == packages.THINGS["more photos"].parts
    assert (400, 300) in sizes
    assert min(sizes)[0] < 201


def test_a_font_without_a_sign_does_not_write_it() -> None:
    assert packages.has(DEJAVU, "Aя")
    assert not packages.has(DEJAVU, "日")
    assert not list(written.lettered([DEJAVU], "日", 3, Random(1)))


def test_what_is_written_is_told_and_shown() -> None:
    (picture, text), *more = written.lettered([DEJAVU], ["4", "A"], 2, Random(1))

    assert {text, more[0][1]} == {"4", "A"}
    assert np.ptp(np.asarray(picture.convert("L")).astype(int)) > 60


def test_a_decorated_sign_stands_out_of_its_ground() -> None:
    pictures = [picture for picture, _ in written.lettered([DEJAVU], "38", 2, Random(1), decorated)]

    assert min(np.ptp(np.asarray(picture.convert("L")).astype(int)) for picture in pictures) > 60
    assert {picture.mode for picture in pictures} == {"RGB"}


@pytest.mark.parametrize(
    ("pictures", "count"),
    [
        (drawn.textures(6, Random(1)), 6),
        (drawn.plots(5, Random(1)), 5),
        (drawn.scribbles(3, Random(1)), 3),
        (drawn.shapes(5, Random(1)), 5),
        (drawn.codes(2, Random(1)), 2),
        (written.stroke_letters(3, Random(1)), 3),
        (written.pages([DEJAVU], 2, Random(1)), 2),
    ],
)
def test_what_is_drawn_has_light_and_dark(pictures: list[Image.Image], count: int) -> None:
    ranges = [np.ptp(np.asarray(picture.convert("L")).astype(int)) for picture in pictures]

    assert len(ranges) == count
    assert min(ranges) > 30


def test_the_same_chance_draws_the_same() -> None:
    first, second = (next(drawn.scribbles(1, Random(4))).tobytes() for _ in range(2))

    assert first == second


@pytest.mark.slow
def test_missing_packages_are_told_and_the_rest_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = root_with(tmp_path / "root", "openclipart/png/food/apple.png")

    assert main([str(tmp_path / "out"), "--packages", str(root)]) == 0
    told = capsys.readouterr().out
    assert "clipart: 1\n" in told
    assert "icons: its packages are missing\n" in told
    assert len(list((tmp_path / "out" / "plots").iterdir())) == 100
