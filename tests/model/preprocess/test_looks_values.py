"""Each look of a small picture whose pixels are counted by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from model.preprocess.looks import LOOKS, looks
from model.preprocess.pipeline import Prepared


def picture() -> Prepared:
    """A stroke of six pixels' width with a soft edge, one of four that leaves the picture, and a blot, 10 × 10."""
    ink, above = np.zeros((60, 100), np.uint8), np.zeros((60, 100), np.uint8)
    ink[10:50, 20:26], above[10:50, 20:26] = 255, 180
    ink[10, 20], ink[11, 20] = 224, 223  # of full strength, and not quite
    ink[10:50, 26], ink[49, 26] = 127, 32  # soft: no stroke's yet, but there
    ink[0:20, 60:64], above[0:20, 60:64] = 200, 150
    ink[0, 60] = 128  # just a stroke's
    ink[40:50, 80:90], above[40:50, 80:90] = 255, 200
    ink[55, 10] = 31  # too faint to be ink
    above[58] = 8
    paper = np.full((60, 100), 10, np.uint8)
    paper[:, 50:] = 30
    return Prepared(before=(255 - above, paper + above, paper), ink=ink, colour=0.25)


#: 240 + 80 + 100 pixels are strokes, 166 of them at their edges; 83 of those and beside them are soft.
STROKES = [180] * 240 + [150] * 80 + [200] * 100
CONTRAST = sum(STROKES) / 420
#: So many pixels lie more than two from all ink; row 58 among them.
PAPER = 6000 - 44 * 11 - 22 * 8 - 14 * 14
#: So many of them have a neighbour there, up and to the left.
NEIGHBOURED = 59 * 99 - (44 * 11 + 54) - (22 * 8 + 21) - (14 * 14 + 27)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log share of the picture that is ink", math.log(420 / 6000 + 0.001)),
        ("log share of the ink's box that is ink", math.log(420 / (50 * 70))),
        ("log stroke width over the ink's longest side", math.log(6 / 70)),
        ("log wide over usual stroke width", math.log(10 / 6)),
        ("log narrow over usual stroke width", math.log(4 / 6)),
        ("log area over outline, over stroke width", math.log(420 / 166 / 6)),
        ("log soft pixels over outline", math.log(83 / 166 + 0.001)),
        ("log contrast of ink and paper", math.log(CONTRAST)),
        ("unevenness of the ink", np.std([180] * 152 + [150] * 38 + [200] * 64) / CONTRAST),
        ("unevenness of the paper", np.std([8] * 100 + [0] * (PAPER - 100)) / CONTRAST),
        ("faint ink on the paper", 31 / PAPER / 255),
        ("edges on the paper", (2 * 99 * 8 + 59 * 20) / NEIGHBOURED / CONTRAST),
        ("range of the paper's light", 20 / 255),
        (
            "share of ink and paper in the spread of levels",
            0.07 * 0.93 * (CONTRAST - 800 / 5580) ** 2 / np.var(STROKES + [8] * 100 + [0] * 5480),
        ),
        ("colour apart from ink and paper", 0.25),
        ("log of the picture's longest side", math.log(100)),
        ("log pieces", math.log(4)),
    ],
)
def test_a_look_is_counted(name: str, value: float) -> None:
    assert looks(picture())[LOOKS.index(name)] == pytest.approx(value, rel=1e-4)


def test_pieces_share_the_ink() -> None:
    pieces = [piece.area for piece in picture().pieces]
    touching, largest = (
        looks(picture())[LOOKS.index(name)]
        for name in ("share of the ink that touches the picture's edge", "share of the ink in its largest piece")
    )
    assert (touching, largest) == pytest.approx((80 / sum(pieces), max(pieces) / sum(pieces)))


