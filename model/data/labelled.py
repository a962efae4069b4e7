"""Which pictures a person has labelled: by the folders that they lie in, or in a CSV file."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.errors import DataError
from model.many.names import is_picture

#: The folder, and label, of what the page's visitors call no digit.
NO_DIGIT = "no-digit"
DIGITS = frozenset("0123456789")
#: The parts that a folder may be divided into.
PARTS = ("train", "test")
#: More pictures than this aren't a person's data set but a mistake.
MOST_PICTURES = 200_000
#: More bytes than this aren't a list of so many pictures.
MOST_BYTES = 100_000_000
#: What a CSV file's head may call the column of the pictures' names, and that of their labels.
NAMES = ("file", "filename", "name", "path", "image", "picture")
LABELS = ("label", "digit", "class", "number", "target")
#: What may stand between the cells of a CSV file.
SEPARATORS = ",;\t"


@dataclass(frozen=True)
class Labelled:
    """A file with what a person calls it.

    Attributes:
        file: where it lies.
        label: the name of its folder, or what stands in the CSV file.
        part: "train" or "test" if the person says so.
    """

    file: Path
    label: str
    part: str | None = None


def find_labelled(source: Path) -> list[Labelled]:
    """All files of a labelled folder, or of a CSV file, in the order of labels and names, or of the lines.

    Args:
        source: holds ``LABEL/…/PICTURE``, or the same below ``train`` and ``test``; or a CSV file of names and labels,
            whose names begin at its own folder.

    Raises:
        DataError: there is no such folder or file, it holds too much, or the CSV file can't be read.
    """
    if source.is_file():
        found = list(_of_csv(source))
    elif not source.is_dir():
        raise DataError("no-folder", folder=source)
    elif all((source / part).is_dir() for part in PARTS):
        found = [Labelled(one.file, one.label, part) for part in PARTS for one in _of_folder(source / part)]
    else:
        found = list(_of_folder(source))
    if len(found) > MOST_PICTURES:
        raise DataError("too-many-pictures", folder=source, count=len(found), most=MOST_PICTURES)
    return found


def _of_folder(folder: Path) -> Iterator[Labelled]:
    """What lies in a folder's folders, however deep. A file beside them has no label."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from (Labelled(file, path.name) for file in sorted(path.rglob("*")) if not file.is_dir())
        else:
            yield Labelled(path, "")


def _of_csv(file: Path) -> Iterator[Labelled]:
    if file.stat().st_size > MOST_BYTES:
        raise DataError("no-labels", file=file)
    try:
        text = file.read_bytes().decode("utf-8-sig")
        first = text.split("\n", 1)[0]
        separator = max(SEPARATORS, key=first.count)
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if any(row)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError("no-labels", file=file) from error
    if not rows or min(map(len, rows)) < 2:
        raise DataError("no-labels", file=file)
    name, label, has_head = _columns(rows[0])
    for row in rows[has_head:]:
        if max(name, label) >= len(row):
            raise DataError("no-labels", file=file)
        yield Labelled(_there(file.parent / row[name].strip()), row[label].strip())


def _columns(first: Sequence[str]) -> tuple[int, int, bool]:
    """Which column holds the names, which the labels, and whether the first row says so."""
    head = [cell.strip().lower() for cell in first]
    names = [column for column, cell in enumerate(head) if cell in NAMES]
    labels = [column for column, cell in enumerate(head) if cell in LABELS]
    return (names[0], labels[0], True) if names and labels else (0, 1, False)


def _there(path: Path) -> Path:
    """A path in the spelling that the disk has: macOS takes letters with marks apart, others don't."""
    if not path.exists():
        for form in ("NFC", "NFD"):
            other = Path(unicodedata.normalize(form, str(path)))
            if other.exists():
                return other
    return path


def why_not(one: Labelled) -> str | None:
    """Why a file is left out before it is opened, as a key of ``model.data.own.REASONS``; ``None`` if it isn't."""
    if one.file.name.startswith(".") or one.file.name.lower() in {"thumbs.db", "desktop.ini"}:
        return "system-file"
    if not is_picture(one.file.as_posix()):
        return "no-picture-name"
    if one.label == NO_DIGIT:
        return "no-digit"
    if not one.label:
        return "no-label"
    return None if one.label in DIGITS else "other-label"
