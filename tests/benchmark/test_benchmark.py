from __future__ import annotations

from random import Random

import numpy as np
import pytest

from model import Recognizer
from model.data.digits import DataSet
from model.preprocess.strokes import Drawing, render
from model.synthesis.styles import DIGIT_STYLES
from tests.benchmark import report
from tests.benchmark.corruptions import CORRUPTIONS, Corruption, corrupted
from tests.benchmark.invariance import CHANGES, Change, kept
from tests.benchmark.measures import Row, read_right, share
from tests.benchmark.outliers import ALIKE, LETTERS, letters, scribbles, textures
from tests.benchmark.sources import on_canvas

ROWS = [share("read", 95, 100), Row("size", "1 MB")]


def test_a_share_has_a_percentage_a_count_and_an_interval() -> None:
    assert report.table(ROWS).splitlines()[2] == "| read | 95.00% | 100 | 88.82% – 97.85% |"


def test_a_table_takes_the_place_of_the_old_one() -> None:
    text = f"before\n{report.START}\nold\n{report.END}\nafter\n"
    made = report.put_into(text, ROWS)
    assert made == report.put_into(made, ROWS)
    assert "old" not in made
    assert made.startswith("before\n")
    assert made.endswith("after\n")


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.__name__)
def test_a_corruption_changes_digits_and_a_seed_fixes_it(corruption: Corruption, extract: DataSet) -> None:
    images = extract.test.images[:3].numpy()
    changed = corrupted(images, corruption)
    assert (changed.shape, changed.dtype) == (images.shape, np.uint8)
    assert not np.array_equal(changed, images)
    assert np.array_equal(changed, corrupted(images, corruption))


def test_strokes_are_drawn_upright_and_inside() -> None:
    drawing = on_canvas([[[0, 100], [50, 100]]], Random(0)), on_canvas([[[0, 9], [0, 0], [9, 0]]], Random(1))
    assert all(0 <= value <= 280 for d in drawing for stroke in d.strokes for point in stroke.points for value in point)
    (corner,) = drawing[1].strokes
    assert corner.points[0][1] > corner.points[1][1]


def test_letters_stand_on_their_feet() -> None:
    drawing = list(letters())[LETTERS.index("L")]
    assert isinstance(drawing, Drawing)
    ink = np.asarray(render(drawing)).astype(int)
    rows = np.flatnonzero(ink.any(axis=1))
    middle = int(rows.mean())
    assert ink[middle:].sum() > ink[:middle].sum()


def test_scribbles_and_textures_are_as_many_as_asked() -> None:
    assert (len(list(scribbles(3))), len(list(textures(5)))) == (3, 5)


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=lambda change: change.__name__)
def test_what_does_not_matter_changes_no_sure_label(change: Change) -> None:
    rng = Random(3)
    signs = [style(rng) for styles in DIGIT_STYLES.values() for style in styles for _ in range(2)]
    drawings = [on_canvas(sign, rng) for sign in signs]
    stays = list(kept(Recognizer.load(), drawings, change))
    assert len(stays) >= 20
    assert sum(stays) >= len(stays) - 1


def test_a_changed_label_is_noticed() -> None:
    one = on_canvas([[[0, 0], [0, 9]]], Random(1))
    assert list(kept(Recognizer.load(), [one], lambda _, __: np.zeros((28, 28), np.uint8))) == [False]


def test_a_reading_counts_when_all_its_digits_are_right(extract: DataSet) -> None:
    image = extract.test.images[0].numpy()
    rows = list(read_right("two", [(image, "7"), (image, "8")], Recognizer.load()))
    assert [row.count for row in rows] == [2, 1, 2, 2]
    assert [row.figure for row in rows[:3]] == ["50.00%", "0.00%", "50.00%"]
    confidence = Recognizer.load().read(image).digits[0].confidence
    assert rows[3].figure == f"{abs(2 * confidence - 1) / 2:.2%}"


def test_probabilities_are_not_told_of_numbers(extract: DataSet) -> None:
    image = extract.test.images[0].numpy()
    assert [row.count for row in read_right("one", [(image, "77")], Recognizer.load())] == [1, 1, 1]


def test_letters_without_some_are_the_others_as_they_were() -> None:
    everything, some = list(letters()), list(letters(without=ALIKE))
    assert len(everything) - len(some) == 6 * len(ALIKE)
    assert some == [letter for letter in everything if letter in some]
