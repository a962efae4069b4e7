from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.data.digits import DataSet
from model.errors import PictureError, WeightsError
from model.many import lines
from model.many.lines import FEW, Line, read_all, read_item
from model.many.sources import Item, find_pictures
from model.reading.recognizer import Recognizer
from tests.helpers.running import ROOT

SEVEN = ROOT / "examples" / "7-mnist.png"


@pytest.fixture(scope="module")
def folder(extract: DataSet, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred small pictures, one file among them that is none."""
    folder = tmp_path_factory.mktemp("pictures")
    for number, image in enumerate(extract.test.images[:100].numpy()):
        Image.fromarray(np.asarray(image)).save(folder / f"{number:03}.png")
    (folder / "050.png").write_bytes(b"no picture")
    return folder


def test_a_line_has_the_reading_s_values() -> None:
    reading = Recognizer.load().read(SEVEN)
    line = read_item(Recognizer.load(), Item("a.png", SEVEN))
    assert line.to_dict() == {"file": "a.png", **reading.to_dict(), "error": None}
    assert line.text.startswith("7 ")


def test_bytes_are_named_by_their_archive() -> None:
    line = read_item(Recognizer.load(), Item("a.zip/b.png", b"no picture"))
    assert line == Line(
        "a.zip/b.png", None, "a.zip/b.png is damaged or no picture: save it as PNG or JPEG and try again"
    )


def test_what_the_source_says_is_the_line() -> None:
    error = PictureError("damaged-archive", name="a.zip")
    assert read_item(Recognizer.load(), Item("a.zip", error)).text == str(error)


@pytest.mark.server
def test_two_processes_tell_what_one_reading_after_the_other_tells_in_the_same_order(folder: Path) -> None:
    """Bit for bit, as JSON has all digits of a float that ``to_dict`` leaves."""
    expected = [read_item(Recognizer.load(), item) for item in find_pictures([folder])]
    assert len(expected) == 100
    assert [json.dumps(line.to_dict()) for line in read_all(find_pictures([folder]), jobs=2)] == [
        json.dumps(line.to_dict()) for line in expected
    ]


def test_few_pictures_start_no_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "ProcessPoolExecutor", None)
    items = list(find_pictures([folder]))[:FEW]
    assert len(list(read_all(items, jobs=8))) == FEW
    with pytest.raises(TypeError):
        list(read_all([*items, *items], jobs=8))


def test_pictures_are_taken_as_they_are_needed(folder: Path) -> None:
    taken = []
    items = (taken.append(item) or item for item in find_pictures([folder]))  # type: ignore[func-returns-value]
    told = read_all(items, jobs=1)
    next(told)
    assert len(taken) == 1


def test_parcels_are_bounded_in_number_and_bytes() -> None:
    small = [Item("a", b"1") for _ in range(70)]
    large = [Item("a", bytes(lines.MOST_BYTES)) for _ in range(2)]
    assert [len(parcel) for parcel in lines._parcels([*small, *large])] == [32, 32, 7, 1]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_model_that_isn_t_there_is_told_before_a_process_starts(
    folder: Path, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "ProcessPoolExecutor", None)
    with pytest.raises(WeightsError, match="there are no weights of a model 'nothing'"):
        list(read_all(find_pictures([folder]), "nothing", jobs))
