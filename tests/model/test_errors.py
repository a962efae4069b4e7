from __future__ import annotations

import copy
import subprocess
import sys
from pathlib import Path

import pytest

from model.errors import ENGLISH, DataError, DigitsError, PictureError, StrokesError, Term, WeightsError, printable
from tests.helpers.running import ROOT

TOO_LARGE = PictureError("too-many-pixels", name="7.png", width=9000, height=8000, most=50)
SPANISH = {
    "error.in-file": "en {file}: {error}",
    "error.no-pixels": "{name} no tiene píxeles",
    "error.pen-width": "grosor {width:.1f}",
    "term.the-array": "la matriz",
}


def test_an_error_is_an_english_sentence_with_its_values() -> None:
    assert str(TOO_LARGE) == "7.png has 9000 × 8000 pixels: at most 50 megapixels are read"
    assert TOO_LARGE.args == (str(TOO_LARGE),)


def test_an_error_keeps_its_key_and_values() -> None:
    assert TOO_LARGE.key == "too-many-pixels"
    assert TOO_LARGE.values == {"name": "7.png", "width": 9000, "height": 8000, "most": 50}


def test_a_sentence_says_how_its_numbers_are_written() -> None:
    error = StrokesError("pen-width", width=2.0)
    assert (str(error), error.sentence(SPANISH)) == ("a pen of width 2 doesn't fit the canvas", "grosor 2.0")


def test_a_term_is_told_in_the_sentence_s_language() -> None:
    error = PictureError("no-pixels", name=Term("the-array"))
    assert (str(error), error.sentence(SPANISH)) == ("the array has no pixels", "la matriz no tiene píxeles")
    assert str(Term("the-array")) == "the array"


def test_an_error_inside_another_is_told_in_the_same_language() -> None:
    error = DataError("in-file", file=Path("3/a.png"), error=PictureError("no-pixels", name="a.png"))
    assert str(error) == f"{Path('3/a.png')}: a.png has no pixels"
    assert error.sentence(SPANISH) == f"en {Path('3/a.png')}: a.png no tiene píxeles"


def test_a_value_is_never_taken_for_a_place_to_fill() -> None:
    assert str(PictureError("no-pixels", name="{x}{0}.png")) == "{x}{0}.png has no pixels"


@pytest.mark.parametrize("values", [{}, {"file": "a"}])
def test_an_error_that_can_t_be_told_is_refused_where_it_is_made(values: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        WeightsError("no-pixels" if values else "no-such-key", **values)


@pytest.mark.parametrize("error", [TOO_LARGE, PictureError("no-pixels", name=Term("the-array"))])
def test_a_copy_is_the_same_error(error: DigitsError) -> None:
    twin = copy.deepcopy(error)
    assert (type(twin), twin.key, twin.values, str(twin)) == (PictureError, error.key, error.values, str(error))


@pytest.mark.server
def test_an_error_comes_back_from_another_process() -> None:
    code = (
        "import concurrent.futures as c; from model.settings import Settings\n"
        "if __name__ == '__main__':\n"
        "  with c.ProcessPoolExecutor(1) as pool:\n"
        "    print(repr(pool.submit(Settings, seed=-1).exception()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "SettingsError('seed is -1: it goes from 0 to 2.14748e+09')"


def test_every_key_is_an_error_s_or_a_term_s() -> None:
    assert {key.split(".")[0] for key in ENGLISH} == {"error", "term"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("七.png", "七.png"),
        ("a b", "a b"),
        ("a\nb", "a\\nb"),
        ("\x1b[31m", "\\x1b[31m"),
        ("\udc80", "\\udc80"),
        (7, "7"),
    ],
)
def test_what_does_not_print_is_told_by_its_codes(text: object, told: str) -> None:
    assert printable(text) == told
