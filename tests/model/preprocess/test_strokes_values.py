"""What is told of strokes that are refused, word by word, and where each pixel of a pen lies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from PIL import Image

from model.errors import StrokesError, Term
from model.preprocess.strokes import Drawing, Stroke, draw, parse_drawing, render

POINT = [[1, 1]]


def strokes(*strokes: object, size: object = (280, 200)) -> dict[str, object]:
    return {"size": size, "strokes": list(strokes)}


def stroke(width: object = 5, points: object = POINT) -> dict[str, object]:
    return {"width": width, "points": points}


def what(term: str) -> dict[str, object]:
    return {"what": Term(term)}


@pytest.mark.parametrize(
    ("payload", "key", "values"),
    [
        ([], "strokes-no-object", {}),
        ({}, "not-a-pair", what("canvas-size")),
        (strokes(size=[1, 2, 3]), "not-a-pair", what("canvas-size")),
        (strokes(size="ab"), "not-a-pair", what("canvas-size")),
        (strokes(size=[1, "2"]), "not-a-number", what("canvas-size")),
        (strokes(size=[math.nan, 2]), "not-finite", what("canvas-size")),
        (strokes(size=[280, 0.5]), "canvas-size", {"width": 280.0, "height": 0.5, "most": 4096}),
        (strokes(size=[4097, 280]), "canvas-size", {"width": 4097.0, "height": 280.0, "most": 4096}),
        ({"size": [280, 280]}, "not-a-list", what("strokes")),
        ({"size": [280, 280], "strokes": "ab"}, "not-a-list", what("strokes")),
        ({"size": [280, 280], "strokes": b"ab"}, "not-a-list", what("strokes")),
        (strokes(*[stroke()] * 201), "too-many", {"most": 200, **what("strokes")}),
        (strokes(7), "stroke-no-object", {}),
        (strokes({"width": 5}), "not-a-list", what("points")),
        (strokes(stroke(points=POINT * 20_001)), "too-many", {"most": 20_000, **what("points")}),
        (
            strokes(*[stroke(points=POINT * 7_000)] * 2, stroke(points=POINT * 6_001)),
            "too-many",
            {"most": 20_000, **what("points")},
        ),
        (strokes({"points": []}), "not-a-number", what("pen-width")),
        (strokes(stroke(True)), "not-a-number", what("pen-width")),
        (strokes(stroke(10**400)), "not-finite", what("pen-width")),
        (strokes(stroke(0)), "pen-width", {"width": 0.0}),
        (strokes(stroke(280.5)), "pen-width", {"width": 280.5}),
        (strokes(stroke(points=["ab"])), "not-a-pair", what("point")),
        (strokes(stroke(points=[[1, 2], [3]])), "not-a-pair", what("point")),
        (strokes(stroke(points=[[1, 2, 3, 4]])), "not-a-pair", what("point")),
        (strokes(stroke(points=[[1, None]])), "not-a-number", what("point")),
        (strokes(stroke(points=[[1, 2, None]])), "not-a-number", what("pressure")),
        (strokes(stroke(points=[[1, 2, math.inf]])), "not-finite", what("pressure")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_is_told(payload: object, key: str, values: dict[str, Any]) -> None:
    with pytest.raises(StrokesError) as error:
        parse_drawing(payload)
    assert (error.value.key, error.value.values) == (key, values)


def test_strokes_up_to_each_bound_are_read() -> None:
    drawing = parse_drawing(strokes(stroke(280), stroke(0.1, POINT * 19_999), size=[280, 1]))
    assert drawing.size == (280, 1)
    assert [(stroke.width, len(stroke.points)) for stroke in drawing.strokes] == [(280, 1), (0.1, 19_999)]


@pytest.mark.parametrize(
    ("sent", "kept"), [((-281, -201), (-280, -200)), ((-280, -200), (-280, -200)), ((561, 401), (560, 400))]
)
def test_a_point_lies_at_most_a_canvas_length_outside(sent: tuple[int, int], kept: tuple[int, int]) -> None:
    assert parse_drawing(strokes(stroke(points=[sent]))).strokes[0].points == (kept,)


def test_a_stroke_without_pressure_leaves_ink() -> None:
    assert parse_drawing(strokes(stroke())).strokes == (Stroke(5.0, ((1.0, 1.0),), (), erase=False),)


def drawn(stroke: Stroke, scale: float = 1, corner: tuple[float, float] = (0, 0), paper: int = 0) -> list[str]:
    """What a stroke leaves on 7 × 7 pixels: a # for each that is ink."""
    picture = Image.new("L", (7, 7), paper)
    draw(picture, stroke, scale, corner)
    assert set(np.unique(np.asarray(picture)).tolist()) <= {0, 255}
    return ["".join("#" if level else "." for level in row) for row in np.asarray(picture)]


