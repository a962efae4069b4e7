"""Finding several digits, with a judge that needs no network, and with the shipped one."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model import Recognizer
from model.data.digits import DataSet
from model.preprocess.ink import find_pieces
from model.preprocess.picture import Pixels
from model.reading.segment import Atom, Found, Judge, cut, find_digits, find_groups, find_lines

BAR = np.full((40, 8), 255, np.uint8)
UNLIKELY = -1.0  # that all ink is one digit


def page(*places: tuple[int, int], piece: Pixels = BAR, size: tuple[int, int] = (200, 300)) -> Pixels:
    """The piece at each (row, column) of a page."""
    ink = np.zeros(size, np.uint8)
    for y, x in places:
        ink[y : y + piece.shape[0], x : x + piece.shape[1]] = piece
    return ink


def likes_all(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """A judge to whom everything is surely a digit."""
    return np.full((len(images), 2), -0.005)


def found(ink: Pixels, judge: Judge, whole: float) -> list[Found]:
    """The digits that are found in ink."""
    return find_digits(ink, find_pieces(ink), judge, whole)


def boxes(ink: Pixels) -> list[list[tuple[int, int]]]:
    """(left, top) of the atoms, line by line."""
    return [[atom.box[:2] for atom in line] for line in find_lines(ink, find_groups(find_pieces(ink)))]


def test_pieces_beside_each_other_are_one_line_from_left_to_right() -> None:
    assert boxes(page((60, 200), (50, 20), (55, 110))) == [[(20, 50), (110, 60 - 5), (200, 60)]]


def test_lines_come_from_top_to_bottom() -> None:
    assert boxes(page((130, 20), (20, 200), (20, 60))) == [[(60, 20), (200, 20)], [(20, 130)]]


def test_a_loose_bar_belongs_to_the_nearest_piece() -> None:
    ink = page((60, 50), (60, 200))
    ink[52:57, 52:75] = 255
    assert boxes(ink) == [[(50, 52), (200, 60)]]


def test_a_speck_far_from_all_is_dropped() -> None:
    ink = page((60, 50), (60, 100))
    ink[190:193, 290:293] = 255
    assert len(boxes(ink)) == 1


def test_halves_over_each_other_are_one() -> None:
    assert boxes(page((40, 50), (84, 50), piece=BAR)) == [[(50, 40)]]


def test_a_thicket_is_no_number() -> None:
    noise = np.random.default_rng(0).random((200, 300)) > 0.7
    assert found((noise * 255).astype(np.uint8), likes_all, UNLIKELY) == []


def test_one_narrow_piece_is_left_to_be_read_whole() -> None:
    assert found(page((60, 50)), likes_all, UNLIKELY) == []


def test_a_wide_piece_is_cut_only_where_it_is_unlikely_to_be_one_digit() -> None:
    asked: list[int] = []

    def judge(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        asked.append(len(images))
        return np.full((len(images), 2), -0.5)

    wide = page((60, 50), piece=np.full((40, 48), 255, np.uint8))
    assert found(wide, judge, -0.01) == []
    assert asked == []
    found(wide, judge, UNLIKELY)
    assert max(asked) > 1  # its parts


def test_pieces_far_apart_are_not_joined_however_likely() -> None:
    assert len(found(page((60, 50), (60, 150)), likes_all, UNLIKELY)) == 2


def test_near_pieces_come_together_when_the_judge_likes_them_better_so() -> None:
    def likes_wide(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        widths = np.array([np.ptp(np.flatnonzero(image.any(axis=0))) for image in images])
        return np.where(widths > 7, -0.01, -1.0)[:, None] * (1, 0)

    assert len(found(page((60, 50), (60, 64), (60, 150)), likes_wide, UNLIKELY)) == 0  # 150 alone is like nothing
    ink = page((60, 50), (60, 64), (60, 150), (60, 164))
    assert [digit.box for digit in found(ink, likes_wide, UNLIKELY)] == [(50, 60, 72, 100), (150, 60, 172, 100)]


def test_a_piece_that_was_cut_in_vain_comes_together_again() -> None:
    def likes_only_the_whole(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        widths = np.array([np.ptp(np.flatnonzero(image.any(axis=0))) for image in images])
        return np.where(widths > 18, -0.15, -4.0)[:, None] * (1, 0)  # not so clear that it isn't cut

    wide = page((60, 50), piece=np.full((60, 80), 255, np.uint8))
    assert [digit.box for digit in found(wide, likes_only_the_whole, UNLIKELY)] == [(50, 60, 130, 120)]


def test_digits_that_may_be_others_are_digits_none_the_less() -> None:
    def cannot_tell_1_from_7(images: NDArray[np.uint8]) -> NDArray[np.float64]:
        return np.tile([-0.01, np.log(0.5)], (len(images), 1))

    assert len(found(page((60, 50), (60, 150)), cannot_tell_1_from_7, UNLIKELY)) == 2


def test_cutting_loses_no_ink(extract: DataSet) -> None:
    wide = np.hstack([image.numpy()[:, 4:24] for image in extract.test.images[:3]])
    parts = cut(Atom((0, 0, wide.shape[1], 28), wide))
    assert sum(int(part.ink.astype(int).sum()) for part in parts) >= 0.97 * int(wide.astype(int).sum())
    assert [part.cut for part in parts] == [False] + [True] * (len(parts) - 1)


@pytest.mark.parametrize("gap", [0, 2, 6])
def test_digits_in_a_row_are_read_as_a_number(extract: DataSet, gap: int) -> None:
    picture = np.zeros((60, 160), np.uint8)
    left = 16
    for index in (0, 1, 3, 4):  # 7 2 0 4
        drawn = extract.test.images[index].numpy()
        drawn = drawn[:, drawn.any(axis=0)]
        part = picture[16:44, left : left + drawn.shape[1]]
        np.maximum(part, drawn, out=part)
        left += drawn.shape[1] + gap
    reading = Recognizer.load().read(np.kron(picture, np.ones((3, 3), np.uint8)))
    assert "".join(digit.label for digit in reading.digits) == "7204"


def test_the_boxes_of_a_number_are_in_the_drawings_units() -> None:
    strokes = [{"width": 10, "points": [[x, 60], [x, 160]]} for x in (60, 200)]
    reading = Recognizer.load().read({"size": [280, 280], "strokes": strokes})
    assert [digit.label for digit in reading.digits] == ["1", "1"]
    assert [digit.box[0] for digit in reading.digits] == [pytest.approx(x - 5, abs=3) for x in (60, 200)]


@pytest.mark.parametrize("index", range(12))
def test_a_single_digit_stays_one(extract: DataSet, index: int) -> None:
    image = extract.test.images[index].numpy()
    wide = np.kron(np.pad(image, 10), np.ones((3, 4), np.uint8))  # a third wider than written
    assert len(Recognizer.load().read(wide).digits) == 1
