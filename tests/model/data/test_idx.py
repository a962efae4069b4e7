from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
import torch
from torchvision.datasets import MNIST

from model.data.digits import DataSet, Digits, joined
from model.data.idx import RAW_FILES, idx_checksums, read_idx, write_idx
from model.errors import DataError
from tests.helpers.running import ROOT

EXTRACT = ROOT / "tests" / "data"
LEVELS = torch.tensor([0, 1, 254, 255], dtype=torch.uint8).view(4, 1, 1).expand(4, 28, 28)
FOUR = Digits(LEVELS, torch.tensor([9, 0, 5, 5]))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the extract to damage."""
    shutil.copytree(EXTRACT, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:9/"])


def contents(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "MNIST" / "raw").iterdir()}


# Reading


def test_digits_are_bytes_and_labels_are_what_they_show() -> None:
    train, test = read_idx(EXTRACT, train=True), read_idx(EXTRACT, train=False)
    assert (train.images.dtype, train.images.shape) == (torch.uint8, (600, 28, 28))
    assert (test.labels.dtype, test.labels.shape, test.names) == (torch.int64, (200,), ())
    assert train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_checksums_are_those_of_the_four_files() -> None:
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in contents(EXTRACT).items()}
    assert idx_checksums(EXTRACT) == sums
    assert sorted(sums) == sorted(RAW_FILES)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("name", RAW_FILES)
def test_a_missing_file_that_cannot_be_downloaded_is_named_with_the_way_out(copy: Path, name: str) -> None:
    (copy / "MNIST" / "raw" / name).unlink()
    with pytest.raises(DataError, match=r"copy and can't be downloaded into it .* --data"):
        read_idx(copy, train=True)


@pytest.mark.usefixtures("offline")
def test_a_missing_folder_without_internet_is_a_data_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere and can't be downloaded") as caught:
        read_idx(tmp_path / "nowhere", train=True)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("offline")
def test_a_file_in_the_place_of_the_folder_is_a_data_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(DataError, match=r"MNIST isn't in .*file and can't be downloaded"):
        read_idx(tmp_path / "file", train=True)


@pytest.mark.parametrize("name", RAW_FILES)
@pytest.mark.parametrize("length", [0, 3, 7, 12, 100])
def test_a_truncated_file_is_damaged(copy: Path, name: str, length: int) -> None:
    path = copy / "MNIST" / "raw" / name
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(DataError, match="damaged files"):
        read_idx(copy, train=name.startswith("train"))


@pytest.mark.parametrize("magic", ["00000803", "00000a01", "00000b01", "00000d01", "ffffffff"])
def test_another_magic_number_is_damaged(copy: Path, magic: str) -> None:
    path = copy / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(bytes.fromhex(magic) + path.read_bytes()[4:])
    with pytest.raises(DataError, match=r"raw holds"):
        read_idx(copy, train=False)


def test_labels_above_9_are_refused(copy: Path) -> None:
    path = copy / "MNIST" / "raw" / "train-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1] + b"\x0a")
    with pytest.raises(DataError, match="labels outside 0 to 9"):
        read_idx(copy, train=True)


def test_more_images_than_labels_are_refused(copy: Path) -> None:
    path = copy / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(bytes.fromhex("00000801 000000c7") + path.read_bytes()[8:-1])
    with pytest.raises(DataError, match="aren't 28×28 labelled digits"):
        read_idx(copy, train=False)


def test_images_of_another_size_are_refused(copy: Path) -> None:
    path = copy / "MNIST" / "raw" / "t10k-images-idx3-ubyte"
    path.write_bytes(bytes.fromhex("00000803 000000c8 0000000e 00000038") + path.read_bytes()[16:])
    with pytest.raises(DataError, match="aren't 28×28 labelled digits"):
        read_idx(copy, train=False)


# Writing


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_idx(tmp_path, FOUR, FOUR[1:3])
    train, test = read_idx(tmp_path, train=True), read_idx(tmp_path, train=False)
    assert torch.equal(train.images, FOUR.images)
    assert torch.equal(test.images, FOUR.images[1:3])
    assert (train.labels.tolist(), test.labels.tolist()) == ([9, 0, 5, 5], [0, 5])


def test_images_are_their_size_and_their_bytes(tmp_path: Path) -> None:
    write_idx(tmp_path, FOUR, FOUR[1:3])
    header = bytes.fromhex("00000803 00000004 0000001c 0000001c")
    levels = b"\x00" * 784 + b"\x01" * 784 + b"\xfe" * 784 + b"\xff" * 784
    assert contents(tmp_path)["train-images-idx3-ubyte"] == header + levels


def test_labels_are_their_number_and_a_byte_each(tmp_path: Path) -> None:
    write_idx(tmp_path, FOUR, FOUR[1:3])
    assert contents(tmp_path)["train-labels-idx1-ubyte"] == bytes.fromhex("00000801 00000004 09000505")
    assert contents(tmp_path)["t10k-labels-idx1-ubyte"] == bytes.fromhex("00000801 00000002 0005")


def test_mnist_written_again_is_mnist_s_own_files(extract: DataSet, tmp_path: Path) -> None:
    write_idx(tmp_path, joined(extract.train, extract.validation), extract.test)
    assert contents(tmp_path) == contents(EXTRACT)


def test_a_disk_that_fills_up_leaves_the_old_files(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def fsync(handle: int) -> None:
        written.append(handle)
        if len(written) == 4:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fsync)
    with pytest.raises(OSError, match="No space left"):
        write_idx(copy, FOUR, FOUR)
    assert contents(copy) == contents(EXTRACT)
