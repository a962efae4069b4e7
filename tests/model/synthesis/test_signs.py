from __future__ import annotations

from random import Random

import pytest

from model.synthesis.signs import DOUBTFUL, PRINT, SIGNS, adorned, invented, sign, smooth


def test_a_text_becomes_strokes_of_points_in_ninths() -> None:
    assert sign("09 90|45 54") == [[(0, 1), (1, 0)], [(4 / 9, 5 / 9), (5 / 9, 4 / 9)]]


def test_a_smooth_curve_goes_through_its_points() -> None:
    points = [(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)]
    curve = smooth(points)
    assert [curve[0], curve[8], curve[16]] == [pytest.approx(point) for point in points]


def test_a_straight_row_of_points_stays_straight() -> None:
    assert {y for _, y in smooth([(0.0, 0.5), (0.3, 0.5), (1.0, 0.5)])} == {0.5}


@pytest.mark.parametrize("name", SIGNS)
def test_every_sign_lies_in_its_box(name: str) -> None:
    points = [point for stroke in sign(SIGNS[name]) for point in stroke]
    assert len(points) >= 2
    assert all(-0.3 <= x <= 1.3 and -0.3 <= y <= 1.3 for x, y in points)


def test_doubtful_letters_are_kept_apart() -> None:
    assert not set(DOUBTFUL) & set(PRINT)


@pytest.mark.parametrize("letter", "OoIliSsZzbqg")
def test_what_a_person_also_writes_as_a_digit_is_no_outlier(letter: str) -> None:
    assert letter not in PRINT
    assert f"script {letter}" not in SIGNS


def test_serifs_and_curls_come_to_a_sign_and_change_none_of_it() -> None:
    plain = [[(0.0, 0.0), (0.0, 1.0)], [(0.0, 0.5), (1.0, 0.5)]]
    hands = [adorned(plain, Random(seed)) for seed in range(60)]
    assert plain in hands
    assert any(len(hand) > 2 for hand in hands), "no serifs"
    assert any(len(hand) == 2 and len(hand[0]) > 2 for hand in hands), "no curls"
    assert all(set(stroke) <= set(drawn) for hand in hands for stroke, drawn in zip(plain, hand, strict=False))


@pytest.mark.parametrize("seed", range(10))
def test_an_invented_sign_has_strokes_enough_to_be_none_of_ours(seed: int) -> None:
    strokes = invented(Random(seed))
    assert len(strokes) >= 3
    assert all(len(stroke) >= 2 for stroke in strokes)
