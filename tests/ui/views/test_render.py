"""Whatever is filled into the page's HTML stays text: labels, names of files and models, sentences, addresses."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from jinja2 import TemplateNotFound, UndefinedError

from model.preprocess.pipeline import Step
from model.reading.neighbours import Neighbour
from model.reading.reading import Digit, Reading
from model.reading.store import Mistake, load_card
from tests.ui.views.test_why import Told
from ui.texts import Texts, texts
from ui.views import examples, figures, mistakes, models, several, snippet
from ui.views.render import FOLDERS, environment, render
from ui.views.why import why

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}&amp;"
SQUARE = np.zeros((28, 28), np.uint8)
DIGIT = Digit(EVIL, 0.5, ((EVIL, 0.5), (EVIL, 0.3), (EVIL, 0.2)), (0, 0, 9, 9), SQUARE)
STEPS = (Step("grey", SQUARE), Step("28x28", SQUARE))
ONE = Reading("digit", (DIGIT,), STEPS, (28, 28))
TWO = Reading("unsure", (DIGIT, DIGIT), STEPS, (28, 28))
MISTAKE = Mistake(1, EVIL, [(EVIL, 0.9), (EVIL, 0.05), ("7", 0.01)], disputed=True)
CARD = replace(load_card("cnn"), model=EVIL, about=EVIL, mistakes=[MISTAKE], sha256={f"{EVIL}.curves.png": ""})
ENGLISH = texts()
#: A language whose every string but the one that may hold markup is hostile.
T = Texts(
    {key: EVIL for key in ENGLISH.strings if key not in ("language", "code")}
    | {"code": "xx", "mistakes.intro": ENGLISH.raw("mistakes.intro")}
)


class Evil(Told):
    """Finds a neighbour with a hostile label."""

    def nearest(self, digit: Digit) -> list[Neighbour]:
        return [Neighbour(EVIL, digit.image, 0.9)]


class Parsed(HTMLParser):
    """The tags, attributes and texts that a browser finds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str]] = {}
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


SHOWN = {
    "header": figures.header(T),
    "footer": figures.footer(T),
    "answer": figures.answer(ONE, T, drawn=True),
    "number": figures.answer(TWO, T, drawn=True),
    "problem": figures.problem(EVIL, T),
    "spoken": figures.announced(EVIL),
    "steps": figures.steps(TWO, T, drawn=False),
    "no steps": figures.steps(Reading("blank", (), ()), T),
    "why": why(Evil(load_card("cnn")), ONE, T),
    "examples": examples.shelf(T),
    "introduction": mistakes.intro(CARD, T),
    "matrix": mistakes.matrix(CARD, T),
    "count": mistakes.count(CARD, [0], T),
    "gallery": mistakes.tiles(CARD, SQUARE[None], [0]),
    "no mistake": mistakes.nothing_chosen(T),
    "mistake": mistakes.detail(MISTAKE, SQUARE, T),
    "models": models.table([CARD], T),
    "model": models.detail(CARD, T),
    "comparison": models.comparison({EVIL: ONE, "b": TWO, "c": Reading("no-digit", (), ())}, T),
    "files": several.rows([several.row(EVIL, of, T) for of in (EVIL, ONE, Reading("blank", (), ()))]),
    "programs": snippet.snippets(EVIL, T),
}


@pytest.mark.parametrize("view", SHOWN)
def test_a_hostile_value_brings_no_tag_and_no_attribute_along(view: str) -> None:
    found = Parsed(SHOWN[view])
    assert "script" not in found.tags
    assert [name for name in found.attributes if name.startswith("on")] == []
    assert [source for source in found.attributes.get("src", []) if not source.startswith("data:image/")] == []


@pytest.mark.parametrize("view", sorted(set(SHOWN) - {"spoken", "matrix", "programs"}))
def test_a_hostile_value_is_shown_as_it_is(view: str) -> None:
    found = Parsed(SHOWN[view])
    assert "".join(found.texts).count("<script>alert(1)</script>") >= 1
    assert "49&" not in SHOWN[view]


def test_a_hostile_value_stays_inside_its_attribute() -> None:
    assert Parsed(SHOWN["spoken"]).attributes["data-spoken"] == [EVIL]
    assert EVIL.format() in Parsed(SHOWN["examples"]).attributes["aria-label"]  # a string, whose braces are places


def test_a_hostile_address_stays_inside_its_program() -> None:
    assert "".join(Parsed(SHOWN["programs"]).texts).count(f'Client("{EVIL}")') == 1


def test_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'text' is undefined"):
        render("note.html", kind="advice")


def test_a_template_that_isn_t_there_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("../../css/base.css")


def test_lines_and_indentation_of_a_template_are_no_part_of_the_page() -> None:
    assert render("empty.html", tag="div", kind="seen", text="a\n b") == '<div class="seen is-empty"><p>a\n b</p></div>'
    assert figures.header(ENGLISH).count("\n") == 0


@pytest.mark.parametrize(
    "path", [path for folder in FOLDERS for path in folder.glob("*.html")], ids=lambda path: path.name
)
def test_no_template_switches_escaping_off(path: Path) -> None:
    assert environment().autoescape is True
    template = path.read_text(encoding="utf-8")
    assert [word for word in ("|safe", "| safe", "autoescape", "Markup") if word in template] == []
    assert environment().get_template(path.name)