@pytest.mark.parametrize(("pressures", "rows"), [((), 4), ((0.5, 0), 4), ((0, 1), 2), ((1, 0), 6)])
def test_a_line_has_the_width_of_its_pressure_where_it_starts(pressures: tuple[float, ...], rows: int) -> None:
    # Its round ends lie outside of the picture.
    line = drawn(Stroke(4, ((-20, 3), (27, 3)), pressures))
    assert line == ["." * 7] * (4 - rows // 2) + ["#" * 7] * rows + ["." * 7] * (3 - rows // 2)


@pytest.mark.parametrize("pressures", [(), (0.5, 0.5)])
@pytest.mark.parametrize(
    ("points", "width", "scale", "corner"),
    [
        (((4, -20), (4, 27)), 1, 1, (0, 0)),
        (((4, -20), (4, 27)), 0.1, 1, (0, 0)),
        (((2, -10), (2, 13)), 0.5, 2, (0, 0)),
        (((14, 80), (14, 127)), 1, 1, (10, 100)),
        (((7, 40), (7, 63)), 0.5, 2, (10, 100)),
    ],
)
def test_a_line_is_at_least_one_pixel_wide_and_lies_where_its_scale_and_the_corner_say(
    points: tuple[tuple[float, float], ...],
    width: float,
    scale: float,
    corner: tuple[float, float],
    pressures: tuple[float, ...],
) -> None:
    assert drawn(Stroke(width, points, pressures), scale, corner) == ["....#.."] * 7


def test_a_line_goes_on_from_point_to_point() -> None:
    corner = ["...#...", "...#...", "...####", *["......."] * 4]
    for pressures in ((), (0.5, 0.5, 0.5)):
        bent = drawn(Stroke(0.1, ((3, -20), (3, 2), (27, 2)), pressures))
        assert [bent[0], bent[1][:2], bent[2][3:], *bent[4:]] == [corner[0], "..", "####", *corner[4:]]


@pytest.mark.parametrize(
    ("point", "width", "scale", "corner"),
    [((3, 2), 2, 1, (0, 0)), ((1.5, 1), 1, 2, (0, 0)), ((6.5, 51), 1, 2, (10, 100))],
)
@pytest.mark.parametrize("pressures", [(), (0.5,)])
def test_a_dot_lies_around_its_point(
    point: tuple[float, float],
    width: float,
    scale: float,
    corner: tuple[float, float],
    pressures: tuple[float, ...],
) -> None:
    dot = [".......", "...#...", "..###..", "...#...", ".......", ".......", "......."]
    assert drawn(Stroke(width, (point,), pressures), scale, corner) == dot


def test_an_eraser_leaves_paper() -> None:
    erased = drawn(Stroke(4, ((-20, 3), (27, 3)), erase=True), paper=255)
    assert erased == ["#" * 7, "#" * 7, *["." * 7] * 4, "#" * 7]


@pytest.mark.parametrize(
    ("size", "shape"), [((280, 280), (280, 280)), ((100, 50), (140, 280)), ((3, 7), (280, 120)), ((4096, 1), (1, 280))]
)
def test_the_longest_side_is_280_pixels_and_the_other_in_proportion(
    size: tuple[float, float], shape: tuple[int, int]
) -> None:
    assert np.asarray(render(Drawing(size, ()))).shape == shape


def test_a_drawing_is_drawn_twice_as_large_and_averaged() -> None:
    picture = np.asarray(render(Drawing((560, 280), (Stroke(1, ((-50, 21), (600, 21))), Stroke(2, ((90, 60),))))))
    # The line is one row of 560 high: half of a pixel's. Of the dot's plus of five, one pixel holds three.
    assert picture.shape == (140, 280)
    assert np.unique(picture[10]).tolist() == [128]
    assert picture[29:31, 44:46].tolist() == [[0, 64], [64, 191]]
    assert np.count_nonzero(picture) == 280 + 3
