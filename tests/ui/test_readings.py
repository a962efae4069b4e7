from __future__ import annotations

import base64
import re
from html import unescape
from typing import Any

import pytest
from gradio.data_classes import ImageData

from model.errors import DigitsError, PictureError, SettingsError, StrokesError
from model.reading.reading import Digit, Reading
from model.reading.recognizer import Recognizer
from model.reading.store import trained_models
from tests.helpers.running import ROOT
from ui import readings
from ui.components.photo import Photo
from ui.readings import Encoded, Upload
from ui.texts import languages, texts
from ui.views import figures

DRAWN = {"size": [280, 280], "strokes": [{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}]}
PHOTO = (ROOT / "examples" / "3-drawn.png").read_bytes()
MALFORMED: list[Any] = [b"no picture", {"size": "wide"}, [1, 2], 7, {"size": [280, 280], "strokes": [{}]}]

in_each_language = pytest.mark.parametrize("code", languages())


def text(html: str) -> str:
    return unescape(re.sub("<.*?>", " ", html))


def sentence(source: Any, code: str) -> str:
    """What is wrong with a source, in a language."""
    with pytest.raises(DigitsError) as refused:
        Recognizer.load().read(source)
    return texts(code).problem(refused.value)


@in_each_language
def test_an_upload_that_was_deleted_is_asked_for_again(code: str) -> None:
    gone = Photo().preprocess(ImageData(path="deleted.png"))
    answer, *_ = readings.show(gone, False, "cnn", False, code)
    assert {"en": "send the picture again", "zh": "请再发一次"}[code] in text(answer)


@pytest.mark.parametrize("path", [str(ROOT / "examples" / "3-drawn.png"), "/dev/zero", "", "nothing"])
def test_a_path_that_is_sent_for_a_drawing_is_not_opened(path: str) -> None:
    assert readings.as_json(path)["error"] == str(StrokesError("strokes-no-object"))


def test_an_error_that_stands_for_a_source_is_told() -> None:
    error = PictureError("upload-deleted")
    assert readings.as_json(error)["error"] == str(error)


@pytest.mark.parametrize(("source", "label"), [(DRAWN, "7"), (PHOTO, "3")])
def test_a_drawing_and_a_photo_are_read_by_the_same_function(source: Any, label: str) -> None:
    assert [digit.label for digit in readings.read(source).digits] == [label]


def test_nothing_is_blank_and_needs_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Recognizer, "load")
    assert readings.read(None) == Reading("blank", (), ())


def test_a_program_is_told_what_the_reading_says() -> None:
    expected = Recognizer.load().read(DRAWN).to_dict()
    assert readings.as_json(DRAWN) == {**expected, "error": None}
    assert readings.as_json(None) == {"status": "blank", "digits": [], "error": None}


@pytest.mark.parametrize("source", MALFORMED)
def test_a_program_is_told_an_error_in_one_english_sentence(source: Any) -> None:
    told = readings.as_json(source)
    assert told == {"status": None, "digits": [], "error": sentence(source, "en")}
    assert "\n" not in told["error"]


@pytest.mark.parametrize("model", ["nothing", "../weights/cnn", "", None, 7, ["cnn"], {"cnn": 1}])
def test_a_program_that_asks_for_an_unknown_model_is_told_which_there_are(model: Any) -> None:
    told = f"there is no such model: choose one of {', '.join(trained_models())}"
    assert readings.as_json(DRAWN, model) == {"status": None, "digits": [], "error": told}
    assert told in text(readings.show(DRAWN, True, model, False, "en")[0])
    assert readings.explain(DRAWN, model, "en") == ""


@in_each_language
def test_a_reading_is_shown_with_its_steps(code: str) -> None:
    t, reading = texts(code), Recognizer.load().read(DRAWN)
    shown = readings.show(DRAWN, True, "cnn", False, code)
    of = readings.mark(DRAWN)
    assert shown == (figures.answer(reading, t, drawn=True, of=of), figures.steps(reading, t), "")


@in_each_language
def test_a_photo_is_shown_with_what_was_found_in_it(code: str) -> None:
    _, steps, _ = readings.show(PHOTO, False, "cnn", False, code)
    assert texts(code)("seen.picture") in steps
    assert texts(code)("seen.picture") not in figures.steps(readings.read(PHOTO), texts(code), drawn=True)


@in_each_language
@pytest.mark.parametrize("source", MALFORMED)
def test_an_error_is_shown_as_one_sentence_in_the_page_s_language(source: Any, code: str) -> None:
    answer, steps, others = readings.show(source, False, "cnn", True, code)
    assert sentence(source, code) in text(answer)
    assert (steps, others) == (figures.steps(readings.EMPTY, texts(code)), "")


@in_each_language
def test_an_unknown_model_is_an_error_in_the_page_s_language(code: str) -> None:
    answer = readings.show(DRAWN, True, "nothing", False, code)[0]
    assert texts(code)("verdict.error") in text(answer)
    assert texts(code).problem(SettingsError("no-such-model", known="cnn"))[:8] in text(answer)


@pytest.mark.slow
def test_a_comparison_lists_all_trained_models() -> None:
    table = readings.show(DRAWN, True, "cnn", True, "en")[2]
    assert tuple(re.findall(r'<th scope="row">(.*?)</th>', table)) == trained_models()


