"""The figures as JSON, and as the table in the README that is made from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from model.files import write_atomically
from model.reading.store import Card
from tests.benchmark.measures import Row

START, END = "<!-- figures -->", "<!-- /figures -->"
MODELS_START, MODELS_END = "<!-- models -->", "<!-- /models -->"


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


def models_table(cards: Sequence[Card]) -> str:
    """The trained models as a Markdown table, from what their cards say."""
    lines = ["| model | test accuracy | 95 % interval | parameters | training |", "|---|---|---|---|---|"]
    for card in cards:
        test = card.metrics["test"]
        low, high = test["interval"]
        minutes = card.machine["minutes"]
        took = f"{minutes:.0f} min" if minutes >= 1.5 else f"{minutes * 60:.0f} s"
        lines.append(
            f"| `{card.model}` | {test['accuracy']:.2%} | {low:.2%} – {high:.2%} | {card.parameters:,} | "
            f"{card.settings['epochs']} epochs, {took} |"
        )
    return "\n".join(lines)


def put_into(text: str, rows: list[Row]) -> str:
    """A README with its table of figures made anew."""
    return _between(text, START, END, table(rows))


def put_models(text: str, cards: Sequence[Card]) -> str:
    """A README with its table of models made anew."""
    return _between(text, MODELS_START, MODELS_END, models_table(cards))


def _between(text: str, start: str, end: str, content: str) -> str:
    before, rest = text.split(start, 1)
    _, after = rest.split(end, 1)
    return f"{before}{start}\n{content}\n{end}{after}"
