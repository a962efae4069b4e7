"""A training run's curves as SVG, in the language of the page and the colours of its theme."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from model.reading.store import Card
from ui.texts import Texts
from ui.views.render import in_percent, render

#: Width and height of a chart in its own units.
SIZE = (480, 260)
#: Left, top, right and bottom of the field in which the lines run.
FIELD = (60.0, 12.0, 468.0, 220.0)
#: About as many lines of the grid across a chart, and upwards.
TICKS = (6, 5)
#: Points of a line with more are not marked one by one.
MOST_MARKS = 40
#: Room left below the least accuracy.
MARGIN = 0.02

Points = list[tuple[float, float]]


class Line(NamedTuple):
    """One line of a chart: what it is of, its points in the chart's units, and whether each has a mark."""

    part: str
    points: Points
    is_marked: bool


class Tick(NamedTuple):
    """A line of the grid: its place in the chart's units, and its number."""

    place: float
    text: str


class Chart(NamedTuple):
    """What is drawn of one measure: its lines, the grid, what it is drawn against, and what screen readers say."""

    name: str
    lines: list[Line]
    across: list[Tick]
    up: list[Tick]
    against: str
    title: str


def curves(card: Card, t: Texts) -> str:
    """Loss and accuracy in training, on validation and, where it was watched, on test digits."""
    charts = [_chart(card, name, t) for name in ("loss", "accuracy")]
    parts = dict.fromkeys(line.part for chart in charts for line in chart.lines)
    return render("curves.html", t=t, charts=charts, parts=list(parts), size=SIZE, field=FIELD)


def _chart(card: Card, name: str, t: Texts) -> Chart:
    logged = name == "loss" and bool(card.log)
    against = "examples" if logged else "epoch"
    training = list(card.log) if logged else _points(card, against, name)
    found = {"training": training} | {part: _points(card, against, f"{part}_{name}") for part in ("validation", "test")}
    known = {part: _finite(points) for part, points in found.items()}
    values = [y for points in known.values() for _, y in points]
    # Before training a network guesses: that point would squeeze all the others together.
    trained = [y for points in known.values() for x, y in points if x > 0] or values or [0.0]
    bottom, top = (max(0.0, min(trained) - MARGIN), 1.0) if name == "accuracy" else (0.0, max(trained) or 1.0)
    right = max((x for points in known.values() for x, _ in points), default=0.0) or 1.0
    x0, y0, x1, y1 = FIELD

    def place(x: float, y: float) -> tuple[float, float]:
        share = (min(max(y, bottom), top) - bottom) / (top - bottom)
        return round(x0 + (x1 - x0) * x / right, 1), round(y1 - (y1 - y0) * share, 1)

    lines = [
        Line(part, [place(*point) for point in points], len(points) <= MOST_MARKS)
        for part, points in known.items()
        if points
    ]
    last = ", ".join(f"{t(f'curves.{part}')} {_told(points[-1][1], name)}" for part, points in known.items() if points)
    return Chart(
        name,
        lines,
        [Tick(place(x, bottom)[0], f"{x:,.0f}") for x in ticks(0.0, right, TICKS[0], whole=True)],
        [Tick(place(0.0, y)[1], _told(y, name)) for y in ticks(bottom, top, TICKS[1])],
        t(f"curves.{against}"),
        t("curves.told", t(f"curves.{name}"), last),
    )


def _told(value: float, name: str) -> str:
    return in_percent(value, 1).replace(".0", "") if name == "accuracy" else f"{value:.2g}"


def _points(card: Card, against: str, name: str) -> Points:
    return [(epoch[against], epoch[name]) for epoch in card.epochs if name in epoch and against in epoch]


def _finite(points: Iterable[tuple[float, float]]) -> Points:
    """What can be drawn: a training may end in numbers that are none."""
    return [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]


def ticks(low: float, high: float, about: int, *, whole: bool = False) -> Sequence[float]:
    """Round numbers in ``low``…``high``, about so many: multiples of 1, 2 or 5 times a power of ten."""
    least = max((high - low) / about, 1e-12)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= least * 0.999)
    step = max(1.0, step) if whole else step
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)]
