from __future__ import annotations

from random import Random

import numpy as np
import pytest
from PIL import Image

from model import Recognizer
from model.data.digits import DataSet
from model.preprocess.picture import open_picture
from model.preprocess.strokes import Drawing
from model.reading.reading import Reading
from tests.benchmark import report
from tests.benchmark.measured_scenes import SceneFigures, edits, measure
from tests.benchmark.scenes import SCENES
from tests.benchmark.stage import WIDE, Made, Stage
from tests.benchmark.writing import Hands


def made(name: str, extract: DataSet, seed: int = 0, spread: float = 1.0) -> Made:
    scans = extract.test.images.numpy(), extract.test.labels.numpy()
    return SCENES[name](Stage(Random(seed), Hands.kept_out(), scans, spread))


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("spread", [1.0, WIDE])
def test_a_scene_is_a_source_and_the_digits_on_it(name: str, spread: float, extract: DataSet) -> None:
    source, text = made(name, extract, spread=spread)
    assert text.isdigit()
    if isinstance(source, Drawing):
        assert source.strokes
        assert name.startswith("pad")
    else:
        assert np.ptp(np.asarray(open_picture(source).image.convert("L"))) > 40  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["row of 2–6", "row, photo", "pad, row"])
def test_a_seed_fixes_a_scene(name: str, extract: DataSet) -> None:
    one, again, other = (made(name, extract, seed) for seed in (3, 3, 4))
    assert one[1] == again[1]
    if isinstance(one[0], Image.Image):
        assert one[0].tobytes() == again[0].tobytes()  # type: ignore[union-attr]
    else:
        assert one[0] == again[0]
    assert one[0] != other[0]


def test_no_writer_of_the_scenes_was_trained_on() -> None:
    measured, trained = Hands.kept_out(), Hands.trained_on()
    writers = {digit.writer for digit in measured.choose(Random(0), 5)}
    assert writers <= set(range(25, 31))
    assert {digit.writer for digit in trained.choose(Random(0), 5)} <= set(range(1, 25))


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("12", "12", 0), ("12", "", 2), ("102", "12", 1), ("192", "12", 1), ("31", "13", 2)],
)
def test_edits_are_the_least_changes(one: str, other: str, count: int) -> None:
    assert edits(one, other) == edits(other, one) == count


def test_a_reader_of_nothing_gets_every_digit_wrong(extract: DataSet) -> None:
    class Blind(Recognizer):
        def read(self, _: object) -> Reading:
            return Reading("no-digit", (), ())

    scans = extract.test.images.numpy(), extract.test.labels.numpy()
    (figures,) = measure(Blind(Recognizer.load().card), Hands.kept_out(), scans, 4, names=["pad, row"])
    assert (figures.right, figures.wrong_digits, figures.sure) == (0, figures.digits, 0)


def test_the_weakest_scene_stands_first_and_all_of_them_last() -> None:
    scenes = [SceneFigures("good", 10, 9, 30, 1, 8, 0), SceneFigures("bad", 10, 2, 30, 12, 4, 1)]
    table = report.scenes_table(scenes).splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == ["| bad", "| good", "| **all**"]
    assert table[-1].startswith("| **all** | 55.0% of 20 |")
    assert table[-1].endswith("| 21.67% of 60 | 12 | 1 |")
