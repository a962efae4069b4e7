"""Degradations for training, batched on tensors: haze, noise, lines, blots, outlines and the like.

Each takes ink as float32 (B, 1, 28, 28) in 0…1 and a random generator, and gives the same shape and range.
They make no attempt at any benchmark's corruptions: each draws its strength and shape anew for
every digit, so that the network learns to look for strokes under whatever lies over them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Generator, Tensor

from model.preprocess.picture import SIZE


def degrade(ink: Tensor, rng: Generator, share: float) -> Tensor:
    """One degradation each for a random share of a batch, every kind as often as the others."""
    ink = ink.clone()
    count = round(len(ink) * share)
    order = torch.randperm(len(ink), generator=rng)[:count]
    # Beginning anywhere in the list, so that small batches see every kind in time.
    first = int(torch.randint(len(DEGRADATIONS), (), generator=rng))
    for number, chosen in enumerate(order.tensor_split(len(DEGRADATIONS))):
        if len(chosen):
            change = DEGRADATIONS[(first + number) % len(DEGRADATIONS)]
            ink[chosen] = change(ink[chosen], rng).clamp_(0, 1)
    return ink


def uniform(shape: tuple[int, ...], low: float, high: float, rng: Generator) -> Tensor:
    """Evenly distributed float32 numbers in low…high."""
    return torch.rand(shape, generator=rng) * (high - low) + low


def _each(ink: Tensor, low: float, high: float, rng: Generator) -> Tensor:
    """One number a digit, (B, 1, 1, 1)."""
    return uniform((len(ink), 1, 1, 1), low, high, rng)


def _coin(ink: Tensor, rng: Generator) -> Tensor:
    """True for half of the digits, (B, 1, 1, 1)."""
    return torch.rand((len(ink), 1, 1, 1), generator=rng) < 0.5


def _clouds(count: int, rng: Generator, finest: int = 14) -> Tensor:
    """Smooth noise of all sizes down to 28/``finest`` pixels, (count, 1, 28, 28), from 0 to 1 in each."""
    clouds = torch.zeros((count, 1, SIZE, SIZE))
    for lattice in (2, 4, 7, 14, SIZE):
        if lattice <= finest:
            knots = torch.randn((count, 1, lattice, lattice), generator=rng)
            weight = uniform((count, 1, 1, 1), 0.2, 1.0, rng) / lattice**0.7
            clouds += weight * F.interpolate(knots, SIZE, mode="bilinear", align_corners=True)
    low, high = clouds.amin((2, 3), keepdim=True), clouds.amax((2, 3), keepdim=True)
    return (clouds - low) / (high - low).clamp_min(1e-6)


def haze(ink: Tensor, rng: Generator) -> Tensor:
    """Clouds before the digit, up to thrice as light as it."""
    thickness = _each(ink, 0.15, 0.75, rng)
    return torch.lerp(ink, _clouds(len(ink), rng, finest=SIZE), thickness)


def lift(ink: Tensor, rng: Generator) -> Tensor:
    """Paper that isn't black, and ink that isn't full: even or with a slope of light."""
    light = torch.where(_coin(ink, rng), 1.0, _clouds(len(ink), rng, finest=2))
    return ink * _each(ink, 0.4, 1.0, rng) + light * _each(ink, 0.1, 0.65, rng)


def noise(ink: Tensor, rng: Generator) -> Tensor:
    """Noise of the paper, or of counted light, which only the ink has."""
    even = ink + torch.randn(ink.shape, generator=rng) * _each(ink, 0.05, 0.4, rng)
    light = _each(ink, 2.0, 20.0, rng)
    counted = torch.poisson(ink.clamp_min(0) * light, generator=rng) / light
    return torch.where(_coin(ink, rng), even, counted)


def pepper(ink: Tensor, rng: Generator) -> Tensor:
    """Single pixels black or white."""
    hit = torch.rand(ink.shape, generator=rng) < _each(ink, 0.01, 0.25, rng)
    return torch.where(hit, (torch.rand(ink.shape, generator=rng) < 0.5).float(), ink)


def lines(ink: Tensor, rng: Generator) -> Tensor:
    """A line across the digit, or ruled paper: plain, dotted or zigzag, near level or up to 60° steep.

    An upright one beside a digit would be a 1.
    """
    count = len(ink)
    angle = torch.where(_coin(ink, rng), _each(ink, -0.15, 0.15, rng), _each(ink, -math.pi / 3, math.pi / 3, rng))
    rows, columns = torch.meshgrid(torch.arange(SIZE) - 13.5, torch.arange(SIZE) - 13.5, indexing="ij")
    along = columns * angle.cos() + rows * angle.sin()
    across = rows * angle.cos() - columns * angle.sin() - _each(ink, -13, 13, rng)
    spacing = torch.where(torch.rand((count, 1, 1, 1), generator=rng) < 0.3, _each(ink, 6, 14, rng), 80.0)
    across = (across + spacing / 2).remainder(spacing) - spacing / 2
    period = _each(ink, 2.5, 9.0, rng)
    swing = _each(ink, -1, 3, rng).clamp_min(0)
    across = across + swing * ((along.remainder(period) / period - 0.5).abs() * 4 - 1)
    line = (_each(ink, 0.9, 2.2, rng) - across.abs()).clamp(0, 1) * _each(ink, 0.3, 1.0, rng)
    gaps = (along.remainder(period) > period / 2) & _coin(ink, rng) & (swing == 0)
    return torch.maximum(ink, line.masked_fill(gaps, 0.0))


def negative(ink: Tensor, rng: Generator) -> Tensor:
    """A band of the picture, or all but a band, with ink and paper exchanged."""
    edges = torch.rand((len(ink), 2), generator=rng).mul(SIZE).sort(1).values.view(-1, 2, 1, 1, 1)
    axis = torch.arange(SIZE).expand(SIZE, SIZE)
    axis = torch.where(_coin(ink, rng), axis, axis.T)
    inside = (axis >= edges[:, 0]) & (axis < edges[:, 1])
    return torch.where(inside ^ _coin(ink, rng), 1 - ink, ink)


def outline(ink: Tensor, rng: Generator) -> Tensor:
    """The edge of the strokes, just inside or just outside them, instead of the strokes."""
    solid = (ink > _each(ink, 0.2, 0.7, rng)).float()
    outer = F.max_pool2d(solid, 3, 1, 1) - solid
    inner = solid + F.max_pool2d(-solid, 3, 1, 1)
    edge = torch.where(_coin(ink, rng), outer, inner)
    return torch.maximum(edge * _each(ink, 0.5, 1.0, rng), ink * _each(ink, -0.3, 0.5, rng).clamp_min(0))


def blots(ink: Tensor, rng: Generator) -> Tensor:
    """Spots over the digit, paler than it or as strong."""
    where = _clouds(len(ink), rng, finest=14)
    spots = ((where - _each(ink, 0.5, 0.75, rng)) * 8).clamp(0, 1)
    return torch.lerp(ink, _each(ink, 0.0, 0.8, rng).expand_as(ink), spots)


def smear(ink: Tensor, rng: Generator) -> Tensor:
    """Motion blur: drawn out along one direction, to one side."""
    count, reach = len(ink), 7
    angle = _each(ink, 0, 2 * math.pi, rng)
    length = _each(ink, 1.0, 6.0, rng)
    rows, columns = torch.meshgrid(torch.arange(-reach, reach + 1), torch.arange(-reach, reach + 1), indexing="ij")
    along = columns * angle.cos() + rows * angle.sin()
    across = rows * angle.cos() - columns * angle.sin()
    kernel = (-along.square() / (2 * length.square())).exp() * (1 - across.abs()).clamp_min(0) * (along > -0.5)
    kernel = kernel / kernel.sum((2, 3), keepdim=True)
    moved = F.conv2d(ink.view(1, count, SIZE, SIZE), kernel, padding=reach, groups=count)
    return moved.view_as(ink)


def shuffle(ink: Tensor, rng: Generator) -> Tensor:
    """Frosted glass: every pixel taken from somewhere near."""
    still = F.affine_grid(torch.eye(2, 3).expand(len(ink), 2, 3), list(ink.shape), align_corners=False)
    reach = uniform((len(ink), 1, 1, 1), 0.3, 1.2, rng) * 2 / SIZE
    away = torch.randn(still.shape, generator=rng) * reach
    return F.avg_pool2d(F.grid_sample(ink, still + away, align_corners=False), 3, 1, 1) * 1.3


DEGRADATIONS: tuple[Callable[[Tensor, Generator], Tensor], ...] = (
    haze,
    lift,
    noise,
    pepper,
    lines,
    lines,
    negative,
    outline,
    blots,
    smear,
    shuffle,
)
