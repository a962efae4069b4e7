"""Digits as pictures in folders named by their label: ``train/0…9/*.png`` and ``test/0…9/*.png``."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Generator

from model.data.digits import Digits
from model.data.labelled import MOST_PICTURES, NO_DIGIT
from model.errors import DataError, PictureError
from model.preprocess.picture import SIZE, SUFFIXES, Pixels, open_picture
from model.preprocess.pipeline import preprocess


def has_folders(root: Path) -> bool:
    """Whether there are pictures sorted into ``train`` and ``test``."""
    return (root / "train").is_dir() and (root / "test").is_dir()


def read_folder(folder: Path, read: Callable[[Path], Pixels] | None = None) -> Digits:
    """Digits from ``folder/LABEL/PICTURE``, in the order of labels and names, named by their files.

    Args:
        read: gives a file's digit, uint8 (28, 28); by default ``as_digit``.

    Raises:
        DataError: the folder is missing or empty, one in it isn't named by a digit, has no picture, or
            holds a file that is none.
    """
    from torchvision.datasets import ImageFolder

    if not folder.is_dir():
        raise DataError("no-folder", folder=folder)
    labels = sorted(path for path in folder.iterdir() if path.is_dir() and path.name != NO_DIGIT)
    for label in labels:
        if label.name not in set("0123456789"):
            raise DataError("folder-no-digit", folder=label)
        if not any(file.suffix.lower() in SUFFIXES for file in label.rglob("*")):
            raise DataError("folder-empty", folder=label)
    if not labels:
        raise DataError("no-digit-folders", folder=folder)

    def is_digit(file: str) -> bool:
        path = Path(file).relative_to(folder)
        return path.suffix.lower() in SUFFIXES and path.parts[0] != NO_DIGIT

    files = ImageFolder(str(folder), is_valid_file=is_digit, allow_empty=True)
    if len(files) > MOST_PICTURES:
        raise DataError("too-many-pictures", folder=folder, count=len(files), most=MOST_PICTURES)
    images = [(read or as_digit)(Path(path)) for path, _ in files.samples]
    numbers = [int(files.classes[index]) for index in files.targets]
    return Digits(torch.from_numpy(np.stack(images)), torch.tensor(numbers), tuple(path for path, _ in files.samples))


def as_digit(file: Path) -> Pixels:
    """A picture as uint8 (28, 28): as it is when it already has MNIST's form, else through ``preprocess``.

    Raises:
        DataError: it isn't a picture, or there is no ink in it.
    """
    with _telling(file):
        picture = open_picture(file).image
    if picture.size == (SIZE, SIZE) and picture.mode == "L":
        pixels = np.asarray(picture)
        rim = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
        if rim.mean() < 128 and pixels.any():  # bright on dark
            return np.array(pixels)
    return preprocessed(file)


def preprocessed(file: Path) -> Pixels:
    """A picture of any size through ``preprocess``: uint8 (28, 28).

    Raises:
        DataError: it isn't a picture, or there is no ink in it.
    """
    with _telling(file):
        image = preprocess(file).image
    if image is None:
        raise DataError("blank-picture", file=file)
    return image


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """A picture that can't be read is a data set's error, which names the file."""
    try:
        yield
    except PictureError as error:
        raise DataError("in-file", file=file, error=error) from error


def write_folders(root: Path, parts: dict[str, Digits]) -> None:
    """Write PNGs as ``root/PART/LABEL/NUMBER.png``: whole parts, or none of them.

    Raises:
        DataError: one of the parts is already there.
        OSError: the folder can't be written.
    """
    for name in parts:
        if (root / name).exists():
            raise DataError("already-there", path=root / name)
    root.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(dir=root, prefix=".new-"))
    try:
        for name, digits in parts.items():
            for label in sorted(set(digits.labels.tolist())):
                (room / name / str(label)).mkdir(parents=True)
            for number, (image, label) in enumerate(zip(digits.images.numpy(), digits.labels.tolist(), strict=True)):
                Image.fromarray(image).save(room / name / str(label) / f"{number:05}.png")
            (room / name).mkdir(exist_ok=True, parents=True)  # a part may be empty
        for name in parts:
            (room / name).rename(root / name)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def shuffled(digits: Digits, seed: int = 0) -> Digits:
    """In an order of chance, for a folder's is by label, and the last twelfth would be nines."""
    order = torch.randperm(len(digits), generator=Generator().manual_seed(seed))
    return Digits(digits.images[order], digits.labels[order], tuple(digits.names[index] for index in order.tolist()))


def folder_checksum(digits: Digits) -> str:
    """The SHA-256 of a part's pixels and labels."""
    return hashlib.sha256(digits.images.numpy().tobytes() + digits.labels.numpy().tobytes()).hexdigest()
