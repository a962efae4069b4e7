from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.errors import StrokesError
from model.preprocess.strokes import (
    MAX_POINTS,
    MAX_SIDE,
    MAX_STROKES,
    PICTURE_SIDE,
    Drawing,
    Stroke,
    parse_drawing,
    render,
)

STROKE = {"width": 18, "points": [[10, 20], [30.5, 40]]}
NAN, INF = math.nan, math.inf


def strokes(*strokes: object, size: object = (280, 280)) -> dict[str, object]:
    return {"size": size, "strokes": list(strokes)}


def test_strokes_are_read() -> None:
    drawing = parse_drawing(strokes(STROKE, {"width": 0.5, "points": []}, size=[300, 200]))
    assert drawing == Drawing((300, 200), (Stroke(18, ((10, 20), (30.5, 40))), Stroke(0.5, ())))


@pytest.mark.parametrize("payload", [None, strokes()])
def test_nothing_is_an_empty_canvas(payload: object) -> None:
    assert parse_drawing(payload) == Drawing((280, 280), ())


@pytest.mark.parametrize("payload", [[], "strokes", 7, True, b"{}", [STROKE], {1, 2}, object()])
def test_what_is_no_object_is_refused(payload: object) -> None:
    with pytest.raises(StrokesError, match="aren't an object"):
        parse_drawing(payload)


@pytest.mark.parametrize(
    "size", [None, 280, "ab", b"ab", [280], [280] * 3, {"w": 1, "h": 2}, [280, "280"], [280, None]]
)
def test_a_size_that_is_no_pair_of_numbers_is_refused(size: object) -> None:
    with pytest.raises(StrokesError, match="the canvas size isn't a"):
        parse_drawing(strokes(size=size))


@pytest.mark.parametrize("size", [[0, 280], [280, -1], [0.99, 5], [MAX_SIDE + 1, 280], [1, 1e300]])
def test_a_size_out_of_bounds_is_refused(size: object) -> None:
    with pytest.raises(StrokesError, match="its sides go from 1 to 4096"):
        parse_drawing(strokes(size=size))


@pytest.mark.parametrize("size", [[1, 1], [MAX_SIDE, MAX_SIDE], [1, MAX_SIDE]])
def test_the_bounds_of_the_size_are_in(size: list[int]) -> None:
    assert parse_drawing(strokes(size=size)).size == tuple(size)


@pytest.mark.parametrize("value", [None, {}, "abc", 5])
def test_strokes_that_are_no_list_are_refused(value: object) -> None:
    with pytest.raises(StrokesError, match="the strokes aren't a list"):
        parse_drawing({"size": [280, 280], "strokes": value})


@pytest.mark.parametrize("stroke", [None, [], "stroke", 3, [[1, 2]]])
def test_a_stroke_that_is_no_object_is_refused(stroke: object) -> None:
    with pytest.raises(StrokesError, match="a stroke isn't an object"):
        parse_drawing(strokes(stroke))


@pytest.mark.parametrize("width", [None, "18", True, [18], NAN, INF, -INF, 10**400])
def test_a_width_that_is_no_finite_number_is_refused(width: object) -> None:
    with pytest.raises(StrokesError, match="a pen width isn't a"):
        parse_drawing(strokes({**STROKE, "width": width}))


@pytest.mark.parametrize("width", [0, -3, 281])
def test_a_pen_that_does_not_fit_the_canvas_is_refused(width: float) -> None:
    with pytest.raises(StrokesError, match="doesn't fit the canvas"):
        parse_drawing(strokes({**STROKE, "width": width}))


@pytest.mark.parametrize("points", [None, {}, "ab", 3])
def test_points_that_are_no_list_are_refused(points: object) -> None:
    with pytest.raises(StrokesError, match="points in all aren't a list"):
        parse_drawing(strokes({**STROKE, "points": points}))


@pytest.mark.parametrize(
    "point", [None, 5, "ab", [], [1], [1, 2, 3], [1, None], ["1", 2], [NAN, 1], [1, INF], [False, 1], [1, 10**400]]
)
def test_a_point_that_is_no_pair_of_finite_numbers_is_refused(point: object) -> None:
    with pytest.raises(StrokesError, match="a point isn't a"):
        parse_drawing(strokes({**STROKE, "points": [[1, 2], point]}))


def test_a_third_number_is_the_pen_s_pressure() -> None:
    drawing = parse_drawing(strokes({"width": 18, "points": [[10, 20, 0.25], [30.5, 40, 1]]}))
    assert drawing.strokes == (Stroke(18, ((10, 20), (30.5, 40)), (0.25, 1.0)),)


