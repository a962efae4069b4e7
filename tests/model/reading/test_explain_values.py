"""What erasing a patch does, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.preprocess.picture import Pixels
from model.reading.explain import occlusion
from model.reading.scores import Logits


def image(*dots: tuple[int, int], level: int = 255) -> Pixels:
    pixels = np.zeros((28, 28), np.uint8)
    for y, x in dots:
        pixels[y, x] = level
    return pixels


def asked(pixels: Pixels) -> Pixels:
    """The images that the network is asked about."""
    seen: list[Pixels] = []

    def network(images: Pixels) -> Logits:
        seen.append(images)
        return np.zeros((len(images), 10))

    occlusion(pixels, 0, network)
    (images,) = seen
    return images


def of_dots(*dots: tuple[int, int]) -> NDArray[np.bool_]:
    """Which dots of a picture full of ink an image of the network must have lost to be one of these."""
    images = asked(np.full((28, 28), 255, np.uint8))[1:] == 0
    return np.array([erased for erased in images if all(erased[dot] for dot in dots)])


def test_a_patch_is_five_pixels_high_and_wide_and_two_from_the_next() -> None:
    patches = of_dots((14, 14))
    spans = sorted(np.flatnonzero(patch.any(axis=1))[[0, -1]].tolist() for patch in patches)
    assert spans == [[11, 15]] * 2 + [[13, 17]] * 2
    assert {int(patch.sum()) for patch in patches} == {25}


def test_patches_reach_over_the_edges() -> None:
    images = asked(np.full((28, 28), 255, np.uint8))[1:] == 0
    assert len(images) == 15 * 15
    first, last = images[0], images[-1]
    assert np.argwhere(first).min(axis=0).tolist() == [0, 0]
    assert np.argwhere(first).max(axis=0).tolist() == [3, 3]
    assert np.argwhere(last).min(axis=0).tolist() == [27, 27]


def test_only_patches_with_ink_are_asked_about() -> None:
    images = asked(image((14, 14)))
    assert len(images) == 1 + 4
    assert not images[1:].any()
    assert images[0][14, 14] == 255


def test_a_pixel_has_the_mean_of_the_patches_that_cover_it() -> None:
    # The label's lead is the ink of one pixel: each patch over it takes all of the lead, the others nothing.
    dots = image((14, 14), (14, 16))

    def network(images: Pixels) -> Logits:
        logits = np.zeros((len(images), 10))
        logits[:, 3] = images[:, 14, 14] / 255
        return logits

    effect = occlusion(dots, 3, network)
    covering = [bool(patch[14, 14]) for patch in of_dots((14, 16))]
    assert effect[14, 14] == 1
    assert effect[14, 16] == pytest.approx(np.mean(covering))
    assert 0 < effect[14, 16] < 1


@pytest.mark.parametrize("level", [51, 255])
def test_ink_counts_by_its_level(level: int) -> None:
    dots = image((5, 5))
    dots[20, 20] = level

    def network(images: Pixels) -> Logits:
        logits = np.zeros((len(images), 11))
        logits[:, 3] = (images[:, 5, 5] > 0) * 1.0 + (images[:, 20, 20] > 0)
        return logits

    assert occlusion(dots, 3, network)[20, 20] == pytest.approx(level / 255)


def test_the_lead_is_over_the_greatest_other_digit() -> None:
    def network(images: Pixels) -> Logits:
        logits = np.tile(np.arange(10.0), (len(images), 1))
        logits[:, 9] = 9 - 6 * (images[:, 5, 5] / 255)  # a rival, over 8 where the dot is gone
        logits[:, 10:] = 0
        return logits

    effect = occlusion(image((5, 5), (20, 20)), 2, network)
    assert effect[5, 5] == 1
    assert effect[20, 20] == 0
