from __future__ import annotations

from random import Random

import pytest

from model.synthesis.styles import DIGIT_STYLES, crossed_seven, flagged_one, knotted_nine


@pytest.mark.parametrize("label", range(10))
def test_every_digit_has_a_style_as_tall_as_its_box(label: int) -> None:
    for style in DIGIT_STYLES[label]:
        for seed in range(20):
            heights = [y for stroke in style(Random(seed)) for _, y in stroke]
            assert max(heights) - min(heights) == pytest.approx(1, abs=0.2), style.__name__


def test_a_flag_points_down_to_the_left_of_the_stem() -> None:
    ones = [flagged_one(Random(seed))[0] for seed in range(100)]
    flagged = [one for one in ones if len(one) == 3]
    assert len(flagged) > 55
    assert all(tip[0] < top[0] and tip[1] > top[1] for tip, top, _ in flagged)


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
