from __future__ import annotations

import html
import json
import re
import string
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.errors import ENGLISH, DigitsError, PictureError, StrokesError, WeightsError
from model.preprocess.picture import open_picture
from model.preprocess.strokes import parse_drawing
from model.reading.store import load_card, load_file
from tests.helpers.running import ROOT
from ui.components.feedback import TEXTS as FEEDBACK
from ui.components.pad import TEXTS as PAD
from ui.texts import Texts, embedded, languages, texts

EN, ZH = texts("en"), texts("zh")
FOLDER = ROOT / "ui" / "strings"
STRINGS = {code: json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8")) for code in languages()}
STRINGS["en"] |= ENGLISH
STROKE = {"width": 18, "points": [[10, 20], [30.5, 40]]}

in_each_language = pytest.mark.parametrize("code", languages())
in_each_translation = pytest.mark.parametrize("code", list(languages())[1:])


def places(text: str) -> set[str | None]:
    """The names and numbers of what is filled into a string."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def strokes(*parts: object, size: object = (280, 280)) -> dict[str, object]:
    return {"size": size, "strokes": list(parts)}


PICTURES: dict[str, object] = {
    "no picture": b"no picture",
    "a file that is none": Path(__file__),
    "a file that isn't there": Path("nothing.png"),
    "a folder": Path(__file__).parent,
    "too many bytes": bytes(50_500_000),
    "a bomb": b"P5 20000 20000 255\n",
    "too many pixels": b"P5 8000 8000 255\n",
    "an array of too many pixels": np.broadcast_to(np.uint8(0), (8_000, 8_000)),
    "no pixels": np.zeros((0, 5), np.uint8),
    "no axes": np.zeros((2, 2, 2, 2), np.uint8),
    "text": np.array([["a"]]),
    "colours that aren't uint8": np.zeros((2, 2, 3), np.float32),
}
DRAWINGS: dict[str, object] = {
    "no object": [1, 2],
    "size no pair": strokes(size=280),
    "size no number": strokes(size=["1", 2]),
    "size not finite": strokes(size=[float("inf"), 2]),
    "size out of bounds": strokes(size=[0.5, 9_000]),
    "strokes no list": {"size": [280, 280], "strokes": 5},
    "too many strokes": strokes(*[STROKE] * 201),
    "stroke no object": strokes(7),
    "width no number": strokes({**STROKE, "width": "18"}),
    "width not finite": strokes({**STROKE, "width": 10**400}),
    "width too large": strokes({**STROKE, "width": 281}),
    "points no list": strokes({**STROKE, "points": None}),
    "too many points": strokes({**STROKE, "points": [[1, 1]] * 20_001}),
    "point no pair": strokes({**STROKE, "points": [[1]]}),
    "point no number": strokes({**STROKE, "points": [[1, None]]}),
    "point not finite": strokes({**STROKE, "points": [[1, float("nan")]]}),
    "pressure no number": strokes({**STROKE, "points": [[1, 2, "hard"]]}),
    "pressure not finite": strokes({**STROKE, "points": [[1, 2, float("inf")]]}),
}
PROVOKED = [
    *(pytest.param(open_picture, source, id=name) for name, source in PICTURES.items()),
    *(pytest.param(parse_drawing, drawing, id=name) for name, drawing in DRAWINGS.items()),
]
on_every_problem = pytest.mark.parametrize(("refuse", "source"), PROVOKED)


def provoked(refuse: Callable[[object], object], source: object) -> DigitsError:
    with pytest.raises((PictureError, StrokesError)) as refused:
        refuse(source)
    return refused.value


def test_english_is_the_first_of_two_languages() -> None:
    assert list(languages().items()) == [("en", "English"), ("zh", "中文")]


@in_each_translation
def test_a_language_has_the_same_strings_as_english(code: str) -> None:
    assert set(STRINGS[code]) == set(STRINGS["en"])
    assert texts(code).code == code


@in_each_translation
def test_a_string_has_the_same_places_to_fill_as_in_english(code: str) -> None:
    strings = STRINGS[code].items()
    assert {key: places(text) for key, text in strings} == {key: places(text) for key, text in STRINGS["en"].items()}


@in_each_language
def test_no_string_is_empty_but_the_advice_on_a_sure_digit(code: str) -> None:
    assert [key for key, text in STRINGS[code].items() if not text.strip()] == ["advice.digit"]


def test_only_a_measure_is_the_same_in_chinese_as_in_english() -> None:
    same = {key for key, text in STRINGS["zh"].items() if text == STRINGS["en"][key]}
    assert same == {"advice.digit", "step.28x28", "tab.code"}


@pytest.mark.parametrize("code", ["fr", "", "zh.json", "../en", "EN", None, 7, ["zh"], {}])
def test_an_unknown_language_is_english(code: object) -> None:
    assert texts(code)("title") == EN("title")


@in_each_language
def test_values_are_filled_in_by_place_and_by_name(code: str) -> None:
    assert "42" in texts(code)("verdict.digit", 42)
    assert "50" in texts(code)("files", most=50)


def test_a_key_that_has_no_string_gives_the_other_text() -> None:
    assert ZH.get("about.nothing", "a network") == "a network"
    assert ZH.get("about.cnn", "a network") == ZH("about.cnn")


@on_every_problem
def test_every_problem_of_a_picture_or_a_drawing_is_translated(
    refuse: Callable[[object], object], source: object
) -> None:
    assert re.search("[\u4e00-\u9fff]", ZH.problem(provoked(refuse, source)))


@on_every_problem
def test_no_english_word_is_left_in_a_translated_problem(refuse: Callable[[object], object], source: object) -> None:
    told = ZH.problem(provoked(refuse, source))
    assert re.findall(r"the (?:picture|array|canvas)|a (?:pen|point|pressure)|in all|strokes\b(?!\")", told) == []


@on_every_problem
def test_a_problem_keeps_its_numbers(refuse: Callable[[object], object], source: object) -> None:
    error = provoked(refuse, source)
    assert sorted(re.findall(r"\d+", ZH.problem(error))) == sorted(re.findall(r"\d+", str(error)))


@on_every_problem
def test_an_english_problem_is_told_as_it_is(refuse: Callable[[object], object], source: object) -> None:
    error = provoked(refuse, source)
    assert EN.problem(error) == str(error)


def test_a_picture_that_takes_too_much_memory_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("PIL.Image.open", refuse)
    assert ZH.problem(provoked(lambda _: open_picture(b"7"), None)).startswith("内存不够")


def test_missing_damaged_and_unknown_weights_are_told_in_chinese() -> None:
    card = load_card("cnn")
    for load in (lambda: load_file(card, ".nothing"), lambda: load_file(card, ".json"), lambda: load_card("nothing")):
        with pytest.raises(WeightsError) as refused:
            load()
        assert re.search("[\u4e00-\u9fff]", ZH.problem(refused.value))


def test_a_problem_without_a_translation_is_told_in_english() -> None:
    assert Texts({"code": "fr"}).problem(PictureError("no-such-picture", name="a.png")) == "there is no picture a.png"


def test_a_name_with_braces_in_it_stays_as_it_is() -> None:
    assert "{0}{x}.png" in ZH.problem(PictureError("no-such-picture", name="{0}{x}.png"))


@pytest.mark.parametrize(("prefix", "keys"), [("pad", PAD), ("right", FEEDBACK)])
def test_embedded_strings_survive_the_attribute(prefix: str, keys: tuple[str, ...]) -> None:
    quoted = embedded(prefix, keys)
    expected = {code: {key: texts(code).raw(f"{prefix}.{key}") for key in keys} for code in languages()}
    assert json.loads(html.unescape(quoted)) == expected


@pytest.mark.parametrize(("prefix", "keys"), [("pad", PAD), ("right", FEEDBACK)])
def test_embedded_strings_mean_nothing_to_a_template(prefix: str, keys: tuple[str, ...]) -> None:
    assert not set(embedded(prefix, keys)) & set('`$\\"<>')
