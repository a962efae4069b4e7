"""Every error that the code makes can be told in every language, and no sentence is left over."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator

import pytest

from model import errors
from model.errors import DigitsError
from tests.helpers.running import ROOT
from ui.texts import DEFAULT, languages

SOURCES = [*(ROOT / "model").rglob("*.py"), *(ROOT / "ui").rglob("*.py"), ROOT / "app.py", ROOT / "train.py"]
CLASSES = {name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, DigitsError)}


def calls() -> Iterator[tuple[str, str, set[str]]]:
    """Where it is made, the full key and the names of the values, of every error and term in the code."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in CLASSES | {"Term"}:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                assert len(node.args) == 1, f"{place} has no key alone"
                assert isinstance(node.args[0], ast.Constant), f"{place} has a key that only the run knows"
                kind = "term" if name == "Term" else "error"
                yield place, f"{kind}.{node.args[0].value!s}", {keyword.arg or "**" for keyword in node.keywords}


def sentences(code: str) -> dict[str, str]:
    """A language's own sentences and terms."""
    file = ROOT / ("model/errors.json" if code == DEFAULT else f"ui/strings/{code}.json")
    strings: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return {key: text for key, text in strings.items() if key.startswith(("error.", "term."))}


MADE = list(calls())
SENTENCES = {code: sentences(code) for code in languages()}
KEYS = {key for _, key, _ in MADE}


def places(sentence: str) -> dict[str, int]:
    """The names of what is filled into a sentence."""
    names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    return {name: names.count(name) for name in names}


def test_errors_are_found_in_the_code() -> None:
    assert len(MADE) > 60
    assert {"error.too-many-pixels", "error.no-such-model", "term.point"} <= KEYS


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize(("place", "key", "names"), MADE, ids=[f"{place} {key}" for place, key, _ in MADE])
def test_an_error_has_a_sentence_in_every_language_for_just_its_values(
    place: str, key: str, names: set[str], code: str
) -> None:
    sentence = SENTENCES[code].get(key, "")
    assert sentence, f"{place}: there is no {key} in {code}"
    assert places(sentence) == dict.fromkeys(names, 1)


@pytest.mark.parametrize("code", languages())
def test_no_sentence_is_left_over(code: str) -> None:
    assert set(SENTENCES[code]) == KEYS


@pytest.mark.parametrize("code", list(languages())[1:])
def test_every_sentence_is_translated(code: str) -> None:
    assert [key for key in KEYS if SENTENCES[code][key] == SENTENCES[DEFAULT][key]] == []
