from __future__ import annotations

from random import Random

import pytest

from model.glyphs import DIGIT_STYLES, LETTERS_AND_SYMBOLS, flagged_one, sign, smooth


def test_a_text_becomes_strokes_of_points_in_ninths() -> None:
    assert sign("09 90|45 54") == [[(0, 1), (1, 0)], [(4 / 9, 5 / 9), (5 / 9, 4 / 9)]]


def test_a_smooth_curve_goes_through_its_points() -> None:
    points = [(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)]
    curve = smooth(points)
    assert [curve[0], curve[8], curve[16]] == [pytest.approx(point) for point in points]


def test_a_straight_row_of_points_stays_straight() -> None:
    assert {y for _, y in smooth([(0.0, 0.5), (0.3, 0.5), (1.0, 0.5)])} == {0.5}


@pytest.mark.parametrize("name", LETTERS_AND_SYMBOLS)
def test_every_sign_lies_in_its_box(name: str) -> None:
    points = [point for stroke in sign(LETTERS_AND_SYMBOLS[name]) for point in stroke]
    assert len(points) >= 2
    assert all(-0.3 <= x <= 1.3 and -0.3 <= y <= 1.3 for x, y in points)


@pytest.mark.parametrize("letter", "OoIlSsZzbqg")
def test_what_a_person_also_writes_as_a_digit_is_no_outlier(letter: str) -> None:
    assert letter not in LETTERS_AND_SYMBOLS


@pytest.mark.parametrize("label", range(10))
def test_every_digit_has_a_style_as_tall_as_its_box(label: int) -> None:
    for style in DIGIT_STYLES[label]:
        heights = [y for stroke in style(Random(label)) for _, y in stroke]
        assert max(heights) - min(heights) == pytest.approx(1, abs=0.15)


def test_a_flag_points_down_to_the_left_of_the_stem() -> None:
    ones = [flagged_one(Random(seed))[0] for seed in range(100)]
    flagged = [one for one in ones if len(one) == 3]
    assert len(flagged) > 80
    assert all(tip[0] < top[0] and tip[1] > top[1] for tip, top, _ in flagged)