@pytest.mark.parametrize(
    ("rows", "columns", "touches"),
    [((1, 59), (1, 99), 0), ((0, 20), (40, 50), 1), ((30, 60), (40, 50), 1), ((20, 40), (0, 10), 1),
     ((20, 40), (90, 100), 1)],
)  # fmt: skip
def test_ink_touches_each_edge(rows: tuple[int, int], columns: tuple[int, int], touches: int) -> None:
    ink = np.zeros((60, 100), np.uint8)
    ink[slice(*rows), slice(*columns)] = 255
    seen = looks(replace(picture(), ink=ink))
    assert seen[LOOKS.index("share of the ink that touches the picture's edge")] == touches


def test_a_picture_without_strokes_has_finite_looks() -> None:
    ink = np.zeros((60, 100), np.uint8)
    ink[20:40, 40:50] = 100
    empty = np.zeros((60, 100), np.uint8)
    seen = dict(zip(LOOKS, looks(Prepared(before=(empty, empty, empty), ink=ink)).tolist(), strict=True))
    assert seen["log share of the picture that is ink"] == pytest.approx(math.log(1 / 6000 + 0.001))
    assert seen["log soft pixels over outline"] == pytest.approx(math.log(200 + 0.001))
    assert seen["share of ink and paper in the spread of levels"] == 1.0
    others = ("log share of the ink's box that is ink", "log stroke width over the ink's longest side",
              "log wide over usual stroke width", "log narrow over usual stroke width",
              "log area over outline, over stroke width", "log contrast of ink and paper", "unevenness of the ink",
              "edges on the paper")  # fmt: skip
    assert [seen[name] for name in others] == [0.0] * len(others)


def test_ink_everywhere_leaves_no_paper() -> None:
    ink, paper = np.full((60, 100), 255, np.uint8), np.zeros((60, 100), np.uint8)
    ink[:, 0] = 32
    seen = dict(zip(LOOKS, looks(Prepared(before=(ink, ink, paper), ink=ink)).tolist(), strict=True))
    names = ("unevenness of the paper", "faint ink on the paper", "edges on the paper")
    assert [seen[name] for name in names] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(("times", "alike"), [(8, True), (9, False)])
def test_large_pictures_are_looked_at_in_every_other_pixel(times: int, alike: bool) -> None:
    # Enlarged 8 times the picture is 800 pixels wide, 9 times 900: looked at in every second of them.
    small = picture()
    assert small.ink is not None
    large = [
        looks(
            Prepared(
                before=tuple(np.kron(step[8:14], block) for step in small.before),
                ink=np.kron(small.ink[8:14], block),
            )
        )
        for scale in (times, 2 * times)
        for block in [np.ones((scale, scale), np.uint8)]
    ]
    name = LOOKS.index("log soft pixels over outline")
    assert (large[0][name] == pytest.approx(large[1][name], abs=1e-6)) == alike
    assert large[1][LOOKS.index("log of the picture's longest side")] == pytest.approx(math.log(200 * times))


def test_flat_levels_are_parted_as_well_as_can_be() -> None:
    flat = np.full((60, 100), 9, np.uint8)
    seen = looks(replace(picture(), before=(flat, flat, flat)))
    assert seen[LOOKS.index("share of ink and paper in the spread of levels")] == 1.0


def test_a_corner_that_turns_inwards_is_no_outline() -> None:
    ink = np.zeros((60, 100), np.uint8)
    ink[10:30, 10:20], ink[20:30, 20:40] = 255, 255  # 400 pixels, 95 of them with a neighbour outside; 10 wide
    seen = looks(replace(picture(), ink=ink))
    assert seen[LOOKS.index("log area over outline, over stroke width")] == pytest.approx(math.log(400 / 95 / 10))


def test_where_there_is_no_piece_of_ink_none_is_the_largest() -> None:
    seen = looks(replace(picture(), ink=np.zeros((60, 100), np.uint8)))
    names = ("share of the ink that touches the picture's edge", "share of the ink in its largest piece", "log pieces")
    assert [seen[LOOKS.index(name)] for name in names] == [0.0, 0.0, 0.0]
