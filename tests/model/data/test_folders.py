from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from model.data.digits import DataSet, Digits
from model.data.folders import as_digit, folder_checksum, has_folders, preprocessed, read_folder, write_folders
from model.errors import DataError
from model.preprocess.normalise import soften
from model.preprocess.picture import Pixels

LEVELS = torch.tensor([10, 20, 30], dtype=torch.uint8).view(3, 1, 1).repeat(1, 28, 28)
THREE = Digits(LEVELS, torch.tensor([4, 0, 4]))
WHITE = np.full((28, 28), 255, np.uint8)


def save(pixels: Pixels, file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(file)
    return file


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def folder(extract: DataSet, tmp_path: Path) -> Path:
    """MNIST's test digits 2 and 5, both a 1, and 0, a 7."""
    for name, number in (("1/b.png", 2), ("1/a.png", 5), ("7/c.png", 0)):
        save(extract.test.images[number].numpy(), tmp_path / "folder" / name)
    return tmp_path / "folder"


# Reading


def test_digits_come_in_the_order_of_labels_and_names(folder: Path, extract: DataSet) -> None:
    digits = read_folder(folder)
    assert digits.labels.tolist() == [1, 1, 7]
    assert digits.names == tuple(str(folder / name) for name in ("1/a.png", "1/b.png", "7/c.png"))
    assert torch.equal(digits.images, extract.test.images[[5, 2, 0]])
    assert (digits.images.dtype, digits.labels.dtype) == (torch.uint8, torch.int64)


def test_what_visitors_called_no_digit_is_passed_over(folder: Path, digit: Pixels) -> None:
    save(digit, folder / "no-digit" / "d.png")
    assert read_folder(folder).labels.tolist() == [1, 1, 7]


def test_no_digits_at_all_are_no_data_set(folder: Path, digit: Pixels) -> None:
    save(digit, folder / "none" / "no-digit" / "d.png")
    with pytest.raises(DataError, match="none"):
        read_folder(folder / "none")


def test_what_is_no_picture_by_its_name_is_passed_over(folder: Path, digit: Pixels) -> None:
    (folder / "7" / "notes.txt").write_text("sevens")
    save(digit, folder / "loose.png")
    save(digit, folder / "7" / "D.PNG")
    save(digit, folder / "7" / "more" / "e.bmp")
    assert [Path(name).name for name in read_folder(folder).names] == ["a.png", "b.png", "D.PNG", "c.png", "e.bmp"]


def test_another_reader_decides_what_a_file_holds(folder: Path) -> None:
    digits = read_folder(folder, lambda file: np.full((28, 28), ord(file.stem), np.uint8))
    assert digits.images[:, 5, 5].tolist() == [ord("a"), ord("b"), ord("c")]


def test_a_digit_in_mnist_s_form_is_taken_pixel_for_pixel(digit: Pixels, tmp_path: Path) -> None:
    shifted = np.roll(digit // 2, 5, axis=1)
    np.testing.assert_array_equal(as_digit(save(shifted, tmp_path / "a.png")), shifted)


def test_preprocessed_even_mnist_s_form_is_centred(digit: Pixels, tmp_path: Path) -> None:
    np.testing.assert_array_equal(preprocessed(save(np.roll(digit, 3, axis=1), tmp_path / "a.png")), digit)


def test_a_dark_digit_on_light_becomes_bright_on_dark(digit: Pixels, tmp_path: Path) -> None:
    np.testing.assert_array_equal(as_digit(save(255 - digit, tmp_path / "a.png")), digit)


@pytest.mark.parametrize("pad", [0, 100])
def test_a_larger_picture_becomes_28_by_28(digit: Pixels, tmp_path: Path, pad: int) -> None:
    large = np.pad(np.kron(255 - digit, np.ones((8, 8), np.uint8)), pad, constant_values=255)
    np.testing.assert_array_equal(as_digit(save(large, tmp_path / "a.png")), soften(digit))


def test_a_picture_in_colour_becomes_grey(digit: Pixels, tmp_path: Path) -> None:
    np.testing.assert_array_equal(as_digit(save(np.stack([digit] * 3, axis=2), tmp_path / "a.png")), digit)


# What can't be read


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"^there is no folder {re.escape(str(tmp_path / 'nothing'))}: "):
        read_folder(tmp_path / "nothing")


def test_a_folder_without_folders_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=f"^{re.escape(str(tmp_path))} holds no folders of pictures"):
        read_folder(tmp_path)


def test_a_label_without_a_picture_is_named(folder: Path) -> None:
    (folder / "5").mkdir()
    (folder / "5" / "notes.txt").write_text("no fives yet")
    with pytest.raises(DataError, match=f"^{re.escape(str(folder / '5'))} holds no picture"):
        read_folder(folder)


