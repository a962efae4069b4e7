from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.strokes import Drawing, Stroke, render
from model.reading.atoms import union
from model.reading.pen import LONGEST, MOST_PIXELS, MOST_RUBBED, TALL, atoms_of, is_apart, scale_of

BAR = Stroke(10, ((50, 40), (50, 160)))
LEVEL = Stroke(10, ((20, 100), (90, 100)))


def drawing(*strokes: Stroke) -> Drawing:
    return Drawing((280, 280), strokes)


def test_each_stroke_is_an_atom_without_its_neighbours_ink() -> None:
    one, other = atoms_of(drawing(BAR, LEVEL), 1.0)
    assert one.box == pytest.approx((45, 35, 55, 165), abs=1)
    assert other.box == pytest.approx((15, 95, 95, 105), abs=1)
    assert one.ink[-10:-1, 5].min() == 255
    assert one.width < 14  # nothing of the level stroke that crosses it


def test_the_atoms_together_are_the_drawing() -> None:
    whole = union(atoms_of(drawing(BAR, LEVEL), 1.0))
    x0, y0, x1, y1 = whole.box
    rendered = np.asarray(render(drawing(BAR, LEVEL)))[y0:y1, x0:x1]
    assert np.mean(np.abs(rendered.astype(int) - whole.ink)) < 4


@pytest.mark.parametrize(("height", "scale"), [(110, 1.0), (50, 2.0)])
def test_the_tallest_stroke_sets_the_scale(height: int, scale: float) -> None:
    assert scale_of(drawing(Stroke(10, ((50, 40), (50, 40 + height))))) == pytest.approx(scale * TALL / 120)


def test_a_long_level_stroke_is_bounded() -> None:
    wide = Drawing((4096, 280), (Stroke(1, ((0, 10), (4000, 10))),))
    (atom,) = atoms_of(wide, scale_of(wide))
    assert atom.width <= LONGEST + 2


def test_many_long_strokes_are_drawn_smaller() -> None:
    wide = Drawing((400, 4000), tuple(Stroke(10, ((0, 20 * row), (390, 20 * row))) for row in range(200)))
    atoms = atoms_of(wide, scale_of(wide))
    assert sum(atom.width * atom.height for atom in atoms) <= MOST_PIXELS * 1.1
    assert scale_of(drawing(wide.strokes[0])) > 1.4 * scale_of(wide)


def test_the_eraser_takes_from_what_was_there_before_it() -> None:
    rubber = Stroke(20, ((20, 60), (90, 60)), erase=True)
    (before,) = atoms_of(drawing(BAR, rubber), 1.0)
    (after,) = atoms_of(drawing(rubber, BAR), 1.0)
    assert before.ink[60 - before.box[1]].max() == 0
    assert after.ink[60 - after.box[1]].max() == 255


def test_a_stroke_that_was_rubbed_out_is_gone() -> None:
    rubber = Stroke(40, ((50, 30), (50, 170)), erase=True)
    assert [atom.box[0] for atom in atoms_of(drawing(BAR, rubber, Stroke(10, ((200, 40), (200, 160)))), 1.0)] == [195]


def test_a_tap_is_a_dot() -> None:
    (atom,) = atoms_of(drawing(Stroke(20, ((100, 100),))), 1.0)
    assert (atom.width, atom.height) == pytest.approx((21, 21), abs=1)


def test_no_strokes_have_no_atoms() -> None:
    assert scale_of(drawing()) == 1.0
    assert atoms_of(drawing(), 1.0) == []


@pytest.mark.parametrize(("points", "apart"), [(MOST_RUBBED // 2, True), (MOST_RUBBED // 2 + 1, False)])
def test_much_rubbing_is_read_as_a_picture(points: int, apart: bool) -> None:
    assert is_apart(drawing(BAR, Stroke(10, ((50, 40),) * points, erase=True))) == apart
