"""Readings as lines of text, JSON or CSV, in a file that is whole after each of them."""

from __future__ import annotations

import csv
import io
import json
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path

from model.errors import PictureError
from model.many.cells import as_cell
from model.many.lines import Line
from model.many.output import Output
from model.reading.reading import floor4

#: The columns of a CSV file: those of the page's.
COLUMNS = ("file", "status", "number", "confidence", "problem")
#: What each object of a JSON line begins with.
BEGIN = b'{"file": "'
#: Marks a CSV file as UTF-8 for spreadsheets.
MARK = "\ufeff"


class TextOutput(Output):
    """A file of lines of text."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        """Open or make the file; what is left of a last line that was cut off goes.

        Raises:
            PictureError: it holds something else.
            OSError: it can't be written.
        """
        super().__init__()
        self._file = path.open("r+b" if resume and path.exists() else "xb", buffering=0)
        try:
            self._end = self._remember_all(path)
            self._file.truncate(self._end)
            self._file.seek(self._end)
            if not self._end:
                self._append(self.head())
        except BaseException:
            self._file.close()
            raise

    def _remember_all(self, path: Path) -> int:
        """Remember the names in the file, and tell where its last whole line ends."""
        end = 0
        with path.open("rb") as file:
            for name, line_end in self.names(file, path):
                self._remember(name)
                end = line_end
        return end

    def _append(self, content: bytes) -> None:
        try:
            written = 0
            while written < len(content):
                written += self._file.write(content[written:]) or 0
        except BaseException:  # a full disk, or Ctrl-C: no part of a line stays
            self._file.truncate(self._end)
            raise
        self._end += len(content)

    def write(self, lines: Sequence[Line]) -> None:
        """Add some lines at the end."""
        self._append(self.text(lines))

    def close(self) -> None:
        """End the file."""
        self._file.close()

    @abstractmethod
    def head(self) -> bytes:
        """What a new file begins with."""

    @abstractmethod
    def text(self, lines: Sequence[Line]) -> bytes:
        """Lines as the file has them."""

    @abstractmethod
    def names(self, file: io.BufferedReader, path: Path) -> Iterator[tuple[str, int]]:
        """The name in each whole line of a file, and where the line ends."""


class JsonLines(TextOutput):
    """An object a line, as ``--json`` prints them."""

    def head(self) -> bytes:
        """Nothing."""
        return b""

    def text(self, lines: Sequence[Line]) -> bytes:
        """An object a line."""
        return "".join(f"{json.dumps(line.to_dict())}\n" for line in lines).encode()

    def names(self, file: io.BufferedReader, path: Path) -> Iterator[tuple[str, int]]:
        """The value of each object's "file"."""
        end = 0
        for line in file:
            if not line.endswith(b"\n") and (line.startswith(BEGIN) or BEGIN.startswith(line)):
                return  # one of ours, cut off
            try:
                name = json.loads(line)["file"]
            except (ValueError, TypeError, KeyError, RecursionError):
                name = None
            if not isinstance(name, str):
                raise PictureError("other-output", path=path)
            end += len(line)
            yield name, end


class Csv(TextOutput):
    """The columns of the page's CSV file."""

    def head(self) -> bytes:
        """The columns' names."""
        return (MARK + _row(COLUMNS)).encode()

    def text(self, lines: Sequence[Line]) -> bytes:
        """A row for each line."""
        rows = []
        for line in lines:
            digits = [] if line.reading is None else line.reading["digits"]
            number = "".join(digit["label"] for digit in digits)
            least = f"{floor4(min(digit['confidence'] for digit in digits)):.4f}" if digits else ""
            status = "" if line.reading is None else line.reading["status"]
            problem = as_cell(line.text) if line.reading is None else ""
            rows.append(_row([as_cell(line.file), status, number, least, problem]))
        return "".join(rows).encode(errors="backslashreplace")

    def __contains__(self, name: str) -> bool:
        """Whether the file had a picture of that name, as it is written there."""
        return super().__contains__(as_cell(name).encode(errors="backslashreplace").decode())

    def names(self, file: io.BufferedReader, path: Path) -> Iterator[tuple[str, int]]:
        """The first column of each row. A name may hold line ends, and then a row is of several lines."""
        first = file.readline()
        if first != self.head():
            if first and not self.head().startswith(first):
                raise PictureError("other-output", path=path)
            return
        end, row = len(first), b""
        yield COLUMNS[0], end  # the head is a row, too
        for line in file:
            row += line
            if row.count(b'"') % 2 or not row.endswith(b"\r\n"):
                continue
            cells = next(csv.reader(io.StringIO(row.decode(errors="replace"), newline="")), [])
            if len(cells) != len(COLUMNS):
                raise PictureError("other-output", path=path)
            end, row = end + len(row), b""
            yield cells[0], end


def _row(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue()
