from __future__ import annotations

import re
from html import unescape
from typing import Any

import numpy as np
import pytest
from gradio.data_classes import ImageData

from model.errors import SettingsError
from model.predict import Reading, Recognizer
from model.store import load_card, load_mistakes, trained_models
from tests.running import ROOT
from ui import examples, figures, handlers, mistakes
from ui.photo import Photo
from ui.texts import languages, texts

EN, ZH = texts("en"), texts("zh")
DRAWN = {"size": [280, 280], "strokes": [{"width": 16, "points": [[80, 70], [200, 70], [120, 220]]}]}
PHOTO = (ROOT / "examples" / "3-drawn.png").read_bytes()
MALFORMED: list[Any] = [b"no picture", {"size": "wide"}, [1, 2], 7, {"size": [280, 280], "strokes": [{}]}]
CARD = load_card("cnn")

in_each_language = pytest.mark.parametrize("code", languages())


def text(html: str) -> str:
    return unescape(re.sub("<.*?>", " ", html))


def sentence(source: Any, code: str) -> str:
    """What is wrong with a source, in a language."""
    with pytest.raises(handlers.DigitsError) as refused:
        Recognizer.load().read(source)
    return texts(code).problem(refused.value)


@in_each_language
def test_an_upload_that_was_deleted_is_asked_for_again(code: str) -> None:
    gone = Photo().preprocess(ImageData(path="deleted.png"))
    answer, *_ = handlers.show_again("photo", DRAWN, gone, "cnn", False, code)
    assert {"en": "send the picture again", "zh": "请再发一次"}[code] in text(answer)
    assert ">7<" in handlers.show_again("pad", DRAWN, gone, "cnn", False, code)[0]


@pytest.mark.parametrize(("source", "label"), [(DRAWN, "7"), (PHOTO, "3")])
def test_a_drawing_and_a_photo_are_read_by_the_same_function(source: Any, label: str) -> None:
    assert [digit.label for digit in handlers.read(source).digits] == [label]


def test_nothing_is_blank_and_needs_no_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(handlers.Recognizer, "load")
    assert handlers.read(None) == Reading("blank", (), ())


def test_a_program_is_told_what_the_reading_says() -> None:
    expected = Recognizer.load().read(DRAWN).to_dict()
    assert handlers.tell(DRAWN) == {**expected, "error": None}
    assert handlers.tell(None) == {"status": "blank", "digits": [], "error": None}


@pytest.mark.parametrize("source", MALFORMED)
def test_a_program_is_told_an_error_in_one_english_sentence(source: Any) -> None:
    told = handlers.tell(source)
    assert told == {"status": None, "digits": [], "error": sentence(source, "en")}
    assert "\n" not in told["error"]


@pytest.mark.parametrize("model", ["nothing", "../weights/cnn", "", None, 7, ["cnn"], {"cnn": 1}])
def test_a_program_that_asks_for_an_unknown_model_is_told_which_there_are(model: Any) -> None:
    told = f"there is no such model: choose one of {', '.join(trained_models())}"
    assert handlers.tell(DRAWN, model) == {"status": None, "digits": [], "error": told}
    assert told in text(handlers.show_drawing(DRAWN, model, False, "en")[0])
    assert handlers.explain(DRAWN, model, "en") == ""


@in_each_language
def test_a_reading_is_shown_with_its_steps(code: str) -> None:
    t, reading = texts(code), Recognizer.load().read(DRAWN)
    shown = handlers.show(DRAWN, True, "cnn", False, code)
    assert shown == (figures.answer(reading, t, drawn=True), figures.steps(reading, t), "")


@in_each_language
def test_a_photo_is_shown_with_what_was_found_in_it(code: str) -> None:
    _, steps, _ = handlers.show(PHOTO, False, "cnn", False, code)
    assert texts(code)("seen.picture") in steps
    assert texts(code)("seen.picture") not in handlers.show(PHOTO, True, "cnn", False, code)[1]


@in_each_language
@pytest.mark.parametrize("source", MALFORMED)
def test_an_error_is_shown_as_one_sentence_in_the_page_s_language(source: Any, code: str) -> None:
    answer, steps, others = handlers.show(source, False, "cnn", True, code)
    assert sentence(source, code) in text(answer)
    assert (steps, others) == (figures.steps(handlers.EMPTY, texts(code)), "")


