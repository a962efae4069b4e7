from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Generator, Tensor

from model.data.digits import DataSet, as_input
from model.synthesis.augment import augment, change_pen, change_tone, soil, warp

Step = Callable[[Tensor, Generator], Tensor]


def augmented(ink: Tensor, generator: Generator) -> Tensor:
    """As training does it."""
    return augment(ink, generator, 0.4)


STEPS: list[Step] = [augmented, warp, change_pen, change_tone, soil]


def seeded(seed: int) -> Generator:
    return Generator().manual_seed(seed)


@pytest.fixture
def ink(extract: DataSet) -> Tensor:
    return as_input(extract.train.images[:100])


@pytest.mark.parametrize("step", STEPS)
def test_every_step_gives_finite_ink_of_the_same_shape_from_0_to_1(step: Step, ink: Tensor) -> None:
    drawn = step(ink, seeded(1))
    assert (drawn.shape, drawn.dtype) == (ink.shape, ink.dtype)
    assert drawn.isfinite().all()
    assert 0 <= drawn.min() <= drawn.max() <= 1


@pytest.mark.parametrize("step", STEPS)
def test_the_seed_decides_what_is_drawn(step: Step, ink: Tensor) -> None:
    assert torch.equal(step(ink, seeded(1)), step(ink, seeded(1)))
    assert not torch.equal(step(ink, seeded(1)), step(ink, seeded(2)))


@pytest.mark.parametrize("step", STEPS)
def test_the_global_chance_is_left_alone(step: Step, ink: Tensor) -> None:
    before = torch.get_rng_state()
    step(ink, seeded(1))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("step", STEPS)
def test_the_input_is_left_as_it_is(step: Step, ink: Tensor) -> None:
    before = ink.clone()
    step(ink, seeded(1))
    assert torch.equal(ink, before)


@pytest.mark.parametrize("count", [*range(1, 17), 250])
def test_a_batch_may_have_any_length(count: int) -> None:
    assert augment(torch.rand(count, 1, 28, 28), seeded(count), 0.4).shape == (count, 1, 28, 28)


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_even_pictures_stay_finite(level: float) -> None:
    assert augment(torch.full((50, 1, 28, 28), level), seeded(1), 0.4).isfinite().all()


def test_a_warp_without_strength_changes_nothing(ink: Tensor) -> None:
    still = warp(ink, seeded(1), rotation=0, scale=0, shear=0, shift=0, bend=0)
    assert torch.allclose(still, ink, atol=1e-5)


def test_the_strength_decides_how_far_digits_are_warped(ink: Tensor) -> None:
    change = [(augment(ink, seeded(1), 0.0, strength) - ink).abs().mean() for strength in (0.0, 0.3, 0.6, 1.0)]
    assert change == sorted(change)
    assert change[3] > 1.5 * change[0]


def test_a_warp_never_mirrors() -> None:
    corners = torch.zeros(500, 1, 28, 28)
    corners[:, :, 6:10, 6:10], corners[:, :, 18:22, 6:10], corners[:, :, 18:22, 18:22] = 1.0, 0.6, 0.3  # an L
    drawn = warp(corners, seeded(1), bend=0)
    middle = [torch.nonzero((drawn[:, 0] - level).abs() < 0.02) for level in (1.0, 0.6, 0.3)]
    for index in range(500):
        top, corner, right = (pixels[pixels[:, 0] == index][:, 1:].float().mean(0) for pixels in middle)
        up, along = top - corner, right - corner
        assert along[1] * up[0] - along[0] * up[1] < 0


def test_a_fifth_is_redrawn_thinner_and_a_fifth_thicker(ink: Tensor) -> None:
    change = (change_pen(ink, seeded(1)) - ink).sum((1, 2, 3))
    assert (change > 1).sum() == 20
    assert 15 <= (change < -1).sum() <= 20
    assert (change == 0).sum() == 60


def test_three_tenths_are_soiled(ink: Tensor) -> None:
    change = (soil(ink, seeded(1)) - ink).abs().sum((1, 2, 3))
    assert 20 <= (change > 0).sum() <= 30
