"""Several files at once: their readings as rows of a table, each with its line of a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from model.many.cells import as_cell
from model.reading.reading import Reading, floor4, percent
from ui.texts import Texts
from ui.views.pictures import data_uri, reduced
from ui.views.render import render

#: Files read at once; more would keep all other visitors waiting.
MAX_FILES = 50


#: The CSV file's first line.
CSV_HEAD = ("file", "status", "number", "confidence", "problem")
#: Longest side of a thumbnail in pixels.
THUMBNAIL = 64


def rows(lines: Sequence[dict[str, str]], first: int = 0) -> str:
    """The lines as rows of HTML, the first of which is at that place of the whole table."""
    return render("several.html", first=first, rows=[(line, as_csv(line)) for line in lines])


def row(name: str, result: Reading | str, t: Texts) -> dict[str, str]:
    """A file's line in the table and in the CSV file.

    Args:
        name: the file's.
        result: its reading or, if it can't be read, a sentence that says why.
        t: the texts of the visitor's language.
    """
    if isinstance(result, str):
        empty = dict.fromkeys(("picture", "reads", "sure", "number", "confidence"), "")
        return {"file": name, "status": "error", "problem": result, **empty}
    number = "".join(digit.label for digit in result.digits)
    doubt = "?" if result.status == "unsure" else ""
    reads = f"{number}{doubt}" if number else t(f"verdict.{result.reason or result.status}")
    least = min((digit.confidence for digit in result.digits), default=None)
    return {
        "file": name,
        "status": result.status,
        "problem": "",
        "picture": data_uri(reduced(result.steps[0].picture, THUMBNAIL)) if result.steps else "",
        "reads": reads,
        "sure": "" if least is None else percent(least),
        "number": number,
        "confidence": "" if least is None else f"{floor4(least):.4f}",
    }


def as_csv(line: dict[str, str]) -> str:
    """A file's line of the CSV file, without its end; the confidence is the least sure digit's."""
    out = io.StringIO()
    status = "" if line["status"] == "error" else line["status"]
    values = [as_cell(line["file"]), status, line["number"], line["confidence"], line["problem"]]
    csv.writer(out).writerow(values)
    return out.getvalue().removesuffix("\r\n")
