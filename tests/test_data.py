from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
import torch
from torchvision.datasets import MNIST

from model.data import RAW_FILES, DataSet, as_input, load_data
from model.errors import DataError
from tests.conftest import ROOT


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the extract to damage."""
    shutil.copytree(ROOT / "tests" / "data", tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"])


def test_the_last_twelfth_of_the_training_digits_validates(extract: DataSet) -> None:
    assert (len(extract.train), len(extract.validation), len(extract.test)) == (550, 50, 200)
    whole = MNIST(str(ROOT / "tests" / "data"), train=True)
    assert torch.equal(torch.cat([extract.train.images, extract.validation.images]), whole.data)
    assert torch.equal(torch.cat([extract.train.labels, extract.validation.labels]), whole.targets)


@pytest.mark.mnist
def test_the_whole_of_mnist_is_split_55000_5000_10000(mnist: DataSet) -> None:
    assert (len(mnist.train), len(mnist.validation), len(mnist.test)) == (55_000, 5_000, 10_000)


def test_digits_are_bytes_and_labels_are_what_they_show(extract: DataSet) -> None:
    assert (extract.test.images.dtype, extract.test.images.shape) == (torch.uint8, (200, 28, 28))
    assert extract.test.labels.dtype == torch.int64
    assert extract.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert extract.train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


@pytest.mark.mnist
def test_the_extract_begins_like_the_whole(extract: DataSet, mnist: DataSet) -> None:
    assert torch.equal(extract.test.images, mnist.test.images[:200])
    assert torch.equal(extract.test.labels, mnist.test.labels[:200])
    assert torch.equal(extract.train.images, mnist.train.images[:550])
    assert torch.equal(extract.train.labels, mnist.train.labels[:550])


def test_a_slice_keeps_images_and_labels_together(extract: DataSet) -> None:
    part = extract.test[1:3]
    assert part.labels.tolist() == [2, 1]
    assert torch.equal(part.images, extract.test.images[1:3])


def test_checksums_are_those_of_the_files(extract: DataSet) -> None:
    raw = ROOT / "tests" / "data" / "MNIST" / "raw"
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in raw.iterdir()}
    assert extract.checksums == sums
    assert sorted(sums) == sorted(RAW_FILES)


def test_input_is_scaled_to_one_and_the_digits_stay_as_they_are() -> None:
    images = torch.tensor([0, 51, 255], dtype=torch.uint8).view(3, 1, 1).expand(3, 28, 28)
    ink = as_input(images)
    assert (ink.shape, ink.dtype) == ((3, 1, 28, 28), torch.float32)
    assert ink[:, 0, 5, 5].tolist() == pytest.approx([0, 0.2, 1])
    assert images[:, 5, 5].tolist() == [0, 51, 255]


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("name", RAW_FILES)
def test_a_missing_file_that_cannot_be_downloaded_is_named_with_the_way_out(copy: Path, name: str) -> None:
    (copy / "MNIST" / "raw" / name).unlink()
    with pytest.raises(DataError, match=r"copy and can't be downloaded into it .* --data"):
        load_data(copy)


@pytest.mark.usefixtures("offline")
def test_a_missing_folder_without_internet_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be downloaded"):
        load_data(tmp_path / "nowhere")


@pytest.mark.parametrize("name", RAW_FILES)
@pytest.mark.parametrize("length", [0, 3, 7, 12, 100])
def test_a_truncated_file_is_damaged(copy: Path, name: str, length: int) -> None:
    path = copy / "MNIST" / "raw" / name
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DataError, match="damaged files"):
        load_data(copy)


@pytest.mark.parametrize("magic", ["00000803", "00000a01", "00000b01", "00000d01", "ffffffff"])
def test_another_magic_number_is_damaged(copy: Path, magic: str) -> None:
    path = copy / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(bytes.fromhex(magic) + path.read_bytes()[4:])
    with pytest.raises(DataError):
        load_data(copy)


def test_labels_above_9_are_refused(copy: Path) -> None:
    path = copy / "MNIST" / "raw" / "train-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\x0a")
    with pytest.raises(DataError, match="labels outside 0 to 9"):
        load_data(copy)


def test_more_images_than_labels_are_refused(copy: Path) -> None:
    path = copy / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(bytes.fromhex("00000801 000000c7") + path.read_bytes()[8:-1])
    with pytest.raises(DataError, match="aren't 28×28 labelled digits"):
        load_data(copy)


def test_images_of_another_size_are_refused(copy: Path) -> None:
    path = copy / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    path.write_bytes(bytes.fromhex("00000803 000000c8 0000000e 00000038") + path.read_bytes()[16:])
    with pytest.raises(DataError, match="aren't 28×28 labelled digits"):
        load_data(copy)


def test_fewer_than_twelve_digits_are_too_few(copy: Path) -> None:
    raw = copy / "MNIST" / "raw"
    images, labels = raw / "t10k-images-idx3-ubyte", raw / "t10k-labels-idx1-ubyte"
    images.write_bytes(images.read_bytes()[:4] + b"\0\0\0\x0b" + images.read_bytes()[8 : 16 + 11 * 784])
    labels.write_bytes(labels.read_bytes()[:4] + b"\0\0\0\x0b" + labels.read_bytes()[8 : 8 + 11])
    with pytest.raises(DataError, match="too few digits"):
        load_data(copy)
