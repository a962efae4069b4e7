"""What touches all four of the picture's edges: a frame, unless it is nearly all there is."""

from __future__ import annotations

import numpy as np
import pytest

from model.preprocess.ink import find_pieces, keep_digit


@pytest.mark.parametrize(("pixels", "is_frame"), [(7, False), (8, True)])
def test_what_touches_four_edges_counts_for_a_fiftieth(pixels: int, is_frame: bool) -> None:
    ink = np.zeros((100, 100), np.uint8)
    ink[[0, -1]], ink[:, [0, -1]] = 255, 255  # 396 pixels, which count for 7.92
    ink[50, 40 : 40 + pixels] = 255
    kept = keep_digit(ink, find_pieces(ink))
    assert kept is not None
    assert (not kept[0].any()) == is_frame
    assert kept[50, 40] == 255
