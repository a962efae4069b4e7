from __future__ import annotations

import io
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from model.errors import PictureError
from model.preprocess.picture import open_picture
from tests.helpers.pictures import saved

STRIPE = Image.new("RGB", (64, 48), "white")
STRIPE.paste("black", (20, 8, 28, 40))


@pytest.fixture(scope="module")
def heic() -> bytes:
    file = io.BytesIO()
    pillow_heif.from_pillow(STRIPE).save(file, quality=90)
    return file.getvalue()


def test_heic_is_read_where_its_library_is_installed(heic: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.HEIC").write_bytes(heic)
    for source in (heic, tmp_path / "a.HEIC"):
        picture = open_picture(source)
        assert picture.size == (64, 48)
        assert picture.image.convert("L").getpixel((24, 24)) < 60  # type: ignore[operator]


def test_without_it_the_sentence_says_what_to_install(heic: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.preprocess.heic.find_spec", lambda _: None)
    with pytest.raises(PictureError, match="is of the format HEIC: save it as JPEG, or `pip install pillow-heif`"):
        open_picture(heic)


@pytest.mark.parametrize("part", [0.05, 0.3, 0.9])
def test_heic_that_is_cut_short_is_damaged(heic: bytes, part: float) -> None:
    with pytest.raises(PictureError, match="is damaged"):
        open_picture(heic[: int(part * len(heic))])


def test_a_size_that_is_too_large_is_not_decoded(heic: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.preprocess.bounds.MAX_PIXELS", 3_000_000)
    monkeypatch.setattr("model.preprocess.bounds.MAX_SIDE", 60)
    monkeypatch.setattr("pillow_heif.HeifImageFile.load", None)
    with pytest.raises(PictureError, match="has a side of 64 pixels"):
        open_picture(heic)


def test_avif_is_no_heic() -> None:
    assert open_picture(saved(STRIPE, "AVIF")).size == (64, 48)
