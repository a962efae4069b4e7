"""How large strokes are drawn and what remains of them, to the pixel."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PIL import Image

from model.preprocess.strokes import Drawing, Stroke, draw
from model.reading.pen import atoms_of, is_apart, scale_of


def drawing(*strokes: Stroke) -> Drawing:
    return Drawing((280, 280), strokes)


def bar(x0: float, y0: float, x1: float, y1: float, width: float = 10, erase: bool = False) -> Stroke:
    return Stroke(width, ((x0, y0), (x1, y1)), erase=erase)


@pytest.mark.parametrize(("points", "apart"), [(25_000, True), (25_001, False)])
def test_strokes_times_points_of_erasers_are_fifty_thousand(points: int, apart: bool) -> None:
    assert is_apart(drawing(bar(0, 0, 9, 9), Stroke(10, ((50, 40),) * points, erase=True))) == apart


def test_points_of_pens_are_no_rubbing() -> None:
    assert is_apart(drawing(Stroke(10, ((50, 40),) * 50_001)))


@pytest.mark.parametrize(("height", "scale"), [(110, 1.0), (50, 2.0), (230, 0.5)])
def test_the_tallest_stroke_is_drawn_120_pixels_high(height: int, scale: float) -> None:
    tall, low = bar(50, 40, 50, 40 + height), bar(80, 40, 80, 60)
    assert scale_of(drawing(tall, low)) == scale_of(drawing(low, tall)) == pytest.approx(scale)


def test_a_long_stroke_is_drawn_2000_pixels_long() -> None:
    assert scale_of(drawing(bar(0, 10, 4000, 10, 1))) == pytest.approx(2000 / 4001)


def test_strokes_are_drawn_with_eight_million_pixels_together() -> None:
    strokes = [bar(0, 200 * row, 1000, 200 * row + 110) for row in range(90)]
    assert scale_of(drawing(*strokes)) == pytest.approx(math.sqrt(8_000_000 / (90 * 1010 * 120)))


def test_an_eraser_and_a_stroke_without_points_set_no_scale() -> None:
    others = bar(0, 0, 900, 900, erase=True), Stroke(10, ())
    assert scale_of(drawing(bar(50, 40, 50, 150), *others)) == pytest.approx(1.0)
    assert scale_of(drawing(*others)) == 1.0


def test_the_smallest_stroke_is_drawn_as_if_it_were_a_unit_high() -> None:
    assert scale_of(drawing(Stroke(0.1, ((5, 5),)))) == pytest.approx(120)


@pytest.mark.parametrize(("pressure", "reach"), [(0.5, 5.0), (0.4, 5.0), (0.6, 7.5)])
def test_a_stroke_under_pressure_reaches_farther(pressure: float, reach: float) -> None:
    stroke = Stroke(10, ((50, 40), (50, 150)), (pressure, pressure))
    assert scale_of(drawing(stroke)) == pytest.approx(120 / (110 + 2 * reach))


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_stroke_is_where_it_was_drawn(scale: float) -> None:
    (atom,) = atoms_of(drawing(bar(50, 40, 50, 160)), scale)
    assert atom.box == pytest.approx([scale * side for side in (45, 35, 55, 165)], abs=1)
    assert atom.ink.shape == (atom.height, atom.width)
    assert atom.ink[atom.height // 2].min() >= 64
    assert atom.ink[atom.height // 2, atom.width // 2] == 255


def test_a_stroke_that_leaves_the_canvas_keeps_its_place() -> None:
    (atom,) = atoms_of(drawing(bar(-50, -40, -50, 60)), 1.0)
    assert atom.box == pytest.approx((-55, -45, -45, 65), abs=1)


def test_edges_are_drawn_in_half_pixels_of_four_levels() -> None:
    (atom,) = atoms_of(drawing(bar(20, 40, 60, 50, 8)), 1.0)
    assert set(np.unique(atom.ink).tolist()) == {0, 64, 128, 191, 255}


def test_a_box_holds_all_that_is_visible() -> None:
    (atom,) = atoms_of(drawing(bar(20, 40, 60, 90, 8)), 1.0)
    for edge in (atom.ink[0], atom.ink[-1], atom.ink[:, 0], atom.ink[:, -1]):
        assert edge.max() >= 64


def test_strokes_without_points_and_erasers_are_no_atoms() -> None:
    strokes = Stroke(10, ()), bar(0, 0, 5, 5, erase=True), bar(50, 40, 50, 160), bar(90, 40, 90, 160)
    assert [atom.box[0] for atom in atoms_of(drawing(*strokes), 1.0)] == [45, 85]


def test_an_eraser_that_touches_nothing_takes_nothing() -> None:
    clean = atoms_of(drawing(bar(50, 40, 50, 160)), 1.0)[0]
    for rubber in (bar(90, 40, 90, 160, erase=True), bar(50, 190, 90, 190, erase=True), Stroke(10, (), erase=True)):
        (atom,) = atoms_of(drawing(bar(50, 40, 50, 160), rubber), 1.0)
        assert np.array_equal(atom.ink, clean.ink)


@pytest.mark.parametrize("rubber", [bar(20, 60, 90, 60, 8, True), bar(20, 140, 90, 140, 8, True)])
def test_each_eraser_that_came_later_takes_its_part(rubber: Stroke) -> None:
    (atom,) = atoms_of(drawing(bar(50, 40, 50, 160), rubber, bar(50, 100, 51, 100, 4, True)), 1.0)
    y = round(rubber.points[0][1])
    assert atom.ink[y - atom.box[1]].max() == 0
    assert atom.ink[80 - atom.box[1]].max() == 255
    assert atom.ink[100 - atom.box[1], atom.width // 2] == 0


@pytest.mark.parametrize(("y", "pixels"), [(81.5, 12), (79.0, 16), (79.5, 0)])
def test_twelve_pixels_must_outlast_the_eraser(y: float, pixels: int) -> None:
    upper, lower = bar(0, 50, 100, 50, 40, erase=True), bar(0, y, 100, y, 20, erase=True)
    atoms = atoms_of(drawing(bar(50, 50, 50, 90, 4), lower, upper), 1.0)
    assert sum(int((atom.ink >= 64).sum()) for atom in atoms) == pixels  # of 11 at 79.5 nothing is left


def test_a_dot_of_one_pixel_that_nothing_was_erased_of_stays() -> None:
    (atom,) = atoms_of(drawing(Stroke(1, ((50, 50),))), 1.0)
    assert atom.ink.size < 12


def test_a_dot_of_one_pixel_is_an_atom() -> None:
    (atom,) = atoms_of(drawing(Stroke(0.5, ((10.5, 20.5),))), 1.0)
    assert (atom.box, atom.ink.tolist()) == ((10, 20, 11, 21), [[255]])


def test_an_atom_is_a_stroke_and_has_its_ink_within_its_box() -> None:
    for atom in atoms_of(drawing(bar(50, 40, 90, 150), bar(10.3, 20.7, 12.9, 44.1, 3)), 1.3):
        assert atom.is_stroke
        assert atom.ink.shape == (atom.height, atom.width)
        assert all(edge.max() >= 64 for edge in (atom.ink[0], atom.ink[-1], atom.ink[:, 0], atom.ink[:, -1]))


@pytest.mark.parametrize(
    ("x", "y", "is_drawn"),
    [
        (100, 100, True),
        (89, 100, False),
        (91, 100, True),
        (111, 100, False),
        (109, 100, True),
        (100, 59, False),
        (100, 61, True),
        (100, 141, False),
        (100, 139, True),
        (300, 100, False),
        (90, 100, False),
        (110, 100, False),
        (100, 60, False),
        (100, 140, False),
    ],
)
def test_only_erasers_over_a_stroke_are_drawn(
    x: float, y: float, is_drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stroke = bar(100, 70, 100, 130, 10)  # from 95 to 105 and from 65 to 135
    drawn: list[Stroke] = []

    def noted(picture: Image.Image, stroke: Stroke, scale: float, corner: tuple[float, float]) -> None:
        drawn.append(stroke)
        draw(picture, stroke, scale, corner)

    monkeypatch.setattr("model.reading.pen.draw", noted)
    atoms_of(drawing(stroke, Stroke(10, ((x, y),), erase=True)), 1.0)
    assert len(drawn) == 1 + is_drawn
