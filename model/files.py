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
