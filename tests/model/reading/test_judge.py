from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import Recognizer
from model.errors import WeightsError
from model.preprocess.looks import LOOKS
from model.preprocess.strokes import Drawing, Stroke
from model.reading.evidence import OF_DRAWING, OF_PICTURE
from model.reading.judge import FOLDER, Judge, load_judges, to_fields
from model.reading.store import WEIGHTS, load_card
from model.reading.weighing import Weighing

#: Scores a picture by its colour and its number of digits alone.
COLOUR, DIGITS = OF_PICTURE.index("colour apart from ink and paper"), OF_PICTURE.index("log digits")


def judge(names: tuple[str, ...] = OF_PICTURE) -> Judge:
    count = len(names)
    hidden = np.zeros((count, 2))
    hidden[DIGITS, 0] = 1.0
    if count > COLOUR:
        hidden[COLOUR, 1] = 1.0
    zeros = np.zeros(count)
    weighing = Weighing(names, zeros, zeros + 1, hidden, np.zeros(2), np.array([[-1.0], [-1.0]]), np.ones(1))
    return Judge(weighing, usual=zeros, bound=0.0, right=weighing)


def numbers(**values: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    vector = np.zeros(len(OF_PICTURE))
    vector[DIGITS], vector[COLOUR] = values.get("digits", 0.0), values.get("colour", 0.0)
    return vector


def written(folder: Path, **changes: object) -> Path:
    fields = {"network": "abc", "picture": to_fields(judge()), "drawing": to_fields(judge(OF_DRAWING)), **changes}
    (folder / FOLDER).mkdir()
    (folder / FOLDER / "cnn.json").write_text(json.dumps(fields))
    return folder


def test_a_score_under_the_bound_is_none() -> None:
    assert not judge().is_none(numbers(digits=0.9))
    assert judge().is_none(numbers(digits=1.1))
    assert not judge().is_none(numbers(digits=1.0))


SURE_NUMBERS = {"least log odds of the labels": 2.2, "lead over the next answer": 0.0}


def certain(odds: float, **changes: float) -> tuple[bool, bool]:
    """Whether an answer that is right with those log odds is sure if it seems in doubt, and if it seems sure."""
    vector = np.zeros(len(OF_PICTURE))
    for name, value in {**SURE_NUMBERS, **changes}.items():
        vector[OF_PICTURE.index(name)] = value
    right = replace(judge().right, hidden=np.zeros((len(OF_PICTURE), 2)), out_bias=np.array([odds]))
    told = replace(judge(), right=right)
    return told.is_sure(vector, seems_sure=False), told.is_sure(vector, seems_sure=True)


@pytest.mark.parametrize(("odds", "sure"), [(5.5, (True, True)), (5.4, (False, True)), (-1.1, (False, False))])
def test_an_answer_is_sure_by_how_likely_it_is_right(odds: float, sure: tuple[bool, bool]) -> None:
    assert certain(odds) == sure


@pytest.mark.parametrize("name", SURE_NUMBERS)
def test_what_is_in_doubt_stays_so_for_a_doubtful_label_or_a_likelier_answer(name: str) -> None:
    assert certain(9.0, **{name: SURE_NUMBERS[name] - 0.1}) == (False, True)


def test_a_picture_s_answer_is_not_sure_that_would_be_turned_away_in_doubt_and_a_drawing_s_may_be() -> None:
    for names, sure in ((OF_PICTURE, False), (OF_DRAWING, True)):
        known = judge(names)
        unlikely = replace(known, bound=2.0, right=replace(known.right, out_bias=np.array([9.0])))
        vector = np.zeros(len(names))
        assert unlikely.is_none(vector)
        assert unlikely.is_sure(vector, seems_sure=True) == sure
        assert replace(unlikely, bound=1.0).is_sure(vector, seems_sure=True)


@pytest.mark.parametrize(("score", "sure"), [(6.0, True), (5.9, False)])
def test_what_is_plainly_a_digit_stays_sure_in_a_picture_that_looks_like_a_thing(score: float, sure: bool) -> None:
    assert certain(-9.0, **{"least digit score": score}) == (False, sure)


def test_what_is_in_doubt_stays_so_where_a_body_is_left_out() -> None:
    assert certain(9.0, **{"bodies left out for each digit": 0.5}) == (False, True)


def test_looks_alone_are_judged_whatever_was_read() -> None:
    assert judge().is_no_paper(numbers(colour=1.1)[-len(LOOKS) :])
    assert not judge().is_no_paper(numbers(digits=9.0, colour=0.9)[-len(LOOKS) :])


def test_judges_are_read_as_they_were_written(tmp_path: Path) -> None:
    judges = load_judges("cnn", "abc", written(tmp_path))
    assert judges is not None
    assert judges.picture.score(numbers(digits=0.3)) == pytest.approx(0.7)
    assert judges.drawing.weighing.names == OF_DRAWING


def test_a_judge_s_bound_and_usual_numbers_are_read(tmp_path: Path) -> None:
    usual = [3, *[0] * (len(OF_PICTURE) - 1)]
    judges = load_judges("cnn", "abc", written(tmp_path, picture={**to_fields(judge()), "usual": usual, "bound": 2}))
    assert judges is not None
    assert (judges.picture.usual.tolist(), judges.picture.bound) == (usual, 2.0)
    assert judges.picture.usual.dtype == np.float64


def test_a_judge_of_other_numbers_is_named_as_the_reason(tmp_path: Path) -> None:
    with pytest.raises(WeightsError) as told:
        load_judges("cnn", "abc", written(tmp_path, picture={**to_fields(judge()), "usual": [0.0]}))
    assert str(told.value.__cause__) == "a judge of other numbers"


def test_no_judges_of_other_weights_or_of_none(tmp_path: Path) -> None:
    assert load_judges("cnn", "another", written(tmp_path)) is None
    assert load_judges("mlp", "abc", tmp_path) is None


@pytest.mark.parametrize(
    "change",
    [{"picture": {}}, {"drawing": to_fields(judge())}, {"picture": {**to_fields(judge()), "mean": [0.0]}},
     {"picture": {**to_fields(judge()), "deviation": [0.0] * len(OF_PICTURE)}}, {"picture": 7},
     {"picture": {**to_fields(judge()), "usual": [0.0]}},
     {"picture": {**to_fields(judge()), "usual": [float("nan")] * len(OF_PICTURE)}}],
)  # fmt: skip
def test_damaged_judges_are_told(change: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(WeightsError):
        load_judges("cnn", "abc", written(tmp_path, **change))


def test_the_shipped_judges_are_of_the_shipped_weights() -> None:
    assert load_judges("cnn", load_card("cnn").sha256["cnn.safetensors"], WEIGHTS) is not None


def colours(seed: int) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A picture of things: blots of many colours with soft edges and shades."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:240, :320]
    picture = np.stack([120 + 60 * np.sin(x / 50 + number) for number in range(3)], axis=-1)
    for _ in range(14):
        reach = rng.uniform(15, 60)
        away = np.hypot(x - rng.uniform(0, 320), y - rng.uniform(0, 240)) / reach
        share = 1 / (1 + np.exp((away - 1) * 8))
        picture += share[..., None] * (rng.uniform(0, 255, 3) - picture) * (0.6 + 0.4 * away.clip(0, 1))[..., None]
    return (picture + rng.normal(0, 3, picture.shape)).clip(0, 255).astype(np.uint8)


def test_a_picture_of_things_is_turned_away_and_says_why() -> None:
    readings = [Recognizer.load().read(colours(seed)) for seed in range(20)]
    assert sum(reading.status == "no-digit" for reading in readings) > 10
    assert {reading.reason for reading in readings if reading.status == "no-digit"} >= {"no-paper"}


def test_a_sure_answer_is_never_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.reading.judge.Judge.is_none", lambda *_: True)
    monkeypatch.setattr("model.reading.judge.Judge.is_sure", lambda *_, seems_sure: seems_sure)
    seven = Drawing((280, 280), (Stroke(16, ((80.0, 70.0), (200.0, 70.0), (120.0, 220.0))),))
    assert Recognizer(load_card("cnn")).read(seven).status == "digit"


def test_a_doubtful_answer_is_turned_away_if_its_judge_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    seven = Drawing((280, 280), (Stroke(16, ((80.0, 70.0), (200.0, 70.0), (120.0, 220.0))),))
    doubting = Recognizer(replace(load_card("cnn"), unsure_below=1.0))
    monkeypatch.setattr("model.reading.judge.Judge.is_sure", lambda *_, seems_sure: seems_sure)
    for is_none, status in ((True, "no-digit"), (False, "unsure")):
        monkeypatch.setattr("model.reading.judge.Judge.is_none", lambda *_, told=is_none: told)
        assert doubting.read(seven).status == status


def test_what_is_weighed_makes_all_of_an_answer_sure_or_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ones = Drawing((280, 280), tuple(Stroke(16, ((x, 70.0), (x, 220.0))) for x in (80.0, 180.0)))
    for is_sure, status in ((True, "digit"), (False, "unsure")):
        monkeypatch.setattr("model.reading.judge.Judge.is_sure", lambda *_, told=is_sure, **_known: told)
        reading = Recognizer(load_card("cnn")).read(ones)
        assert (reading.status, {digit.sure for digit in reading.digits}) == (status, {is_sure})
