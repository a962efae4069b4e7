"""A data set like MNIST of a person's own pictures, and what of them was left out and why."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from model.data.digits import Digits
from model.data.folders import shuffled, write_folders
from model.data.idx import write_idx
from model.data.labelled import PARTS, find_labelled, why_not
from model.errors import DataError, PictureError
from model.files import write_atomically
from model.preprocess.pages import pages_of
from model.preprocess.picture import Pixels
from model.preprocess.pipeline import preprocess

#: The name of the contact sheet in the data set's folder.
SHEET = "contact-sheet.png"
#: Why a file may be left out, in words. Other errors of pictures are told in their own sentences.
REASONS = {
    "system-file": "left there by the system",
    "no-picture-name": "no picture, by its name",
    "no-digit": "no digit: a set like MNIST has no label for it",
    "no-label": "beside the folders of the labels, so without one",
    "other-label": "its label is none of 0 to 9",
    "blank-picture": "blank: no ink is found",
    "damaged-picture": "damaged, or no picture",
    "no-such-picture": "named in the list, but not there",
    "heic-not-read": "HEIC: `pip install pillow-heif` lets it be read",
}


@dataclass(frozen=True)
class LeftOut:
    """A file, or a page of one, that is in no part of the data set, and why."""

    name: str
    label: str
    why: str


@dataclass
class Own:
    """What became of a person's pictures.

    Attributes:
        parts: the digits to train on and to test with, named by their files.
        left_out: the others.
    """

    parts: dict[str, Digits]
    left_out: list[LeftOut] = field(default_factory=list)

    def table(self) -> str:
        """How many of each label were taken and left out; then why, and one file of each kind."""
        taken = Counter(str(label) for part in self.parts.values() for label in part.labels.tolist())
        left = Counter(one.label or "none" for one in self.left_out)
        labels = [*sorted(taken | left), "all"]
        taken["all"], left["all"] = taken.total(), left.total()
        width = max(5, *map(len, labels))
        lines = [f"{'label':<{width}}  taken  left out"]
        lines += [f"{label:<{width}}  {taken[label]:>5}  {left[label]:>8}" for label in labels]
        whys = Counter(one.why for one in self.left_out)
        if whys:
            lines += ["", "left out  why"]
        for why, count in whys.most_common():
            name = next(one.name for one in self.left_out if one.why == why)
            lines.append(f"{count:>8}  {why}, such as {name}")
        return "\n".join(lines)


def gather(source: Path, test_share: float) -> Own:
    """Read a person's labelled pictures, each through ``preprocess``. What can't be taken is told, and left out.

    Args:
        source: see ``find_labelled``.
        test_share: the part (0…1) that tests, unless the folder itself says which.

    Raises:
        DataError: nothing is there that could be taken.
    """
    found = find_labelled(source)
    left_out: list[LeftOut] = []
    taken: dict[str | None, list[tuple[Pixels, int, str]]] = {None: [], **{part: [] for part in PARTS}}
    for one in found:
        if (key := why_not(one)) is not None:
            left_out.append(LeftOut(str(one.file), one.label, REASONS[key]))
            continue
        try:
            for name, page in pages_of(one.file):
                image = preprocess(page).image
                if image is None:
                    left_out.append(LeftOut(name, one.label, REASONS["blank-picture"]))
                else:
                    taken[one.part].append((image, int(one.label), name))
        except PictureError as error:
            left_out.append(LeftOut(str(one.file), one.label, _reason(error)))
    if not any(taken.values()):
        raise DataError("nothing-taken", source=source, count=len(left_out))
    parts = {part: _digits(taken[part]) for part in PARTS}
    if taken[None]:
        digits = shuffled(_digits(taken[None]))
        tested = round(len(digits) * test_share)
        parts = {"train": digits[tested:], "test": digits[:tested]}
    return Own(parts, left_out)


def _reason(error: PictureError) -> str:
    """Why a picture couldn't be read, in the same words for all of its kind."""
    if error.key in REASONS:
        return REASONS[error.key]
    return str(type(error)(error.key, **{**error.values, "name": "it"}) if "name" in error.values else error)


def _digits(taken: Sequence[tuple[Pixels, int, str]]) -> Digits:
    images = np.stack([image for image, _, _ in taken]) if taken else np.zeros((0, 28, 28), np.uint8)
    labels = torch.tensor([label for _, label, _ in taken], dtype=torch.int64)
    return Digits(torch.from_numpy(images), labels, tuple(name for *_, name in taken))


def write(own: Own, out: Path, sheet: bytes) -> None:
    """Write the data set as PNGs and as MNIST's files, and its contact sheet; all of it or nothing.

    Raises:
        DataError: ``out`` already holds one.
        OSError: ``out`` can't be written.
    """
    for path in (out / "MNIST", out / SHEET):
        if path.exists():
            raise DataError("already-there", path=path)
    write_folders(out, own.parts)
    try:
        write_atomically(out / SHEET, sheet)
        write_idx(out, own.parts["train"], own.parts["test"])
    except OSError:
        for part in own.parts:
            shutil.rmtree(out / part)
        (out / SHEET).unlink(missing_ok=True)
        raise