def test_a_comparison_tells_what_each_model_reads() -> None:
    table = readings.show(DRAWN, True, "cnn", True, "en")[2]
    read = ["".join(digit.label for digit in readings.read(DRAWN, name).digits) for name in trained_models()]
    shown = re.findall(r'<td class="reads">(\d*)', table)
    assert shown == read


def test_an_empty_pad_waits_even_when_all_models_are_compared() -> None:
    answer, _, others = readings.show(None, True, "cnn", True, "en")
    assert "waiting for a digit" in answer
    assert others.count('class="is-blank"') == len(trained_models())


def test_an_answer_and_its_reason_tell_which_input_they_are_of() -> None:
    for source, drawn, name in ((DRAWN, True, "pad"), (PHOTO, False, "photo"), ([1], True, "pad")):
        assert f'data-source="{name}"' in readings.show(source, drawn, "cnn", False, "en")[0]
    for source, name in ((DRAWN, "pad"), (PHOTO, "photo")):
        assert f'data-source="{name}"' in readings.explain(source, "cnn", "en")


@in_each_language
def test_when_the_pen_rests_the_verdict_is_said_and_explained(code: str) -> None:
    said, reason = readings.speak(DRAWN, "cnn", code), readings.explain(DRAWN, "cnn", code)
    assert said == figures.spoken(Recognizer.load().read(DRAWN), texts(code))
    assert texts(code)("why.title", "7") in reason
    assert reason.count("<figcaption>") == 5


def test_an_empty_pad_is_said_and_not_explained() -> None:
    assert readings.speak(None, "cnn", "en") == figures.announced("waiting for a digit")
    assert readings.explain(None, "cnn", "en") == ""


@in_each_language
@pytest.mark.parametrize("source", MALFORMED)
def test_an_error_is_said_in_the_page_s_language(source: Any, code: str) -> None:
    assert readings.speak(source, "cnn", code) == figures.announced(sentence(source, code))
    assert readings.explain(source, "cnn", code) == ""


@in_each_language
def test_one_of_several_files_is_a_line_with_its_number_or_its_problem(code: str) -> None:
    photo = Upload(str(ROOT / "examples" / "3-drawn.png"))
    line = readings.row(photo, "3.png", "cnn", code)
    assert (line["file"], line["status"], line["number"]) == ("3.png", "digit", "3")
    for source in (b"no picture", Upload("deleted.png")):
        line = readings.row(source, "no.png", "cnn", code)
        assert (line["file"], line["status"]) == ("no.png", "error")
        assert line["problem"] == problem_of(source, code)


def problem_of(source: Any, code: str) -> str:
    """Why a source isn't read, in a language."""
    with pytest.raises(DigitsError) as refused:
        readings.read(source)
    return texts(code).problem(refused.value)


@in_each_language
def test_the_tool_tells_what_the_endpoints_return_and_a_sentence(code: str) -> None:
    told = readings.tell(Encoded(base64.b64encode(PHOTO).decode()), "cnn", code)
    assert told["reading"] == readings.as_json(PHOTO)
    assert told["told"] == texts(code)("tool.digit", "3", "> 99.9 %")
    refused = readings.tell(Encoded("QUJD"), "cnn", code)
    assert refused["told"] == sentence(b"ABC", code)
    assert refused["reading"] == readings.as_json(b"ABC")


def digit(label: str, *, sure: bool = True) -> Digit:
    return Digit(label, 0.9, ((label, 0.9), ("9", 0.08), ("1", 0.01)), (0, 0, 1, 1), None, sure)  # type: ignore[arg-type]


ALONE = Digit("0", 0.999, (("0", 0.999), ("6", 0.0009), ("9", 0.0001)), (0, 0, 1, 1), None, False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (Reading("digit", (digit("4"),), ()), "One digit, read as 4 (confidence 90.0 %)."),
        (Reading("unsure", (digit("4", sure=False),), ()), "Unsure: 4 (90.0 %) or 9 (8.0 %)."),
        (Reading("unsure", (ALONE,), ()), "Unsure: perhaps 0, perhaps no digit at all."),
        (Reading("unsure", (digit("4", sure=False),), (), reason="beside-words"), "Unsure: 4 (90.0 %) or 9 (8.0 %)."),
        (Reading("digit", (digit("4"), digit("2")), ()), "2 digits, read as 42, all of them surely."),
        (Reading("unsure", (digit("4"), digit("2", sure=False)), ()), "2 digits, perhaps 42: unsure of 1 of them."),
        (Reading("no-digit", (), ()), "There is ink, but it doesn't look like a digit."),
        (Reading("no-digit", (), (), reason="no-paper"), "The picture looks like a thing, not like ink on paper."),
        (Reading("blank", (), ()), "The picture is blank: nothing is written on it."),
        (Reading("too-many", (), ()), "There are more digits than are read at once."),
    ],
)
def test_each_reading_is_a_sentence_in_each_language(reading: Reading, told: str) -> None:
    assert readings.sentence(reading, texts("en")) == told
    assert readings.sentence(reading, texts("zh")) != told


def test_drawings_are_told_apart_by_what_was_drawn_last_and_nothing_by_zeros() -> None:
    stroke = {"width": 16, "points": [[75, 70], [205, 70.5]]}
    drawings: list[Any] = [None, {"size": [280, 280], "strokes": []}]
    assert {readings.mark(drawing) for drawing in drawings} == {"[0, 0]"}
    marks = [readings.mark({"size": [280, 280], "strokes": [stroke] * count}) for count in (1, 2)]
    assert marks == ["[1, 2, 205, 70.5]", "[2, 4, 205, 70.5]"]
