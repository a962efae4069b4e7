"""The figures as JSON, and as the table in the README that is made from it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from model.files import write_atomically
from tests.benchmark.measures import Row

START, END = "<!-- figures -->", "<!-- /figures -->"


def save(rows: list[Row], file: Path) -> None:
    """Write the rows."""
    write_atomically(file, (json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False) + "\n").encode())


def load(file: Path) -> list[Row]:
    """The rows that ``save`` wrote."""
    rows = json.loads(file.read_text(encoding="utf-8"))
    return [Row(**{**row, "interval": row["interval"] and tuple(row["interval"])}) for row in rows]


def table(rows: list[Row]) -> str:
    """A Markdown table."""
    lines = ["| what | measured | of | 95 % interval |", "|---|---|---|---|"]
    for row in rows:
        interval = "" if row.interval is None else f"{row.interval[0]:.2%} – {row.interval[1]:.2%}"
        lines.append(f"| {row.what} | {row.figure} | {'' if row.count is None else f'{row.count:,}'} | {interval} |")
    return "\n".join(lines)


def put_into(text: str, rows: list[Row]) -> str:
    """A README with its table between the two marks made anew."""
    before, rest = text.split(START, 1)
    _, after = rest.split(END, 1)
    return f"{before}{START}\n{table(rows)}\n{END}{after}"
