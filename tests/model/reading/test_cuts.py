from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.data.digits import DataSet
from model.reading.atoms import Atom
from model.reading.cuts import find_seams, slices


def two_bars(gap: int = 0, lean: int = 0) -> NDArray[np.uint8]:
    """Two strokes of 40 × 6, so far apart, that lean to the right; joined by a bridge of one row in the middle."""
    ink = np.zeros((40, 60), np.uint8)
    for row in range(40):
        shift = round(lean * (39 - row) / 39)
        ink[row, 8 + shift : 14 + shift] = 255
        ink[row, 20 + gap + shift : 26 + gap + shift] = 255
    ink[20, 8 : 26 + gap] = 255
    return ink


def test_a_seam_goes_between_two_strokes_that_touch() -> None:
    assert any(np.all((seam >= 14) & (seam <= 20)) for seam in find_seams(two_bars()))


def test_a_seam_bends_between_strokes_that_lean() -> None:
    ink = two_bars(lean=20)
    crossed = [int((ink[np.arange(40), seam] > 0).sum()) for seam in find_seams(ink)]
    assert min(crossed) <= 1  # straight down there is no way through fewer than six rows of ink


def test_what_is_too_narrow_to_be_two_is_not_cut() -> None:
    assert find_seams(np.full((40, 3), 255, np.uint8)) == []


def test_no_seam_leaves_next_to_nothing_on_a_side() -> None:
    ink = two_bars()
    inked = np.cumsum(ink > 0, axis=1)
    for seam in find_seams(ink):
        on_left = inked[np.arange(40), np.maximum(seam - 1, 0)].sum()
        assert 40 <= on_left <= (ink > 0).sum() - 40


def test_slices_lose_no_ink_and_say_that_they_were_cut(extract: DataSet) -> None:
    wide = np.hstack([image.numpy()[:, 4:24] for image in extract.test.images[:3]])
    parts = slices(Atom((5, 7, 5 + wide.shape[1], 35), wide))
    assert sum(int(part.ink.astype(int).sum()) for part in parts) >= 0.97 * int(wide.astype(int).sum())
    assert [part.is_slice for part in parts] == [False] + [True] * (len(parts) - 1)


def test_slices_lie_where_their_ink_was() -> None:
    ink = two_bars(gap=20)
    for part in slices(Atom((100, 50, 160, 90), ink)):
        x0, y0, x1, y1 = part.box
        assert np.all(part.ink <= ink[y0 - 50 : y1 - 50, x0 - 100 : x1 - 100])
