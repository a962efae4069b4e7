"""Training augmentation, batched on tensors: every digit drawn by another hand, with another pen.

All functions take and give ink as float32 (B, 1, 28, 28) in 0…1 and draw at random
from the generator that they are given, so that a seed fixes a run. One grid_sample for
a whole batch costs 25 µs a digit, where PIL transforms cost 82 and a DataLoader on top.
Nothing mirrors: a mirrored digit is another sign.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from model.preprocess.picture import SIZE
from model.synthesis.degrade import degrade, uniform


class Warp(NamedTuple):
    """How much ``warp`` changes."""

    rotation: float
    scale: float
    shear: float
    shift: float
    bend: float


#: As different as two hands: where a training run begins.
WARP = Warp(rotation=8.0, scale=0.18, shear=0.25, shift=2.0, bend=1.1)
#: As an unsteady crop leaves a digit: turned and moved far.
WILD = Warp(rotation=12.0, scale=0.3, shear=0.4, shift=4.0, bend=0.5)
#: The share of a batch that is warped so besides, at full strength.
WILD_SHARE = 0.1


def augment(ink: Tensor, rng: Generator, degraded: float, strength: float = 1.0) -> Tensor:
    """A batch as training sees it: redrawn, up to one in ten turned and moved far, a share degraded.

    Args:
        degraded: the share that is degraded, 0…1.
        strength: of the warp, and how often it is wild; 0 changes no shape.
    """
    ink = _by_another_hand(ink, rng, strength)
    wild = some(len(ink), WILD_SHARE * strength, rng)
    if len(wild):
        ink[wild] = warp(ink[wild], rng, *WILD)
    return degrade(_with_another_pen(ink, rng), rng, degraded)


def redraw(ink: Tensor, rng: Generator, strength: float = 1.0) -> Tensor:
    """A batch as other hands would have drawn it: warped, with another pen, another tone, a little dirt."""
    return _with_another_pen(_by_another_hand(ink, rng, strength), rng)


def _by_another_hand(ink: Tensor, rng: Generator, strength: float) -> Tensor:
    return warp(ink, rng, *(strength * change for change in WARP))


def _with_another_pen(ink: Tensor, rng: Generator) -> Tensor:
    return soil(change_tone(change_pen(ink, rng), rng), rng)


def some(count: int, share: float, rng: Generator) -> Tensor:
    """Indices of a random share of a batch."""
    return torch.randperm(count, generator=rng)[: round(count * share)]


def warp(
    ink: Tensor,
    rng: Generator,
    rotation: float = WARP.rotation,
    scale: float = WARP.scale,
    shear: float = WARP.shear,
    shift: float = WARP.shift,
    bend: float = WARP.bend,
) -> Tensor:
    """Affine and elastic change in one resampling.

    Args:
        rotation: standard deviation in degrees.
        scale: greatest relative change, of each axis on its own.
        shear: greatest horizontal shear (slant).
        shift: greatest shift in pixels.
        bend: standard deviation in pixels of the displacement on a 5×5 lattice,
            between whose points it is bicubic (P. Simard et al. 2003, in coarse form).
    """
    count = len(ink)
    angle = torch.randn(count, generator=rng) * math.radians(rotation)
    scale_x = 1 / (1 + uniform((count,), -scale, scale, rng))
    scale_y = 1 / (1 + uniform((count,), -scale, scale, rng))
    slant = uniform((count,), -shear, shear, rng)
    move = uniform((count, 2), -shift, shift, rng) * 2 / SIZE
    cos, sin = angle.cos(), angle.sin()
    # Output to input: rotate, then slant, then scale (S · K · R as a 2×2 matrix).
    theta = torch.stack(
        [
            torch.stack([scale_x * (cos + slant * sin), scale_x * (slant * cos - sin), move[:, 0]], 1),
            torch.stack([scale_y * sin, scale_y * cos, move[:, 1]], 1),
        ],
        1,
    )  # (B, 2, 3)
    grid = F.affine_grid(theta, [count, 1, SIZE, SIZE], align_corners=False)
    lattice = torch.randn((count, 2, 5, 5), generator=rng) * (bend * 2 / SIZE)
    bending = F.interpolate(lattice, SIZE, mode="bicubic", align_corners=True)
    return F.grid_sample(ink, grid + bending.permute(0, 2, 3, 1), align_corners=False)


def change_pen(ink: Tensor, rng: Generator, share: float = 0.2) -> Tensor:
    """Draw one share of the digits with a thinner pen and one with a thicker pen.

    The thinning works at twice the resolution, where a stroke of two pixels still has
    a middle to keep; at 28×28 it would vanish.
    """
    ink = ink.clone()
    chosen = some(len(ink), 2 * share, rng)
    thin, thick = chosen.tensor_split(2)  # chunk gives fewer parts of a few indices
    fine = F.interpolate(ink[thin], scale_factor=2.0, mode="bilinear", align_corners=False)
    thinned = F.avg_pool2d(-F.max_pool2d(-fine, 3, 1, 1), 2)
    peak = thinned.amax((2, 3), keepdim=True).clamp_min(0.3)
    ink[thin] = torch.lerp(ink[thin], thinned / peak, uniform((len(thin), 1, 1, 1), 0.4, 1.0, rng)).clamp_(0, 1)
    thickened = F.max_pool2d(ink[thick], 3, 1, 1)
    ink[thick] = torch.lerp(ink[thick], thickened, uniform((len(thick), 1, 1, 1), 0.2, 1.0, rng))
    return ink


def change_tone(ink: Tensor, rng: Generator, share: float = 0.25) -> Tensor:
    """Gamma for all, so that pale edges grow or fade; blur for one share."""
    gamma = torch.exp(torch.randn((len(ink), 1, 1, 1), generator=rng) * 0.3)
    ink = ink.clamp(0, 1).pow(gamma)
    blurred = some(len(ink), share, rng)
    kernel = torch.tensor([1.0, 2.0, 1.0]) / 4
    soft = F.conv2d(ink[blurred], (kernel[:, None] * kernel[None, :]).view(1, 1, 3, 3), padding=1)
    soft = soft / soft.amax((2, 3), keepdim=True).clamp_min(0.3)
    ink[blurred] = torch.lerp(ink[blurred], soft, torch.rand((len(soft), 1, 1, 1), generator=rng)).clamp_(0, 1)
    return ink


def soil(ink: Tensor, rng: Generator, share: float = 0.1) -> Tensor:
    """Erase a small patch in one share of the digits, drop a speck on another, add grain to a third."""
    ink = ink.clone()
    chosen = some(len(ink), 3 * share, rng)
    erased, specked, grained = chosen.tensor_split(3)
    ink[erased] *= 1 - _patches(len(erased), 2, 6, rng)
    ink[specked] = torch.maximum(
        ink[specked], _patches(len(specked), 1, 3, rng) * uniform((len(specked), 1, 1, 1), 0.3, 1.0, rng)
    )
    strength = uniform((len(grained), 1, 1, 1), 0.02, 0.15, rng)
    grain = torch.randn(ink[grained].shape, generator=rng) * strength
    ink[grained] = (ink[grained] + grain).clamp_(0, 1)
    return ink


def _patches(count: int, smallest: int, largest: int, rng: Generator) -> Tensor:
    """One random rectangle a digit, as a mask (count, 1, 28, 28) of 0 and 1."""
    sides = torch.randint(smallest, largest + 1, (count, 2), generator=rng)
    corners = torch.randint(0, SIZE - smallest, (count, 2), generator=rng)
    axis = torch.arange(SIZE)
    inside = (axis >= corners[..., None]) & (axis < (corners + sides)[..., None])  # (count, 2, 28)
    return (inside[:, 0, :, None] & inside[:, 1, None, :]).float().unsqueeze(1)
