"""The shipped network reads: what a drawing's strokes and a picture's pieces come to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model import Recognizer
from model.data.digits import DataSet
from model.preprocess.strokes import Drawing, Stroke
from model.reading.reading import Reading
from model.reading.scene import MOST_ATOMS


def pen(*points: tuple[float, float], width: float = 10, erase: bool = False) -> dict[str, Any]:
    return {"width": width, "points": points, "erase": erase}


SEVEN = pen((20, 100), (70, 100), (40, 190))
ONE = pen((120, 100), (120, 190))


def read(*strokes: dict[str, Any], size: tuple[int, int] = (400, 280)) -> Reading:
    return Recognizer.load().read({"size": size, "strokes": strokes})


def text(reading: Reading) -> str:
    return "".join(digit.label for digit in reading.digits)


def test_a_recognizer_is_one_however_it_is_asked_for() -> None:
    assert Recognizer.load() is Recognizer.load("cnn")


def test_the_bar_of_a_seven_may_come_last() -> None:
    assert text(read(SEVEN, ONE, pen((30, 145), (75, 145)))) == "71"


def test_digits_that_touch_on_the_pad_come_apart_by_their_strokes() -> None:
    one = pen((62, 95), (62, 190))  # through the end of the 7's bar
    assert text(read(SEVEN, one)) == "71"


def test_a_one_close_to_a_bold_seven_is_not_swallowed() -> None:
    seven = pen((30, 90), (80, 90), (50, 180), width=18)
    one = pen((100, 90), (100, 180), width=18)
    three = pen((140, 90), (180, 90), (150, 130), (178, 160), (150, 185), (135, 178), width=18)
    assert text(read(seven, one, pen((38, 132), (78, 132), width=18), three)) == "713"


def test_the_boxes_of_a_number_are_in_the_drawing_s_units() -> None:
    reading = read(*(pen((x, 60), (x, 160)) for x in (60, 200)))
    assert [digit.box[0] for digit in reading.digits] == [pytest.approx(x - 5, abs=3) for x in (60, 200)]


def test_a_sign_between_digits_is_left_out() -> None:
    cross = [pen((90, 145), (130, 145)), pen((110, 125), (110, 165))]
    far_one = pen((170, 100), (170, 190))
    assert text(read(SEVEN, *cross, far_one)) == "71"


def test_what_is_shown_belongs_to_the_digit_that_is_read() -> None:
    zero = [(60 + 30 * np.cos(angle), 140 + 45 * np.sin(angle)) for angle in np.linspace(0, 6.4, 40)]
    equals = [pen((140, 130), (190, 130)), pen((140, 155), (190, 155))]
    reading = read(pen(*[(float(x), float(y)) for x, y in zero]), *equals)
    assert text(reading) == "0"
    shown = {step.name: step.picture for step in reading.steps}
    assert np.array_equal(shown["28x28"], reading.digits[0].image)
    assert shown["box"].shape[1] < shown["box"].shape[0]  # the 0 alone, without its "="


def test_an_erased_digit_is_not_read() -> None:
    assert text(read(SEVEN, ONE, pen((120, 90), (120, 200), width=30, erase=True))) == "7"


def test_two_lines_are_read_one_after_the_other() -> None:
    below = [pen((20, 220), (70, 220), (40, 310)), pen((120, 220), (120, 310))]
    assert text(read(*below, SEVEN, ONE, size=(400, 400))) == "7171"


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
    assert text(Recognizer.load().read(np.kron(picture, np.ones((3, 3), np.uint8)))) == "7204"


@pytest.mark.parametrize("index", range(12))
def test_a_single_digit_stays_one(extract: DataSet, index: int) -> None:
    image = extract.test.images[index].numpy()
    wide = np.kron(np.pad(image, 10), np.ones((3, 4), np.uint8))  # a third wider than written
    assert len(Recognizer.load().read(wide).digits) == 1


@pytest.mark.parametrize("inverted", [False, True])
def test_a_digit_that_fills_its_picture_is_read_in_either_polarity(extract: DataSet, inverted: bool) -> None:
    image = extract.test.images[0].numpy()
    rows, columns = np.flatnonzero((image > 127).any(axis=1)), np.flatnonzero((image > 127).any(axis=0))
    filling = np.where(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] > 127, 255, 0).astype(np.uint8)
    assert text(Recognizer.load().read(255 - filling if inverted else filling)) == "7"


@pytest.mark.parametrize("side", [20, 28, 32])
def test_a_plain_bar_is_a_one(side: int) -> None:
    picture = np.full((side, side), 255, np.uint8)
    picture[side // 6 : -(side // 6), side // 2 - 1 : side // 2 + 1] = 0
    assert text(Recognizer.load().read(picture)) == "1"


def test_a_digit_in_a_ring_is_that_digit(extract: DataSet) -> None:
    picture = Image.new("L", (400, 400), 255)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((80, 80, 320, 320), outline=60, width=4)
    picture.paste(0, (130, 130), Image.fromarray(extract.test.images[0].numpy()).resize((140, 140)))
    assert text(Recognizer.load().read(picture)) == "7"


def test_a_zero_with_a_stroke_inside_is_an_unsure_zero_alone_and_a_sure_one_beside_digits(extract: DataSet) -> None:
    picture = Image.new("L", (600, 300), 255)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((100, 80, 180, 220), outline=0, width=9)
    pen.line((150, 120, 130, 180), fill=0, width=9)
    alone = Recognizer.load().read(picture)
    assert (text(alone), alone.status) == ("0", "unsure")
    for left in (260, 430):
        scan = Image.fromarray(extract.test.images[0].numpy()).resize((196, 196))
        picture.paste(0, (left, 52), scan)
    beside = Recognizer.load().read(picture)
    assert (text(beside), beside.status) == ("077", "digit")


def test_a_sheet_with_more_digits_than_are_read_is_told_so() -> None:
    ones = np.zeros((60 * 24, 40 * 36), np.uint8)
    assert MOST_ATOMS < 24 * 36
    for row in range(24):
        for column in range(36):
            ones[60 * row + 12 : 60 * row + 48, 40 * column + 16 : 40 * column + 22] = 255
    reading = Recognizer.load().read(255 - ones)
    assert (reading.status, reading.digits) == ("too-many", ())


def test_a_texture_is_no_sheet() -> None:
    rng = np.random.default_rng(0)
    noise = (rng.random((640, 640)) > 0.7) * rng.integers(230, 256, (640, 640))
    assert Recognizer.load().read(noise.astype(np.uint8)).status == "no-digit"


def test_a_drawing_and_its_dictionary_are_read_alike() -> None:
    drawn = Drawing((280, 280), (Stroke(18, ((90, 60), (190, 60), (150, 140), (120, 230))),))
    same = {"size": [280, 280], "strokes": [{"width": 18, "points": [[90, 60], [190, 60], [150, 140], [120, 230]]}]}
    assert Recognizer.load().read(drawn).to_dict() == Recognizer.load().read(same).to_dict()


def test_the_digits_of_a_sheet_are_shown_in_rows() -> None:
    ones = np.full((200, 900), 255, np.uint8)
    for place in range(14):
        ones[60:140, 60 * place + 30 : 60 * place + 40] = 0
    reading = Recognizer.load().read(ones)
    assert len(reading.digits) == 14
    assert reading.steps[-1].picture.shape == (2 * 28, 12 * 28)


def ring(x: float, y: float, width: float, height: float) -> dict[str, Any]:
    angles = np.linspace(-1.6, 4.7, 30)
    return pen(*[(x + width / 2 * float(np.cos(a)), y + height / 2 * float(np.sin(a))) for a in angles])


def test_two_rings_one_above_the_other_are_an_8_beside_another_digit() -> None:
    eight = [ring(200, 82, 38, 36), ring(200, 136, 46, 48)]  # with room between them
    assert text(read(SEVEN, *eight)) == "78"
    assert text(read(ONE, *eight, ring(280, 112, 60, 96))) == "180"


def test_zeros_on_two_lines_stay_zeros() -> None:
    zeros = [ring(x, y, 50, 80) for y in (70, 180) for x in (60, 140, 220)]
    assert text(read(*zeros)) == "000000"


def test_a_small_zero_in_a_row_is_read_and_in_doubt() -> None:
    reading = read(SEVEN, ring(120, 150, 38, 40), pen((180, 100), (230, 100), (200, 190)))
    assert text(reading) == "707"
    assert [digit.sure for digit in reading.digits] == [True, False, True]
