"""Several files at once: their readings as a table with a CSV file to download."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from pathlib import Path

from model import DigitsError, Recognizer
from model.reading.reading import Reading, floor4, percent
from ui.texts import Texts
from ui.views.figures import note
from ui.views.render import render

#: Files read at once; more would keep all other visitors waiting.
MAX_FILES = 50


def read_files(files: Sequence[str], recognizer: Recognizer, t: Texts) -> list[tuple[str, Reading | str]]:
    """Each file's name with its reading or, if it can't be read, with a sentence that says why."""
    results: list[tuple[str, Reading | str]] = []
    for file in files[:MAX_FILES]:
        name = Path(file).name
        try:
            results.append((name, recognizer.read(Path(file).read_bytes())))
        except DigitsError as error:
            results.append((name, t.problem(error)))
        except OSError:
            results.append((name, t("verdict.error")))
    return results


def table(results: Sequence[tuple[str, Reading | str]], t: Texts) -> str:
    """The readings, with a link that downloads them as CSV; the file is in the link itself, not on the server."""
    if not results:
        return note("advice", t("files.table"))
    content = base64.b64encode(("\ufeff" + as_csv(results)).encode()).decode()
    return render("several.html", t=t, rows=[_row(name, result, t) for name, result in results], csv=content)


def _row(name: str, result: Reading | str, t: Texts) -> dict[str, str]:
    if isinstance(result, str):
        return {"file": name, "status": "error", "problem": result}
    number = "".join(digit.label for digit in result.digits)
    reads = f"{number}{'?' if result.status == 'unsure' else ''}" if number else t(f"verdict.{result.status}")
    sure = percent(min(digit.confidence for digit in result.digits)) if number else ""
    return {"file": name, "status": result.status, "problem": "", "reads": reads, "sure": sure}


def as_csv(results: Sequence[tuple[str, Reading | str]]) -> str:
    """A line for each file: file, status, number, confidence of the least sure digit, problem."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["file", "status", "number", "confidence", "problem"])
    for name, result in results:
        if name[:1] in "=+-@\t\r":  # a spreadsheet would run it as a formula
            name = f"'{name}"
        if isinstance(result, str):
            writer.writerow([name, "", "", "", result])
            continue
        least = min((digit.confidence for digit in result.digits), default=None)
        number = "".join(digit.label for digit in result.digits)
        writer.writerow([name, result.status, number, "" if least is None else f"{floor4(least):.4f}", ""])
    return out.getvalue()
