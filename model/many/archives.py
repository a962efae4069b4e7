"""Pictures in zip and tar archives, read where they lie: nothing is unpacked to the disk.

An archive may claim more than it holds, and hold far more than it is long. So each picture is bounded as a file is,
and all of one archive's together by the archive's own length.
"""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from model.errors import PictureError
from model.many.names import is_picture
from model.preprocess.bounds import MAX_BYTES, check_bytes

#: How the names of archives end.
SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
#: An archive's pictures are at most so many times as long as itself …
GROWTH = 100
#: … and so many bytes: bitmaps of blank paper shrink to a thousandth.
ALLOWANCE = 4 * MAX_BYTES
#: What the readers of archives raise for damaged ones, beside OSError.
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, ValueError, NotImplementedError)

#: A name inside an archive, empty for the archive itself, and the bytes of its picture or why there are none.
Member = tuple[str, bytes | PictureError]


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive that is looked into."""
    return name.lower().endswith(SUFFIXES)


def members(path: Path) -> Iterator[Member]:
    """The pictures of an archive in their order. Where it can't be read on, its last member says so."""
    most = path.stat().st_size * GROWTH + ALLOWANCE
    try:
        yield from (_of_zip if path.name.lower().endswith(".zip") else _of_tar)(path, most)
    except (*DAMAGED, RuntimeError, OSError):
        yield "", PictureError("damaged-archive", name=path)


def _of_zip(path: Path, most: int) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.is_dir() or not is_picture(info.filename):
                continue
            most -= info.file_size
            if most < 0:
                yield "", PictureError("archive-grows", name=path, times=GROWTH)
                return
            yield info.filename, _of_member(archive, info, f"{path}/{info.filename}")


def _of_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes | PictureError:
    """One picture's bytes: a damaged one is told, and the next is read."""
    try:
        check_bytes(info.file_size, name)
        with archive.open(info) as file:
            content = file.read(MAX_BYTES + 1)
        check_bytes(len(content), name)
    except PictureError as error:
        return error
    except RuntimeError:  # zipfile's word for a password
        return PictureError("locked-picture", name=name)
    except (*DAMAGED, OSError):
        return PictureError("damaged-picture", name=name)
    return content


def _of_tar(path: Path, most: int) -> Iterator[Member]:
    with tarfile.open(path, "r|*") as archive:  # as a stream: members are passed once, and none is kept
        for info in archive:
            archive.members = []  # type: ignore[attr-defined] # or it remembers all of them
            if info.offset_data + info.size > most:
                yield "", PictureError("archive-grows", name=path, times=GROWTH)
                return
            if not info.isfile() or not is_picture(info.name):
                continue
            name = f"{path}/{info.name}"
            try:
                check_bytes(info.size, name)
            except PictureError as error:
                yield info.name, error
                continue
            file = archive.extractfile(info)
            yield info.name, b"" if file is None else file.read(MAX_BYTES)
