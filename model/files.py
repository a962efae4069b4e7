"""Writing files so that nothing that existed is lost: to a temporary name, then rename."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``; a reader sees the old file or the new one, never a part.

    Raises:
        OSError: the folder can't be written or the disk is full. The old file is untouched.
    """
    write_together({path: content})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write several files, each atomically and in this order, once all of them are on the disk.

    Raises:
        OSError: a folder can't be written or the disk is full. The old files are untouched.
    """
    written: list[tuple[Path, Path]] = []
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            written.append((Path(temporary), path))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)  # mkstemp's 0600 would lock a Space's other user out
        for new, path in written:
            new.replace(path)
    except BaseException as error:
        for new, _ in written:
            new.unlink(missing_ok=True)
        # A full disk is told of by a handle, which has no name.
        if isinstance(error, OSError) and error.errno and not error.filename:
            error.filename = str(path)
        raise


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files; a folder of that name is replaced whole, with all that it holds.

    The new one takes its name when all of it is on the disk. If the process is killed just then, the old one is found
    in a hidden folder beside it.

    Raises:
        OSError: it can't be written, or a file has that name. What was there is untouched.
    """
    folder = Path(os.path.realpath(folder))  # a link stays, and leads to the new one
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.", ignore_cleanup_errors=True) as room:
        new, old = Path(room, "new"), Path(room, "old")
        write_together({new / name: content for name, content in files.items()})
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise
