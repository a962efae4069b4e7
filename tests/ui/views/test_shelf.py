from __future__ import annotations

import base64
import io
import re
from html import unescape

import numpy as np
import pytest
from PIL import Image

from model.preprocess.picture import open_picture
from ui.texts import languages, texts
from ui.views import examples

T = texts("en")
NAMES = [path.name for path in examples.pictures()]


def thumbnails() -> list[Image.Image]:
    found = re.findall(r'<img(?: class="is-clear")? src="data:image/webp;base64,([^"]+)" alt="">', examples.shelf(T))
    return [Image.open(io.BytesIO(base64.b64decode(content)), formats=["WEBP"]) for content in found]


def test_the_shelf_holds_the_pictures_of_the_folder_by_name() -> None:
    assert sorted(NAMES) == NAMES
    assert {name[0] for name in NAMES} == set("0123456789")
    assert {name.rsplit(".", 1)[1] for name in NAMES} == {"png", "jpg"}


def test_each_picture_is_chosen_by_its_place() -> None:
    chosen = re.findall(r'<button type="button" data-choice="(.*?)"', examples.shelf(T))
    assert chosen == [str(place) for place in range(len(NAMES))]


@pytest.mark.parametrize("code", languages())
def test_each_picture_has_a_name_in_the_page_s_language(code: str) -> None:
    html = unescape(examples.shelf(texts(code)))
    expected = [texts(code)("examples.one", name.rsplit(".", 1)[0]) for name in NAMES]
    assert re.findall(r'aria-label="(.*?)"', html) == expected
    assert f"<h2>{texts(code)('examples')}</h2>" in html


def test_a_thumbnail_is_small_and_keeps_the_upright_picture_s_shape() -> None:
    for path, small in zip(examples.pictures(), thumbnails(), strict=True):
        width, height = open_picture(path).size
        assert max(small.size) <= 144
        assert small.width / small.height == pytest.approx(width / height, rel=0.03)


def test_a_transparent_picture_stays_transparent() -> None:
    small = thumbnails()[NAMES.index("0-white-transparent.png")].convert("RGBA")
    assert np.asarray(small)[..., 3].min() == 0


def test_all_thumbnails_are_less_than_a_photo() -> None:
    assert len(examples.shelf(T)) < 200_000


def test_only_what_is_seen_through_stands_on_a_colour_of_its_own() -> None:
    tiles = re.findall(r"<button.*?</button>", examples.shelf(T))
    assert [name for name, tile in zip(NAMES, tiles, strict=True) if "is-clear" in tile] == [
        name for name in NAMES if "transparent" in name
    ]
