"""The figures as JSON, and as the tables in docs/measured.md and the READMEs that are made from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from model.evaluate import wilson_interval
from model.files import write_atomically
from model.reading.store import Card
from tests.benchmark.measured_scenes import SceneFigures
from tests.benchmark.measures import Row

START, END = "<!-- figures -->", "<!-- /figures -->"
MODELS_START, MODELS_END = "<!-- models -->", "<!-- /models -->"
SCENES_START, SCENES_END = "<!-- scenes -->", "<!-- /scenes -->"
HEADLINES_START, HEADLINES_END = "<!-- headlines -->", "<!-- /headlines -->"
#: The figures that the READMEs tell; "…" stands for what the figure before it is of.
HEADLINES = (
    "MNIST test set, 28×28 into the network",
    "people's uploads, one digit each",
    "people's single digits turned away",
    "pen strokes on the pad (UCI pendigits, six writers kept out)",
    "USPS zip-code digits, 16×16",
    "weights' file",
    "one reading of a drawing, median",
)
#: How many of the weakest scenes they tell.
WEAKEST = 5


def save(rows: list[Row], scenes: list[SceneFigures], file: Path) -> None:
    """Write the rows, and what was read of the scenes."""
    content = {"rows": [asdict(row) for row in rows], "scenes": [asdict(scene) for scene in scenes]}
    write_atomically(file, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode())


def load(file: Path) -> tuple[list[Row], list[SceneFigures]]:
    """What ``save`` wrote."""
    content = json.loads(file.read_text(encoding="utf-8"))
    rows = [Row(**{**row, "interval": row["interval"] and tuple(row["interval"])}) for row in content["rows"]]
    return rows, [SceneFigures(**scene) for scene in content["scenes"]]


def table(rows: list[Row]) -> str:
    """A Markdown table."""
    lines = ["| what | measured | of | 95 % interval |", "|---|---|---|---|"]
    for row in rows:
        interval = "" if row.interval is None else f"{row.interval[0]:.2%} – {row.interval[1]:.2%}"
        lines.append(f"| {row.what} | {row.figure} | {'' if row.count is None else f'{row.count:,}'} | {interval} |")
    return "\n".join(lines)


def headlines(rows: Sequence[Row], scenes: Sequence[SceneFigures]) -> str:
    """The few figures that a reader wants first, the weakest scenes among them, as a Markdown table."""
    told = table([row for row in rows if row.what in HEADLINES])
    weakest = sorted(scenes, key=lambda scene: (scene.right / scene.pictures, scene.name))[:WEAKEST]
    lines = [_headline("all scenes, wholly right", _together(scenes))]
    lines += [_headline(f"… {scene.name}", scene) for scene in weakest]
    return "\n".join([told, *lines])


def _headline(name: str, scene: SceneFigures) -> str:
    low, high = wilson_interval(scene.right, scene.pictures)
    return f"| {name} | {scene.right / scene.pictures:.1%} | {scene.pictures:,} | {low:.1%} – {high:.1%} |"


def _together(scenes: Sequence[SceneFigures]) -> SceneFigures:
    """All scenes as one."""
    numbers = [field.name for field in fields(SceneFigures) if field.name != "name"]
    return SceneFigures("all", **{name: sum(getattr(scene, name) for scene in scenes) for name in numbers})


def scenes_table(scenes: Sequence[SceneFigures]) -> str:
    """The scenes as a Markdown table, the weakest first, all of them together last."""
    lines = [
        "| scene | wholly right | 95 % interval | digits wrong | sure | sure and wrong |",
        "|---|---|---|---|---|---|",
    ]
    for scene in sorted(scenes, key=lambda scene: (scene.right / scene.pictures, scene.name)):
        lines.append(_scene_line(scene.name, scene))
    return "\n".join([*lines, _scene_line("**all**", _together(scenes))])


def _scene_line(name: str, scene: SceneFigures) -> str:
    low, high = wilson_interval(scene.right, scene.pictures)
    return (
        f"| {name} | {scene.right / scene.pictures:.1%} of {scene.pictures:,} | {low:.1%} – {high:.1%} | "
        f"{scene.wrong_digits / scene.digits:.2%} of {scene.digits:,} | {scene.sure:,} | {scene.sure_wrong} |"
    )


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
    """docs/measured.md with its table of figures made anew."""
    return _between(text, START, END, table(rows))


def put_scenes(text: str, scenes: Sequence[SceneFigures]) -> str:
    """docs/measured.md with its table of scenes made anew."""
    return _between(text, SCENES_START, SCENES_END, scenes_table(scenes))


def put_headlines(text: str, rows: Sequence[Row], scenes: Sequence[SceneFigures]) -> str:
    """A README with its few figures made anew."""
    return _between(text, HEADLINES_START, HEADLINES_END, headlines(rows, scenes))


def put_models(text: str, cards: Sequence[Card]) -> str:
    """A README with its table of models made anew."""
    return _between(text, MODELS_START, MODELS_END, models_table(cards))


def _between(text: str, start: str, end: str, content: str) -> str:
    before, rest = text.split(start, 1)
    _, after = rest.split(end, 1)
    return f"{before}{start}\n{content}\n{end}{after}"
