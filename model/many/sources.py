"""Which pictures are meant: files, folders, archives, and lists of these on standard input, one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from model.errors import PictureError
from model.many.archives import is_archive, members
from model.many.names import SHADOWS, is_picture

#: The path that stands for a list on standard input.
LIST = "-"


@dataclass(frozen=True)
class Item:
    """A picture that is to be read.

    Attributes:
        name: its path; of an archive's, the archive's path and that inside.
        source: where it lies, or its bytes, or why there are none.
    """

    name: str
    source: Path | bytes | PictureError


def find_pictures(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Item]:
    """The pictures in the order of the paths; of a folder all in and below it by name, of an archive as they lie in it.

    Folders are listed one at a time and archives read as they are gone through: a million take no more memory than
    their largest folder's names.

    Raises:
        PictureError: a path can't be looked at.
    """
    for path in paths:
        if path == LIST:
            yield from find_pictures(line for line in map(_line, sys.stdin) if line)
            continue
        path = Path(path)
        if _is_folder(path):
            yield from (Item(str(file), file) for file in _below(path))
        elif is_archive(path.name) and path.is_file():
            yield from (Item(f"{path}/{inside}" if inside else str(path), source) for inside, source in members(path))
        else:
            yield Item(str(path), path)


def count_pictures(paths: Iterable[str | os.PathLike[str]]) -> int | None:
    """How many there are, if files and folders alone are named: of others it isn't known before all are read."""
    count = 0
    for path in paths:
        if path == LIST or is_archive(PurePath(path).name):
            return None
        count += sum(1 for _ in _below(Path(path))) if _is_folder(Path(path)) else 1
    return count


def _line(line: str) -> str:
    return line.rstrip("\r\n")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError as error:
        raise PictureError("unreadable-path", path=path, reason=error.strerror or error) from error


def _below(folder: Path) -> Iterator[Path]:
    """The pictures in and below a folder by name. A folder that is a link isn't entered: it may lead back."""
    waiting = [(folder, iter(_entries(folder)))]
    while waiting:
        path, entries = waiting[-1]
        name, is_folder = next(entries, ("", False))
        if is_folder:
            waiting.append((path / name, iter(_entries(path / name))))
        elif name:
            yield path / name
        else:
            waiting.pop()


def _entries(folder: Path) -> list[tuple[str, bool]]:
    """The names of a folder's pictures and folders in order, and which of them are folders."""
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False), entry.is_file()) for entry in entries]
    except OSError as error:
        raise PictureError("unreadable-path", path=folder, reason=error.strerror or error) from error
    return sorted(
        (name, is_folder)
        for name, is_folder, is_file in found
        if (is_folder and name != SHADOWS) or (is_file and is_picture(name))
    )
