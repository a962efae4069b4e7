from __future__ import annotations

import json
import re
from html import unescape

import pytest

from ui.components.select import Select
from ui.texts import languages, texts
from ui.views.mistakes import orders


@pytest.fixture
def order() -> Select:
    return Select("mistakes.sort", orders, elem_id="order")


def test_the_first_option_is_chosen(order: Select) -> None:
    assert (order.value, order.get_config()["elem_id"]) == ("most", "order")


@pytest.mark.parametrize("sent", [None, "worst", 7, ["least"], {"least": 1}])
def test_what_can_not_be_chosen_is_the_first_option(order: Select, sent: object) -> None:
    assert order.preprocess(sent) == "most"


def test_a_chosen_value_comes_and_goes_as_it_is(order: Select) -> None:
    assert (order.preprocess("least"), order.postprocess("least")) == ("least", "least")


def test_its_names_are_there_in_every_language(order: Select) -> None:
    found = re.search(r'data-texts="([^"]*)"', order.get_config()["html_template"])
    assert found
    names = json.loads(unescape(found[1]))
    assert list(names) == list(languages())
    assert names["zh"] == {
        "label": texts("zh")("mistakes.sort"),
        **{value: name for name, value in orders(texts("zh"))},
    }
