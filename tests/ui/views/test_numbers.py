from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.preprocess.components import Box
from model.reading.reading import Digit, Reading
from ui.views.numbers import TAG_HEIGHT, TAG_WIDTH, Frame, frames, least_sure

INK = np.zeros((28, 28), np.uint8)


def digit(box: Box, confidence: float = 0.9) -> Digit:
    return Digit("7", confidence, (("7", confidence),), box, INK)


def framed(*boxes: Box) -> list[Frame]:
    return frames(Reading("digit", tuple(map(digit, boxes)), (), (100, 100)))


def test_a_frame_is_the_digit_s_box_in_shares_of_the_sides() -> None:
    reading = Reading("digit", (digit((20, 30, 60, 150)),), (), (200, 300))
    assert frames(reading) == [Frame("7", 0.1, 0.1, 0.3, 0.5, "above")]


def test_tags_stand_above_their_frames_where_nothing_else_is() -> None:
    assert [frame.tag for frame in framed((10, 20, 30, 50), (40, 20, 60, 50))] == ["above", "above"]


def test_a_tag_that_would_cover_another_digit_or_leave_the_picture_stands_below() -> None:
    assert [frame.tag for frame in framed((10, 20, 30, 50), (10, 52, 30, 80))] == ["above", "below"]
    assert [frame.tag for frame in framed((10, 5, 30, 50))] == ["below"]


def test_a_tag_that_has_room_nowhere_stands_inside() -> None:
    assert [frame.tag for frame in framed((10, 5, 30, 95))] == ["inside"]


def test_the_tags_of_two_narrow_digits_do_not_meet() -> None:
    assert [frame.tag for frame in framed((10, 20, 12, 50), (14, 20, 16, 50))] == ["above", "below"]


PLACES = st.integers(0, 80)
SIDES = st.integers(1, 20)


@given(st.lists(st.tuples(PLACES, PLACES, SIDES, SIDES), max_size=8))
def test_no_tag_above_or_below_covers_a_frame_or_another_tag(places: list[tuple[int, int, int, int]]) -> None:
    found = framed(*((x, y, x + width, y + height) for x, y, width, height in places))
    boxes = [(frame.left, frame.top, frame.right, frame.bottom) for frame in found]
    tags = {}
    for number, frame in enumerate(found):
        top = {"above": frame.top - TAG_HEIGHT, "below": frame.bottom}.get(frame.tag)
        if top is not None:
            tags[number] = (frame.left, top, frame.left + TAG_WIDTH, top + TAG_HEIGHT)
    for number, tag in tags.items():
        others = [box for place, box in enumerate([*boxes]) if place != number]
        others += [other for place, other in tags.items() if place != number]
        assert not any(
            tag[0] < other[2] and other[0] < tag[2] and tag[1] < other[3] and other[1] < tag[3] for other in others
        )


def test_the_least_sure_digit_is_the_one_with_the_least_confidence() -> None:
    assert least_sure([digit((0, 0, 1, 1), sure) for sure in (0.9, 0.4, 0.6)]) == 1