@pytest.mark.parametrize(("sent", "kept"), [(-3, 0), (0, 0), (0.5, 0.5), (1, 1), (7.5, 1)])
def test_a_pressure_is_kept_between_nought_and_one(sent: float, kept: float) -> None:
    stroke = {"width": 18, "points": [[10, 20, sent]]}
    assert parse_drawing(strokes(stroke)).strokes[0].pressures == (kept,)


@pytest.mark.parametrize("pressure", [None, "0.5", True, [0.5], NAN, INF, -INF, 10**400])
def test_a_pressure_that_is_no_finite_number_is_refused(pressure: object) -> None:
    with pytest.raises(StrokesError, match="a pressure isn't a"):
        parse_drawing(strokes({**STROKE, "points": [[1, 2, 0.5], [3, 4, pressure]]}))


@pytest.mark.parametrize("points", [[[1, 2], [3, 4, 0.5]], [[1, 2, 0.5], [3, 4]], [[1, 2, 0.5, 0]], ["abc"], [b"abc"]])
def test_points_of_mixed_or_other_lengths_are_refused(points: object) -> None:
    with pytest.raises(StrokesError, match="a point isn't a pair of numbers"):
        parse_drawing(strokes({**STROKE, "points": points}))


@pytest.mark.parametrize(("erase", "erases"), [(True, True), (False, False), (None, False), (1, False), ("yes", False)])
def test_only_true_erases(erase: object, erases: bool) -> None:
    assert parse_drawing(strokes({**STROKE, "erase": erase})).strokes[0].erase is erases


def test_too_many_strokes_are_refused() -> None:
    assert len(parse_drawing(strokes(*[STROKE] * MAX_STROKES)).strokes) == MAX_STROKES
    with pytest.raises(StrokesError, match="more than 200 strokes"):
        parse_drawing(strokes(*[STROKE] * (MAX_STROKES + 1)))


def test_too_many_points_are_refused_even_over_several_strokes() -> None:
    half = {"width": 1, "points": [[1, 1]] * (MAX_POINTS // 2)}
    assert len(parse_drawing(strokes(half, half)).strokes) == 2
    with pytest.raises(StrokesError, match="points in all"):
        parse_drawing(strokes(half, half, {"width": 1, "points": [[1, 1]]}))


def test_points_outside_are_kept_within_a_canvas_length() -> None:
    stroke = {"width": 5, "points": [[-1e9, 1e300], [50, -20], [300, 90]]}
    points = parse_drawing(strokes(stroke, size=[200, 100])).strokes[0].points
    assert points == ((-200, 200), (50, -20), (300, 90))


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner))
NUMBERS = st.integers(-5, 300) | st.floats(0, 300)
PAIRS = st.lists(NUMBERS, min_size=2, max_size=2) | SCALARS
PRESSED = st.tuples(NUMBERS, NUMBERS, st.floats(-1, 2) | SCALARS)
POINTS = st.lists(PAIRS, max_size=4) | st.lists(PRESSED, max_size=4) | st.lists(PAIRS | PRESSED, max_size=4)
STROKES = st.fixed_dictionaries(
    {"width": st.integers(1, 20) | SCALARS, "points": POINTS | JSON}, optional={"erase": SCALARS}
)
DRAWINGS = st.fixed_dictionaries(
    {"size": st.just([280, 200]) | PAIRS, "strokes": st.lists(STROKES | JSON, max_size=3) | JSON}
)


@pytest.mark.slow
@settings(max_examples=300)
@given(DRAWINGS | JSON)
def test_any_structure_is_a_drawing_or_a_strokes_error(payload: Any) -> None:
    try:
        drawing = parse_drawing(payload)
    except StrokesError:
        return
    assert max(render(drawing).size) == PICTURE_SIDE


def pixels(*strokes: Stroke, size: tuple[float, float] = (280, 280)) -> np.ndarray[Any, np.dtype[np.uint8]]:
    return np.asarray(render(Drawing(size, strokes)))


def test_a_point_is_a_round_dot_of_the_pen_width() -> None:
    dot = pixels(Stroke(20, ((140, 100),)))
    assert (dot[100, 140], dot[100, 132], dot[92, 140], dot[93, 133]) == (255, 255, 255, 255)
    assert (dot[100, 128], dot[88, 140], dot[91, 131], dot[108, 148]) == (0, 0, 0, 0)
    assert dot.sum() / 255 == pytest.approx(math.pi * 10**2, rel=0.06)


