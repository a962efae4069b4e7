from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.preprocess.normalise import area_average, as_mnist, dilate, ink_box, normalise, soften, thicken
from model.preprocess.picture import Pixels


def test_the_centre_rule_in_numbers() -> None:
    ink = np.zeros((60, 60), dtype=np.uint8)
    ink[10:50, 10:14], ink[46:50, 10:30] = 255, 255  # an L of 40 × 20, so 20 × 10 when it is halved
    box, image = normalise(ink)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert box == (10, 10, 30, 50)
    assert ink_box(image) == (12, 2, 22, 22)
    assert (rows[0], rows[-1], columns[0], columns[-1]) == (1, 22, 11, 22)  # with what softening adds


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40), st.integers(0, 99))
def test_area_average_preserves_the_mean(height: int, width: int, rows: int, columns: int, seed: int) -> None:
    levels = np.random.default_rng(seed).uniform(0, 255, (height, width)).astype(np.float32)
    averaged = area_average(levels, (columns, rows))
    assert averaged.shape == (rows, columns)
    assert averaged.mean() == pytest.approx(levels.mean(), rel=1e-4)


@pytest.mark.parametrize("row", range(21))
def test_area_average_loses_no_row(row: int) -> None:
    levels = np.zeros((21, 21), dtype=np.float32)
    levels[row] = 210
    assert area_average(levels, (20, 20)).sum(axis=0) == pytest.approx(np.full(20, 200), rel=1e-4)


def test_area_average_in_numbers() -> None:
    averaged = area_average(np.array([[0, 30, 90]], dtype=np.float32), (2, 1))
    assert averaged.tolist() == [pytest.approx([10, 70])]


def test_thick_strokes_are_not_thickened(digit: Pixels) -> None:
    crop = digit.repeat(5, axis=0).repeat(5, axis=1)[35:135, 30:110]
    assert thicken(crop) is crop


def test_dilation_makes_a_disc_of_a_point() -> None:
    point = np.zeros((7, 7), dtype=np.uint8)
    point[3, 3] = 200
    disc = np.array([[abs(x - 3) ** 2 + abs(y - 3) ** 2 <= 4 for x in range(7)] for y in range(7)])
    assert np.array_equal(dilate(point, 2), disc * np.uint8(200))


@settings(max_examples=50)
@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12))), st.integers(0, 6))
def test_a_dilated_pixel_is_the_greatest_within_the_disc(ink: Pixels, radius: int) -> None:
    rows, columns = np.indices(ink.shape)
    grown = dilate(ink, radius)
    for y, x in np.ndindex(ink.shape):
        assert grown[y, x] == ink[(rows - y) ** 2 + (columns - x) ** 2 <= radius**2].max()


def test_no_edge_of_what_is_made_smaller_is_as_sharp_as_a_pixel() -> None:
    ink = np.zeros((280, 280), dtype=np.uint8)
    ink[60:220, 120:144] = 255  # 3 pixels wide, once it is 20 tall
    assert as_mnist(ink)[1][14, 12:17].tolist() == [0, 255, 255, 255, 0]
    assert normalise(ink)[1][14, 12:17].tolist() == [18, 237, 255, 237, 18]


def test_softening_gives_each_neighbour_its_share() -> None:
    image = np.zeros((5, 5), dtype=np.uint8)
    image[1:4, 1:4] = 255
    assert soften(image)[2].tolist() == [18, 237, 255, 237, 18]
    assert soften(image)[1].tolist() == [17, 221, 237, 221, 17]


def block(height: int, width: int, level: int = 255) -> Pixels:
    """An even block of ink in the middle of an empty page."""
    ink = np.zeros((height + 40, width + 40), np.uint8)
    ink[20 : 20 + height, 20 : 20 + width] = level
    return ink


def size(image: Pixels) -> tuple[int, int]:
    """Height and width of what is inked."""
    x0, y0, x1, y1 = ink_box(image)
    return y1 - y0, x1 - x0


@pytest.mark.parametrize(
    ("height", "width", "becomes"),
    [
        (17, 10, (20, 12)),
        (18, 10, (18, 10)),
        (20, 10, (20, 10)),
        (21, 10, (20, 10)),
        (10, 17, (12, 20)),
        (10, 18, (10, 18)),
        (5, 10, (10, 20)),
        (17, 1, (20, 1)),
        (1, 17, (1, 20)),
        (160, 80, (20, 10)),
    ],
)
def test_only_a_digit_of_18_to_20_pixels_keeps_its_size(height: int, width: int, becomes: tuple[int, int]) -> None:
    box, image = as_mnist(block(height, width))
    assert box == (20, 20, 20 + width, 20 + height)
    assert size(image) == becomes
    assert image.max() == 255


def test_a_small_digit_is_enlarged_without_steps() -> None:
    ink = block(10, 10)
    ink[20:30, 25:30] = 100
    assert len(np.unique(as_mnist(ink)[1][14])) > 5


def test_a_large_digit_is_averaged_by_area() -> None:
    ink = block(30, 30)
    ink[20:50, 35:50] = 200
    assert np.unique(as_mnist(ink)[1][14]).tolist() == [0, 200, 255]
    ink[20:50, 21:35] = 200  # the first of 20 columns is one column of 255 and a half of 200: 236.7, brightened to 255
    assert np.unique(as_mnist(ink)[1][14]).tolist() == [0, 215, 255]