@pytest.mark.parametrize("name", ["10", "a", "-1", "²", "07"])
def test_a_folder_that_isn_t_named_by_a_digit_is_refused(folder: Path, digit: Pixels, name: str) -> None:
    save(digit, folder / name / "a.png")
    with pytest.raises(DataError, match=f"^{re.escape(str(folder / name))} isn't named by a digit"):
        read_folder(folder)


def test_a_file_that_is_no_picture_is_named(folder: Path) -> None:
    (folder / "1" / "z.png").write_bytes(b"no picture")
    with pytest.raises(DataError, match=rf"{re.escape(str(folder / '1' / 'z.png'))} is damaged or no picture"):
        read_folder(folder)


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "tif", "webp"])
def test_a_picture_that_is_cut_short_is_an_error_and_no_warning(digit: Pixels, tmp_path: Path, suffix: str) -> None:
    file = save(digit, tmp_path / f"short.{suffix}")
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(DataError, match=rf"short\.{suffix} is damaged"):
        as_digit(file)


@pytest.mark.parametrize("blank", [WHITE, 255 - WHITE, WHITE.repeat(4, 0)], ids=["white", "black", "tall"])
def test_a_blank_picture_is_named(folder: Path, blank: Pixels) -> None:
    file = save(blank, folder / "7" / "blank.png")
    with pytest.raises(DataError, match=f"{re.escape(str(file))} is blank"):
        read_folder(folder)


def test_too_many_pictures_for_memory_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.data.folders.MOST_PICTURES", 2)
    with pytest.raises(DataError, match=f"{re.escape(str(folder))} holds 3 pictures: more than 2"):
        read_folder(folder)


# Writing


def test_a_png_lies_in_the_folder_of_its_label_by_its_number(tmp_path: Path) -> None:
    write_folders(tmp_path / "out", {"train": THREE, "test": THREE[:1]})
    assert files(tmp_path) == [
        "out/test/4/00000.png",
        "out/train/0/00001.png",
        "out/train/4/00000.png",
        "out/train/4/00002.png",
    ]


def test_a_png_has_mnist_s_form(tmp_path: Path) -> None:
    write_folders(tmp_path, {"train": THREE})
    with Image.open(tmp_path / "train" / "0" / "00001.png") as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "L", (28, 28))
        assert picture.getextrema() == (20, 20)


def test_what_is_written_is_read_back(extract: DataSet, tmp_path: Path) -> None:
    write_folders(tmp_path, {"test": extract.test})
    digits = read_folder(tmp_path / "test")
    numbers = [int(Path(name).stem) for name in digits.names]
    assert sorted(numbers) == list(range(200))
    assert torch.equal(digits.images, extract.test.images[numbers])
    assert torch.equal(digits.labels, extract.test.labels[numbers])


def test_an_empty_part_is_an_empty_folder(tmp_path: Path) -> None:
    write_folders(tmp_path, {"train": THREE[:0], "test": THREE[:1]})
    assert has_folders(tmp_path)
    assert files(tmp_path) == ["test/4/00000.png"]


def test_a_part_that_is_already_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test").mkdir()
    with pytest.raises(DataError, match=f"^{re.escape(str(tmp_path / 'test'))} is already there"):
        write_folders(tmp_path, {"train": THREE, "test": THREE})
    assert [path.name for path in tmp_path.iterdir()] == ["test"]


def test_writing_that_fails_midway_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []

    def save_two(picture: Image.Image, file: Path) -> None:
        sizes.append(file.write_bytes(picture.tobytes()))
        if len(sizes) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", save_two)
    with pytest.raises(OSError, match="No space left"):
        write_folders(tmp_path, {"train": THREE})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("names", "both"), [(["train", "test"], True), (["train"], False), (["test"], False), ([], False)]
)
def test_pictures_are_sorted_only_into_both_parts(tmp_path: Path, names: list[str], both: bool) -> None:
    for name in names:
        (tmp_path / name).mkdir()
    assert has_folders(tmp_path) is both


def test_a_checksum_is_of_pixels_and_labels() -> None:
    sums = hashlib.sha256(b"\x0a" * 784 + b"\x04\0\0\0\0\0\0\0").hexdigest()
    assert folder_checksum(THREE[:1]) == folder_checksum(replace(THREE[:1], names=("a",))) == sums
    assert folder_checksum(replace(THREE, labels=THREE.labels + 1)) != folder_checksum(THREE)
    assert folder_checksum(replace(THREE, images=THREE.images + 1)) != folder_checksum(THREE)