@in_each_language
def test_an_unknown_model_is_an_error_in_the_page_s_language(code: str) -> None:
    answer = handlers.show(DRAWN, True, "nothing", False, code)[0]
    assert texts(code)("verdict.error") in text(answer)
    assert texts(code).problem(SettingsError("there is no such model: choose one of cnn"))[:8] in text(answer)


def test_a_comparison_lists_all_trained_models() -> None:
    table = handlers.show(DRAWN, True, "cnn", True, "en")[2]
    assert tuple(re.findall(r'<th scope="row">(.*?)</th>', table)) == trained_models()


def test_a_comparison_tells_what_each_model_reads() -> None:
    table = handlers.show(DRAWN, True, "cnn", True, "en")[2]
    read = ["".join(digit.label for digit in handlers.read(DRAWN, name).digits) for name in trained_models()]
    shown = re.findall(r'<td class="reads">(\d*)', table)
    assert shown == read


def test_an_empty_pad_waits_even_when_all_models_are_compared() -> None:
    answer, _, others = handlers.show(None, True, "cnn", True, "en")
    assert "waiting for a digit" in answer
    assert others.count('class="is-blank"') == len(trained_models())


def test_what_was_shown_last_is_shown_again() -> None:
    *drawn, last = handlers.show_drawing(DRAWN, "cnn", False, "en")
    assert handlers.show_again(last, DRAWN, PHOTO, "cnn", False, "en") == tuple(drawn)
    *photo, last = handlers.show_photo(PHOTO, "cnn", False, "en")
    assert handlers.show_again(last, DRAWN, PHOTO, "cnn", False, "en") == tuple(photo)
    assert drawn != photo


@in_each_language
def test_when_the_pen_rests_the_verdict_is_said_and_explained(code: str) -> None:
    said, reason = handlers.speak(DRAWN, "cnn", code), handlers.explain(DRAWN, "cnn", code)
    assert said == figures.spoken(Recognizer.load().read(DRAWN), texts(code))
    assert texts(code)("why.title", "7") in reason
    assert reason.count("<figcaption>") == 5


def test_an_empty_pad_is_said_and_not_explained() -> None:
    assert handlers.speak(None, "cnn", "en") == figures.announced("waiting for a digit")
    assert handlers.explain(None, "cnn", "en") == ""


@in_each_language
@pytest.mark.parametrize("source", MALFORMED)
def test_an_error_is_said_in_the_page_s_language(source: Any, code: str) -> None:
    assert handlers.speak(source, "cnn", code) == figures.announced(sentence(source, code))
    assert handlers.explain(source, "cnn", code) == ""


@pytest.mark.parametrize(("last", "source"), [("pad", DRAWN), ("photo", PHOTO)])
def test_another_model_settles_what_is_being_read(last: str, source: Any) -> None:
    assert handlers.speak_again(last, DRAWN, PHOTO, "mlp", "en") == handlers.speak(source, "mlp", "en")
    assert handlers.explain_again(last, DRAWN, PHOTO, "mlp", "en") == handlers.explain(source, "mlp", "en")


@in_each_language
def test_several_files_are_a_table_in_the_page_s_language(code: str) -> None:
    files = [str(ROOT / "examples" / name) for name in ("7-mnist.png", "README.md")]
    table = handlers.read_several("cnn", files, code)
    assert texts(code)("files.download") in table
    assert [part in text(table) for part in ("7-mnist.png", sentence(b"no picture", code))] == [True, True]


@in_each_language
@pytest.mark.parametrize("files", [None, []])
def test_without_files_the_page_says_what_to_do(files: list[str] | None, code: str) -> None:
    assert texts(code)("files.table") in handlers.read_several("cnn", files, code)


@in_each_language
def test_an_unknown_model_reads_no_files(code: str) -> None:
    assert texts(code)("verdict.error") in text(handlers.read_several("nothing", [], code))


@in_each_language
@pytest.mark.parametrize("name", trained_models())
def test_mistakes_are_counted_and_shown_and_none_is_chosen(name: str, code: str) -> None:
    t, card = texts(code), load_card(name)
    count, gallery, detail, place = handlers.list_mistakes(name, "any", "any", "most", code)
    shown = min(96, len(card.mistakes))
    assert t("mistakes.shown", shown=shown, total=len(card.mistakes)) in count
    assert (gallery.count("<button"), detail, place) == (shown, mistakes.nothing_chosen(t), None)


