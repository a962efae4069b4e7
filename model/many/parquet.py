"""A Parquet file of readings, by pyarrow, which is installed for it alone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.errors import PictureError
from model.many.lines import Line
from model.many.output import Output
from model.packages import check_packages

#: Readings that are written together, as one of the file's row groups.
GROUP = 4096


class Parquet(Output):
    """A row for each picture: file, status, number, digits with their scores and boxes, error.

    A Parquet file ends with its table of contents. So it grows under another name, and takes its own when it is closed.
    """

    def __init__(self, path: Path) -> None:
        """Begin the new file with what the old one has, if there is one.

        Raises:
            PackageError: pyarrow isn't installed.
            PictureError: the old file holds something else.
            OSError: the folder can't be written.
        """
        super().__init__()
        check_packages("pyarrow")
        import pyarrow.parquet as parquet

        self._path, self._rows = path, list[dict[str, Any]]()
        self._schema = _schema()
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        self._growing = Path(name)
        try:
            self._writer = parquet.ParquetWriter(name, self._schema)
            if path.exists():
                self._copy(path)
        except BaseException:
            self._growing.unlink()
            raise

    def _copy(self, path: Path) -> None:
        import pyarrow
        import pyarrow.parquet as parquet

        try:
            with parquet.ParquetFile(path) as old:
                if not old.schema_arrow.equals(self._schema):
                    raise PictureError("other-output", path=path)
                for number in range(old.num_row_groups):
                    group = old.read_row_group(number)
                    for name in group.column("file").to_pylist():
                        self._remember(name)
                    self._writer.write_table(group)
        except pyarrow.ArrowException as error:
            raise PictureError("other-output", path=path) from error

    def __contains__(self, name: str) -> bool:
        """Whether the old file has a picture of that name, as it is written there."""
        return super().__contains__(_text(name))

    def write(self, lines: Sequence[Line]) -> None:
        """Add some lines; they are on the disk once there are ``GROUP`` of them, or at the end."""
        self._rows += map(_as_row, lines)
        if len(self._rows) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        if self._rows:
            self._writer.write_table(pyarrow.Table.from_pylist(self._rows, self._schema))
            self._rows.clear()

    def close(self) -> None:
        """End the file and give it its name."""
        try:
            self._flush()
            self._writer.close()
            self._growing.chmod(0o644)
            self._growing.replace(self._path)
        finally:
            self._growing.unlink(missing_ok=True)


def _schema() -> Any:
    import pyarrow as pa

    score = pa.struct([("label", pa.string()), ("confidence", pa.float64())])
    digit = pa.struct(
        [
            ("label", pa.string()),
            ("confidence", pa.float64()),
            ("top", pa.list_(score)),
            ("box", pa.list_(pa.int32())),
            ("sure", pa.bool_()),
        ]
    )
    columns = [("file", pa.string()), ("status", pa.string()), ("number", pa.string())]
    return pa.schema([*columns, ("digits", pa.list_(digit)), ("error", pa.string())])


def _as_row(line: Line) -> dict[str, Any]:
    row = line.to_dict()
    digits = [
        {**digit, "top": [{"label": label, "confidence": score} for label, score in digit["top"]]}
        for digit in row["digits"]
    ]
    number = "".join(digit["label"] for digit in digits)
    error = None if row["error"] is None else _text(row["error"])
    return {**row, "file": _text(line.file), "number": number, "digits": digits, "error": error}


def _text(name: str) -> str:
    """A name without what UTF-8 can't hold."""
    return name.encode(errors="backslashreplace").decode()
