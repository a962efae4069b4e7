"""Which kind of file readings are written to, by the end of its name."""

from __future__ import annotations

from pathlib import Path

from model.errors import PictureError
from model.many.output import Output
from model.many.parquet import Parquet
from model.many.textfiles import Csv, JsonLines


def open_output(path: Path, *, resume: bool = False) -> Output:
    """The file for readings, of the kind that its name's end tells.

    Args:
        resume: go on in a file that is there; without it that is refused.

    Raises:
        PictureError: it is there already, holds something else, or its name ends otherwise.
        PackageError: it is to be Parquet, and pyarrow isn't installed.
        OSError: it can't be written.
    """
    kind = path.suffix.lower()
    if kind not in {".jsonl", ".csv", ".parquet"}:
        raise PictureError("output-kind", path=path)
    if path.exists() and not resume:
        raise PictureError("output-there", path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == ".parquet":
        return Parquet(path)
    return (Csv if kind == ".csv" else JsonLines)(path, resume=resume)