@pytest.mark.parametrize("order", ["most", "least", "by-digit"])
def test_a_cell_s_mistakes_are_as_many_as_it_counts(order: str) -> None:
    gallery = handlers.list_mistakes("logistic", "4", "9", order, "en")[1]
    assert len(re.findall("<span>4 → 9 ·", gallery)) == gallery.count("<button")
    assert gallery.count("<button") == load_card("logistic").confusion[4][9]


def test_a_filter_that_leaves_nothing_says_so() -> None:
    count, gallery, _, _ = handlers.list_mistakes("cnn", "4", "4", "most", "zh")
    assert ZH("mistakes.none") in count
    assert "<button" not in gallery


@in_each_language
def test_mistakes_are_introduced_with_their_matrix(code: str) -> None:
    intro, matrix = handlers.introduce_mistakes("mlp", code)
    assert f"<strong>{len(load_card('mlp').mistakes)}" in intro
    assert texts(code)("mistakes.matrix") in matrix


@pytest.mark.parametrize(("cell", "filters"), [("49", ("4", "9")), ("00", ("0", "0")), ("07", ("0", "7"))])
def test_a_cell_stands_for_its_two_digits(cell: str, filters: tuple[str, str]) -> None:
    assert handlers.choose_cell(cell) == filters


@pytest.mark.parametrize("cell", [None, "", "4", "049", "-4", "4a", "a4", "٤٩", " 4", "<b"])
def test_what_is_no_cell_stands_for_any_digit(cell: str | None) -> None:
    assert handlers.choose_cell(cell) == ("any", "any")


@in_each_language
def test_a_chosen_mistake_is_shown_in_detail(code: str) -> None:
    mistake = CARD.mistakes[3]
    html, place = handlers.choose_mistake("3", "cnn", code)
    assert place == 3
    assert texts(code)("mistakes.one", mistake.label, mistake.top[0][0]) in html
    assert figures.data_uri(load_mistakes(CARD)[3]) in html


@in_each_language
@pytest.mark.parametrize("choice", [None, "", "-1", str(len(CARD.mistakes)), "nothing", "9" * 20])
def test_what_is_no_mistake_chooses_none(choice: str | None, code: str) -> None:
    assert handlers.choose_mistake(choice, "cnn", code) == (mistakes.nothing_chosen(texts(code)), None)


def test_a_mistake_becomes_the_upload_and_its_tabs_open() -> None:
    picture, page, inner = handlers.read_mistake("cnn", 2)
    np.testing.assert_array_equal(picture, load_mistakes(CARD)[2])
    assert (page.selected, inner.selected) == ("read", "upload")


def test_without_a_chosen_mistake_nothing_changes() -> None:
    assert handlers.read_mistake("cnn", None) == (handlers.gr.skip(),) * 3


def test_a_mistake_is_read_again_as_it_was_read() -> None:
    readings = [handlers.read(handlers.read_mistake("cnn", place)[0]) for place in range(len(CARD.mistakes))]
    single = [place for place, reading in enumerate(readings) if len(reading.digits) == 1]
    assert len(single) > len(readings) // 2
    assert [readings[place].digits[0].label for place in single] == [CARD.mistakes[place].top[0][0] for place in single]


def test_an_example_becomes_the_upload() -> None:
    path, inner = handlers.choose_example("1")
    assert path == str(examples.pictures()[1])
    assert inner.selected == "upload"


@pytest.mark.parametrize("choice", [None, "", "1000", "../7-mnist.png"])
def test_what_is_no_example_changes_nothing(choice: str | None) -> None:
    assert handlers.choose_example(choice) == (handlers.gr.skip(),) * 2


@in_each_language
@pytest.mark.parametrize("name", trained_models())
def test_a_model_is_looked_at_in_the_page_s_language(name: str, code: str) -> None:
    html = unescape(handlers.look_at(name, code))
    assert f"<h2>{name}</h2>" in html
    assert [texts(code)(key) in html for key in (f"about.{name}", "models.curves", "models.confusion")] == [True] * 3
