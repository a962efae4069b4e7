from __future__ import annotations

from random import Random

import pytest

from model.synthesis.styles import (
    DIGIT_STYLES,
    crossed_seven,
    flagged_one,
    flat_nine,
    knotted_nine,
    struck_zero,
)


@pytest.mark.parametrize("label", range(10))
def test_every_digit_has_a_style_as_tall_as_its_box(label: int) -> None:
    for style in DIGIT_STYLES[label]:
        for seed in range(20):
            heights = [y for stroke in style(Random(seed)) for _, y in stroke]
            assert max(heights) - min(heights) == pytest.approx(1, abs=0.2), style.__name__


def test_a_flag_points_to_the_left_of_the_stem_and_down_unless_the_one_stands_on_a_foot() -> None:
    flagged = [one for one in (flagged_one(Random(seed)) for seed in range(100)) if len(one[0]) == 3]
    assert len(flagged) > 55
    assert all(tip[0] < top[0] for (tip, top, _), *_ in flagged)
    bare = [one for one in flagged if len(one) == 1]
    assert len(bare) > 20
    assert all(tip[1] > top[1] for ((tip, top, _),) in bare)


def test_a_struck_zero_has_a_stroke_through_its_ring_from_below_to_above() -> None:
    for seed in range(50):
        points = [point for stroke in struck_zero(Random(seed)) for point in stroke]
        (low_x, low_y), (high_x, high_y) = points[-2:]
        assert low_x < 0.5 < high_x
        assert low_y >= 0.7
        assert high_y <= 0.5


def test_a_flat_nines_ring_is_wider_than_high_and_stands_above_its_foot() -> None:
    for seed in range(50):
        (curve,) = flat_nine(Random(seed))
        ring = curve[: next(place for place, (_, y) in enumerate(curve) if y > 0.4)]
        assert max(x for x, _ in ring) - min(x for x, _ in ring) > 0.25
        assert curve[-1][0] < max(x for x, _ in ring)


def test_a_narrow_seven_has_its_bar_or_it_were_a_one() -> None:
    for seed in range(200):
        strokes = crossed_seven(Random(seed))
        width = max(x for x, _ in strokes[0])
        assert width >= 0.6 or len(strokes) == 2


def test_a_knotted_nine_goes_left_and_back_in_its_upper_third_before_it_goes_down() -> None:
    for seed in range(50):
        (curve,) = knotted_nine(Random(seed))
        across = [x for x, _ in curve[: next(place for place, (_, y) in enumerate(curve) if y > 0.36)]]
        there, back = across[0] - min(across), across[-1] - min(across)
        assert there > 0.15
        assert back > 0.15
