from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.data.own import REASONS, SHEET, Own, gather, write
from model.errors import DataError
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import preprocess
from tests.helpers.pictures import enlarged, saved

WHITE = Image.new("L", (40, 40), 255)


@pytest.fixture
def large(digit: Pixels) -> Image.Image:
    """A 7, dark on white, with room round it."""
    return Image.fromarray(np.pad(255 - enlarged(digit), 20, constant_values=255))


def put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def taken(own: Own) -> list[str]:
    return sorted(Path(name).name for part in own.parts.values() for name in part.names)


def test_a_picture_is_taken_through_preprocess(tmp_path: Path, large: Image.Image) -> None:
    put(tmp_path / "7" / "deep" / "写字.PNG", saved(large))
    own = gather(tmp_path, 0)
    np.testing.assert_array_equal(own.parts["train"].images[0].numpy(), preprocess(large).image)
    assert own.parts["train"].labels.tolist() == [7]
    assert own.left_out == []


def test_what_can_t_be_taken_is_told_with_its_reason(tmp_path: Path, large: Image.Image) -> None:
    left = {
        "7/.DS_Store": ("7", b"", "system-file"),
        "7/blank.png": ("7", saved(WHITE), "blank-picture"),
        "7/cut.png": ("7", saved(large)[:60], "damaged-picture"),
        "no-digit/a.png": ("no-digit", saved(large), "no-digit"),
        "seven/a.png": ("seven", saved(large), "other-label"),
    }
    put(tmp_path / "7" / "a.png", saved(large))
    for name, (_, content, _) in left.items():
        put(tmp_path / name, content)
    own = gather(tmp_path, 0)
    assert taken(own) == ["a.png"]
    assert [(str(Path(one.name).relative_to(tmp_path)), one.label, one.why) for one in own.left_out] == [
        (name, label, REASONS[why]) for name, (label, _, why) in left.items()
    ]


def test_the_table_counts_labels_and_reasons(tmp_path: Path, large: Image.Image) -> None:
    put(tmp_path / "7" / "a.png", saved(large))
    for name in ("a.png", "b.png"):
        put(tmp_path / "no-digit" / name, saved(large))
    assert gather(tmp_path, 0).table() == (
        "label     taken  left out\n"
        "7             1         0\n"
        "no-digit      0         2\n"
        "all           1         2\n"
        "\n"
        "left out  why\n"
        f"       2  no digit: a set like MNIST has no label for it, such as {tmp_path}/no-digit/a.png"
    )


def test_each_page_of_a_tiff_is_a_picture(tmp_path: Path, large: Image.Image) -> None:
    put(tmp_path / "7" / "scan.TIF", saved(large, "TIFF", save_all=True, append_images=[large.copy(), WHITE.copy()]))
    own = gather(tmp_path, 0)
    assert taken(own) == ["scan.TIF#1", "scan.TIF#2"]
    assert [one.name for one in own.left_out] == [f"{tmp_path}/7/scan.TIF#3"]


def test_a_photo_of_48_megapixels_is_taken(tmp_path: Path, digit: Pixels) -> None:
    photo = Image.new("L", (8000, 6000), 235)
    photo.paste(Image.fromarray(255 - digit).resize((2240, 2240)).point(lambda level: level * 235 / 255), (2500, 1500))
    put(tmp_path / "7" / "IMG_1.JPG", saved(photo, "JPEG", quality=80))
    image = gather(tmp_path, 0).parts["train"].images[0].int().numpy()
    assert np.abs(image - digit.astype(int)).mean() < 12


def test_heic_without_its_library_is_told_what_to_install(
    tmp_path: Path, large: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.preprocess.heic.find_spec", lambda _: None)
    put(tmp_path / "7" / "a.png", saved(large))
    put(tmp_path / "7" / "b.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    ((one),) = gather(tmp_path, 0).left_out
    assert one.why == "HEIC: `pip install pillow-heif` lets it be read"


def test_pictures_of_a_list_that_aren_t_there_are_told(tmp_path: Path, large: Image.Image) -> None:
    put(tmp_path / "a.png", saved(large))
    put(tmp_path / "labels.csv", b"a.png,7\ngone.png,1\na.png,no-digit\n")
    own = gather(tmp_path / "labels.csv", 0)
    assert (taken(own), own.parts["train"].labels.tolist()) == (["a.png"], [7])
    assert [one.why for one in own.left_out] == [REASONS["no-such-picture"], REASONS["no-digit"]]


def test_the_parts_are_what_the_folders_say(tmp_path: Path, large: Image.Image) -> None:
    put(tmp_path / "train" / "7" / "a.png", saved(large))
    put(tmp_path / "test" / "7" / "b.png", saved(large))
    own = gather(tmp_path, 0.9)
    assert [Path(own.parts[part].names[0]).name for part in ("train", "test")] == ["a.png", "b.png"]


def test_nothing_to_take_is_an_error_that_counts(tmp_path: Path) -> None:
    put(tmp_path / "7" / "blank.png", saved(WHITE))
    with pytest.raises(DataError, match="no picture could be taken, and 1 files were left out"):
        gather(tmp_path, 0.2)


def test_a_sheet_that_is_there_stays(tmp_path: Path, large: Image.Image) -> None:
    put(tmp_path / "own" / "7" / "a.png", saved(large))
    put(tmp_path / "out" / SHEET, b"mine")
    with pytest.raises(DataError, match="is already there"):
        write(gather(tmp_path / "own", 0), tmp_path / "out", b"new")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "out").iterdir()] == [(SHEET, b"mine")]
