"""A small network with parts of it broken, and dabs of ink that can be worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.preprocess.picture import Pixels
from model.reading.activations import Activations
from model.reading.breaking import LEAST_INK, REACH, Damage, nudge
from model.reading.scores import Logits
from tests.helpers.networks import LAYERS, dots, weights

SMALL = Activations(LAYERS, weights())
INK = dots((0, 0), (26, 27))


def towards_3(worth: Callable[[Pixels], float]) -> Callable[[Pixels], Logits]:
    """A network whose logits are zeros but for the 3's, which is what an image is worth."""

    def logits(images: Pixels) -> Logits:
        rows = np.zeros((len(images), 10))
        rows[:, 3] = [worth(image) for image in images]
        return rows

    return logits


def asked(image: Pixels) -> list[Pixels]:
    """The images that a network is asked about, without the first, as what was added to it."""
    seen: list[Pixels] = []

    def logits(images: Pixels) -> Logits:
        seen.extend(images)
        return np.zeros((len(images), 10))

    nudge(image, 3, logits)
    np.testing.assert_array_equal(seen[0], image)
    return [other.astype(int) - image for other in seen[1:]]


def picture(*places: tuple[int, int], level: int = 255) -> Pixels:
    return np.asarray(dots(*places)[0] * level, np.uint8)


# A broken network


@pytest.mark.parametrize(
    ("units", "logit"), [([], 0.7 - 1), ([0], 1.2), ([1], -1.3), ([0, 1], 0.2), ([-1], 0.2), ([0, -1], 0.2)]
)
def test_maps_that_are_named_add_nothing(units: list[int], logit: float) -> None:
    assert Damage({1: units}).logits(SMALL, INK)[0, 2] == pytest.approx(logit)


def test_the_last_unit_may_be_muted_and_the_one_behind_it_not() -> None:
    assert Damage({2: [9]}).logits(SMALL, INK)[0, 8:].tolist() == pytest.approx([0.8, 0])
    with pytest.raises(IndexError):
        Damage({2: [10]}).logits(SMALL, INK)
    with pytest.raises(IndexError):
        Damage({3: [0]}).logits(SMALL, INK)


def test_a_place_or_unit_below_zero_is_told() -> None:
    with pytest.raises(IndexError, match=r"^a place below zero$"):
        Damage({-1: [0]}).logits(SMALL, INK)
    with pytest.raises(IndexError, match=r"^a unit below zero$"):
        Damage({0: [-2]}).logits(SMALL, INK)


@pytest.mark.parametrize(("noise", "without_biases"), [(0.5, False), (0.0, True), (0.5, True)])
def test_noise_and_missing_biases_are_those_of_a_changed_network(noise: float, without_biases: bool) -> None:
    changed = SMALL.changed(noise, np.random.default_rng(8), without_biases=without_biases)
    damage = Damage({0: [1]}, noise, 8, without_biases)
    muted = {0: np.array([False, True])}
    np.testing.assert_array_equal(damage.logits(SMALL, INK), changed.logits(INK, muted))


# A nudge


def test_more_ink_is_tried_at_every_other_pixel_near_the_ink() -> None:
    tried = asked(picture((10, 12), level=1))
    centres = {(int(y), int(x)) for added in tried for y, x in np.argwhere(added == 128)}
    assert REACH == 3
    assert centres == {(y, x) for y in range(7, 14) for x in range(9, 16) if (x + y) % 2 == 0}
    assert sum((added < 0).any() for added in tried) == 1
    assert len(tried) == 25 + 1


def test_an_odd_pixel_of_ink_is_not_taken_from() -> None:
    assert all((added >= 0).all() for added in asked(picture((10, 13))))


def test_a_dab_is_soft_and_reaches_over_the_edges() -> None:
    tried = asked(picture((0, 0), level=1))
    corner, inner = (next(added for added in tried if added[place] == 128) for place in ((0, 0), (2, 2)))
    assert corner[:3, :3].tolist() == [[128, 64, 0], [64, 32, 0], [0, 0, 0]]
    assert inner[1:4, 1:4].tolist() == [[32, 64, 32], [64, 128, 64], [32, 64, 32]]
    assert (inner != 0).sum() == 9


def test_ink_is_added_until_it_is_black_and_taken_until_there_is_none() -> None:
    tried = [change[9:12, 9:12].tolist() for change in asked(picture((10, 10), level=200))]
    assert [[32, 64, 32], [64, 55, 64], [32, 64, 32]] in tried
    assert [[0, 0, 0], [0, -128, 0], [0, 0, 0]] in tried
    assert [[0, 0, 0], [0, -100, 0], [0, 0, 0]] in [
        change[9:12, 9:12].tolist() for change in asked(picture((10, 10), level=100))
    ]


def test_a_nudge_adds_ink_where_the_network_looks_for_it() -> None:
    image = picture((10, 10))
    dab = nudge(image, 3, towards_3(lambda image: float(image[10, 12])))
    assert dab is not None
    assert (dab.x, dab.y, dab.added, dab.ink) == (12, 10, True, pytest.approx(512 / 255))
    expected = image.copy()
    expected[9:12, 11:14] = [[32, 64, 32], [64, 128, 64], [32, 64, 32]]
    np.testing.assert_array_equal(dab.image, expected)
    assert dab.image.dtype == np.uint8


def test_a_nudge_takes_ink_that_the_network_minds() -> None:
    dab = nudge(picture((10, 12), level=100), 3, towards_3(lambda image: -float(image.sum())))
    assert dab is not None
    assert (dab.x, dab.y, dab.added, dab.ink) == (12, 10, False, pytest.approx(100 / 255))
    assert not dab.image.any()


def test_of_dabs_that_bring_the_answer_as_near_the_one_with_the_least_ink_is_taken() -> None:
    dab = nudge(np.zeros((28, 28), np.uint8), 3, towards_3(lambda image: float(image.any())))
    assert dab is not None
    assert (dab.x, dab.y, dab.ink) == (0, 0, pytest.approx(128 * (1 + 0.5 + 0.5 + 0.25) / 255))


def by_corner(worth: float) -> Callable[[Pixels], float]:
    """What an image is worth by the ink in its corner, if all the rest is black."""
    return lambda image: {0: 0.0, 32: worth, 128: 1.0}[int(image[0, 0])] if image[1:].min() == 255 else 0.0


def test_next_to_no_ink_is_no_bargain() -> None:
    # The only pixel that can take more is in the corner: a dab on it has 128/255, one beside it 32/255.
    nearly_full = np.full((28, 28), 255, np.uint8)
    nearly_full[0, 0] = 0
    for worth, spot in ((0.4, (0, 0)), (0.6, (1, 1))):
        dab = nudge(nearly_full, 3, towards_3(by_corner(worth)))
        assert dab is not None
        assert (dab.y, dab.x) == spot
    assert 32 / 255 < LEAST_INK < 128 / 255


def test_where_every_dab_is_as_good_as_none_there_is_none() -> None:
    assert nudge(picture((10, 10)), 3, towards_3(lambda _: 1.0)) is None
