from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from model.preprocess.pipeline import preprocess
from model.preprocess.strokes import Drawing, Stroke
from model.reading import evidence
from model.reading.evidence import OF_DRAWING, OF_PICTURE
from model.reading.parts import NO_RIVAL, LineReading, Part
from model.reading.pen import scale_of
from tests.helpers.inks import block, page, part

PREPARED = preprocess(255 - page((30, 30, 38, 70), (60, 30, 68, 70), size=(100, 200)))


def scored(x: int, score: float, log_label: float = -0.001, height: int = 40) -> Part:
    """A digit 8 pixels wide that the network finds a digit with that score."""
    logits = np.array([-60.0, score, *[-60.0] * 8, 0.0])
    return replace(part(block(x, 30, 8, height), log_label=log_label), logits=logits)


def line(*digits: Part, left_out: tuple[Part, ...] = (), lead: float = NO_RIVAL) -> LineReading:
    return LineReading(digits, left_out, 40.0, -1.0, (lead,) * len(digits), lead)


def told(name: str, *lines: LineReading) -> float:
    return float(evidence.of(lines, PREPARED)[OF_PICTURE.index(name)])


def test_a_picture_has_looks_and_a_drawing_has_none() -> None:
    drawing = preprocess(Drawing((280, 280), (Stroke(10, ((50, 50), (50, 200))),)))
    assert evidence.of([line(scored(30, 3.0))], PREPARED).shape == (len(OF_PICTURE),)
    assert evidence.of([line(scored(30, 3.0))], drawing).shape == (len(OF_DRAWING),)


def test_digits_are_counted_and_scored() -> None:
    lines = line(scored(30, 3.0)), line(scored(60, -1.0), scored(90, 4.0))
    assert told("log digits", *lines) == pytest.approx(math.log(3))
    assert told("log lines", *lines) == pytest.approx(math.log(2))
    assert told("mean digit score", *lines) == pytest.approx(2.0, abs=0.01)
    assert told("least digit score", *lines) == pytest.approx(-1.0, abs=0.01)
    assert told("share of ones", *lines) == 1.0


def test_a_score_beyond_doubt_is_told_up_to_a_bound() -> None:
    assert told("least digit score, up to 2", line(scored(30, 9.0))) == 2.0
    assert told("least digit score, up to 2", line(scored(30, 1.0))) == pytest.approx(1.0, abs=0.01)


def test_what_is_left_out_counts_for_each_digit() -> None:
    small, body = scored(60, -5.0, height=10), scored(90, -5.0)
    lines = line(scored(30, 3.0), left_out=(small, body))
    assert told("pieces left out for each digit", lines) == 2.0
    assert told("bodies left out for each digit", lines) == 1.0


def test_the_least_lead_is_told() -> None:
    assert told("lead over the next answer", line(scored(30, 3.0)), line(scored(30, 3.0), lead=1.5)) == 1.5


def test_certain_labels_stay_finite() -> None:
    assert np.isfinite(evidence.of([line(scored(30, 3.0, log_label=0.0))], PREPARED)).all()


DRAWING = Drawing((280, 280), (Stroke(10, ((50, 50), (50, 200))), Stroke(10, ((150, 50), (150, 200)))))
DRAWN = preprocess(DRAWING)


@pytest.mark.parametrize(("height", "bodies"), [(19, 0.0), (20, 1.0)])
def test_a_body_is_half_as_high_as_the_line(height: int, bodies: float) -> None:
    left_out = (scored(60, -5.0, height=height),)
    assert told("bodies left out for each digit", line(scored(30, 3.0), left_out=left_out)) == bodies


def test_what_is_left_out_is_shared_by_the_digits_up_to_a_bound() -> None:
    digits, body = (scored(30, 3.0), scored(60, 3.0)), scored(90, -5.0)
    names = ("bodies left out for each digit", "pieces left out for each digit")
    assert [told(name, line(*digits, left_out=(body,))) for name in names] == [0.5, 0.5]
    assert [told(name, line(*digits, left_out=(body,) * 20)) for name in names] == [4.0, 8.0]


@pytest.mark.parametrize(("score", "bounded"), [(-20.0, -12.0), (20.0, 15.0)])
def test_a_score_is_told_between_bounds(score: float, bounded: float) -> None:
    assert told("mean digit score", line(scored(30, score))) == bounded


def test_the_digits_share_of_a_picture_s_ink_is_of_all_there_is() -> None:
    name = "share of the ink in the digits"
    assert told(name, line(scored(30, 3.0))) == 0.5
    assert told(name, line(scored(30, 3.0), left_out=(scored(60, -5.0),) * 3)) == 0.25


def test_the_digits_share_of_a_drawing_s_ink_is_of_what_was_read_of_it() -> None:
    place = OF_DRAWING.index("share of the ink in the digits")
    assert evidence.of([line(scored(50, 3.0))], DRAWN)[place] == 1.0
    speck = replace(scored(50, 3.0), atom=replace(block(50, 50, 1, 1), ink=np.ones((1, 1), np.uint8)))
    assert evidence.of([line(speck)], DRAWN)[place] == 1.0


def test_where_no_answer_rivals_the_lead_is_the_greatest() -> None:
    assert told("lead over the next answer", LineReading((scored(30, 3.0),), (), 40.0, -1.0, (), NO_RIVAL)) == NO_RIVAL


def test_digits_are_measured_by_the_source_s_height() -> None:
    assert told("log height of the digits over the source's", line(scored(30, 3.0))) == pytest.approx(math.log(0.4))


def test_digits_of_a_drawing_are_measured_in_the_pixels_that_it_is_drawn_in() -> None:
    place, scale = OF_DRAWING.index("log height of the digits over the source's"), scale_of(DRAWING)
    assert scale != 1
    assert evidence.of([line(scored(50, 3.0))], DRAWN)[place] == pytest.approx(math.log(40 / (280 * scale)))