@pytest.mark.parametrize(("level", "counts"), [(25, False), (26, True)])
def test_ink_from_26_on_widens_the_box(level: int, counts: bool) -> None:
    ink = block(20, 10)
    ink[30, 31], ink[42, 25] = level, level
    assert ink_box(ink) == ((20, 20, 32, 43) if counts else (20, 20, 30, 40))


@pytest.mark.parametrize(("level", "becomes"), [(249, 255), (250, 250), (255, 255)])
def test_a_digit_that_fits_is_brightened_under_a_peak_of_250(level: int, becomes: int) -> None:
    assert as_mnist(block(20, 10, level))[1].max() == becomes


@pytest.mark.parametrize("turns", range(4))
def test_of_the_pale_edge_four_pixels_come_along(turns: int) -> None:
    ink = block(20, 20)
    ink[30, 12:20] = 20
    image = as_mnist(np.rot90(ink, turns))[1]
    assert np.count_nonzero(image == 20) == 4
    assert np.count_nonzero(image == 255) == 400


def test_a_digit_with_pale_edges_all_round_fills_the_image() -> None:
    ink = block(20, 20)
    ink[16:44, 16:44] = np.maximum(ink[16:44, 16:44], 20)
    ink[40:44] = np.minimum(ink[40:44], 20)
    ink[38:40, 20:40] = 255
    image = as_mnist(ink)[1]
    assert image.shape == (28, 28)
    assert image.min() == 20


def test_a_digit_heavy_on_one_side_stays_inside() -> None:
    ink = block(20, 20, 30)
    ink[20:40, 20:22] = 255
    ink[20:40, 40:44] = 20
    image = as_mnist(ink)[1]
    assert image[14, 4:28].tolist() == [255] * 2 + [30] * 18 + [20] * 4


@pytest.mark.parametrize(
    ("height", "width", "is_thin"), [(5, 100, False), (5, 101, True), (100, 5, False), (101, 5, True)]
)
def test_a_stroke_under_6_hundredths_of_the_side_is_thickened(height: int, width: int, is_thin: bool) -> None:
    ink = np.full((height, width), 255, np.uint8)  # measured as 6.05 pixels wide
    assert (thicken(ink) is ink) is not is_thin


@pytest.mark.parametrize(("length", "grown"), [(22, 0), (100, 4), (113, 4), (114, 5)])
def test_a_line_is_thickened_to_9_hundredths_of_the_side(length: int, grown: int) -> None:
    thick = thicken(np.full((1, length), 255, np.uint8))
    assert thick.shape == (1 + 2 * grown, length + 2 * grown)
    assert np.all(thick[:, grown : grown + length] == 255)


@pytest.mark.parametrize(("level", "is_thin"), [(127, True), (128, False)])
def test_a_stroke_is_as_wide_as_its_ink_from_128_on(level: int, is_thin: bool) -> None:
    ink = np.full((6, 101), 255, np.uint8)
    ink[5] = level
    assert (thicken(ink) is ink) is not is_thin


def test_ink_without_any_full_pixel_is_thickened() -> None:
    assert thicken(np.full((10, 10), 100, np.uint8)).shape == (10, 10)
    assert thicken(np.full((40, 40), 100, np.uint8)).shape == (44, 44)


@pytest.mark.parametrize(("height", "becomes"), [(319, (319, 100)), (320, (160, 50)), (480, (160, 34))])
def test_ink_is_thickened_at_less_than_320_pixels(height: int, becomes: tuple[int, int]) -> None:
    assert thicken(np.full((height, 100), 255, np.uint8)).shape == becomes


def test_ink_that_is_made_smaller_is_as_bright_as_before() -> None:
    ink = np.full((320, 100), 100, np.uint8)
    ink[0, 0] = 200
    assert (thicken(ink)[0, 0], thicken(ink)[5, 5]) == (255, 204)


def softened(ink: Pixels) -> bool:
    return not np.array_equal(normalise(ink)[1], as_mnist(ink)[1])


@pytest.mark.parametrize(
    ("height", "width", "is_softened"), [(20, 7, False), (20, 6, True), (21, 7, True), (7, 21, True)]
)
def test_what_was_made_smaller_and_sharp_bars_are_softened(height: int, width: int, is_softened: bool) -> None:
    assert softened(block(height, width)) is is_softened


@pytest.mark.parametrize(
    ("pale", "level", "is_softened"), [(6, 223, False), (6, 26, False), (6, 224, True), (5, 223, True), (30, 25, True)]
)
def test_a_bar_with_a_twentieth_of_pale_ink_is_not_sharp(pale: int, level: int, is_softened: bool) -> None:
    ink = block(20, 6)
    ink[25:30, 20:26].flat[:pale] = level
    assert softened(ink) is is_softened


def test_a_pale_edge_along_the_picture_s_own_edge_comes_along() -> None:
    ink = block(20, 20)[17:, 17:]
    ink[0, 13], ink[13, 0] = 20, 20
    assert np.count_nonzero(as_mnist(ink)[1] == 20) == 2