def test_a_line_has_round_ends() -> None:
    line = pixels(Stroke(20, ((60, 140), (220, 140))))
    assert (line[140, 51], line[140, 228], line[132, 140], line[147, 140]) == (255, 255, 255, 255)
    assert (line[132, 52], line[147, 228], line[128, 140], line[151, 140], line[140, 48]) == (0, 0, 0, 0, 0)
    assert line.sum() / 255 == pytest.approx(160 * 20 + math.pi * 10**2, rel=0.06)


def test_joints_are_round() -> None:
    corner = pixels(Stroke(20, ((60, 60), (200, 60), (200, 200))))
    assert corner[55, 204] == 255
    assert corner[51, 208] == 0


def test_strokes_lie_over_each_other_without_growing_brighter() -> None:
    line = Stroke(20, ((60, 140), (220, 140)))
    assert np.array_equal(pixels(line, line), pixels(line))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((280, 280), (280, 280)), ((560, 280), (280, 140)), ((10, 40), (70, 280)), ((4096, 1), (280, 1))],
)
def test_the_longest_side_is_280(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert render(Drawing(size, ())).size == expected


def test_a_drawing_looks_the_same_on_a_canvas_of_any_size() -> None:
    large = Stroke(40, ((120, 280), (440, 300)))
    assert np.array_equal(pixels(large, size=(560, 560)), pixels(Stroke(20, ((60, 140), (220, 150)))))


def test_an_empty_canvas_is_black() -> None:
    assert not pixels().any()
    assert not pixels(Stroke(20, ())).any()


def test_what_is_outside_the_canvas_is_not_drawn() -> None:
    assert not pixels(Stroke(20, ((-100, -100), (-100, 300)))).any()


def test_an_even_pressure_of_a_half_draws_like_a_pen_that_tells_none() -> None:
    plain, pressed = Stroke(20, ((60, 140), (220, 140))), Stroke(20, ((60, 140), (220, 140)), (0.5, 0.5))
    assert np.array_equal(pixels(plain), pixels(pressed))


@pytest.mark.parametrize(("pressure", "width"), [(0.0, 10), (0.25, 15), (0.5, 20), (1.0, 30)])
def test_pressure_widens_a_dot(pressure: float, width: float) -> None:
    dot = pixels(Stroke(20, ((140, 140),), (pressure,)))
    assert dot.sum() / 255 == pytest.approx(math.pi * (width / 2) ** 2, rel=0.12)


def test_a_line_grows_with_its_pressure() -> None:
    line = pixels(Stroke(20, ((40, 140), (140, 140), (240, 140)), (0.0, 0.5, 1.0))) > 127
    left, middle, right = (int(line[:, x].sum()) for x in (60, 180, 240))
    assert left < middle < right
    assert (left, right) == (pytest.approx(10, abs=2), pytest.approx(30, abs=2))


def test_the_eraser_takes_ink_away() -> None:
    line, gap = Stroke(20, ((60, 140), (220, 140))), Stroke(40, ((140, 100), (140, 180)), erase=True)
    drawn = pixels(line, gap)
    assert (drawn[140, 70], drawn[140, 210], drawn[140, 140], drawn[140, 125]) == (255, 255, 0, 0)


def test_an_erased_drawing_is_an_empty_canvas() -> None:
    line = Stroke(20, ((60, 140), (220, 140)))
    assert not pixels(line, Stroke(40, line.points, erase=True)).any()


def test_what_is_drawn_after_the_eraser_stays() -> None:
    line, eraser = Stroke(20, ((60, 140), (220, 140))), Stroke(280, ((140, 140),), erase=True)
    assert np.array_equal(pixels(line, eraser, line), pixels(line))


def test_an_eraser_presses_too() -> None:
    paper = Stroke(280, ((140, 140), (141, 140)))
    light, hard = (pixels(paper, Stroke(20, ((140, 140),), (press,), erase=True)) for press in (0.0, 1.0))
    assert (pixels(paper).sum() - light.sum()) / 255 == pytest.approx(math.pi * 5**2, rel=0.15)
    assert (pixels(paper).sum() - hard.sum()) / 255 == pytest.approx(math.pi * 15**2, rel=0.08)


def test_edges_are_averaged_over_four_pixels() -> None:
    dot = pixels(Stroke(21, ((140, 140),)))
    assert np.unique(dot).tolist() == [0, 64, 128, 191, 255]
