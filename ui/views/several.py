"""Several files at once: their readings as a table with a CSV file to download."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence

from model.many.cells import as_cell
from model.reading.reading import Reading, floor4, percent
from ui.texts import Texts
from ui.views.figures import note
from ui.views.render import render

#: Files read at once; more would keep all other visitors waiting.
MAX_FILES = 50


def table(rows: Sequence[dict[str, str]], t: Texts) -> str:
    """The readings, with a link that downloads them as CSV; the file is in the link itself, not on the server."""
    if not rows:
        return note("advice", t("files.table"))
    content = base64.b64encode(("\ufeff" + as_csv(rows)).encode()).decode()
    return render("several.html", t=t, rows=rows, csv=content)


def row(name: str, result: Reading | str, t: Texts) -> dict[str, str]:
    """A file's line in the table and in the CSV file.

    Args:
        name: the file's.
        result: its reading or, if it can't be read, a sentence that says why.
        t: the texts of the visitor's language.
    """
    if isinstance(result, str):
        return {"file": name, "status": "error", "problem": result}
    number = "".join(digit.label for digit in result.digits)
    doubt = "?" if result.status == "unsure" else ""
    reads = f"{number}{doubt}" if number else t(f"verdict.{result.reason or result.status}")
    least = min((digit.confidence for digit in result.digits), default=None)
    return {
        "file": name,
        "status": result.status,
        "problem": "",
        "reads": reads,
        "sure": "" if least is None else percent(least),
        "number": number,
        "confidence": "" if least is None else f"{floor4(least):.4f}",
    }


def as_csv(rows: Sequence[dict[str, str]]) -> str:
    """A line for each file: file, status, number, confidence of the least sure digit, problem."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["file", "status", "number", "confidence", "problem"])
    for line in rows:
        status = "" if line["status"] == "error" else line["status"]
        writer.writerow(
            [as_cell(line["file"]), status, line.get("number", ""), line.get("confidence", ""), line["problem"]]
        )
    return out.getvalue()
