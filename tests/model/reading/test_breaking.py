from __future__ import annotations

import numpy as np
import pytest

from model.reading.breaking import Damage, nudge
from model.reading.digit_map import load_tested
from model.reading.explain import lead
from model.reading.recognizer import Recognizer
from model.reading.store import load_activations, load_card

QUICK = load_activations(load_card("quick"))
TESTED = load_tested()
INK = TESTED.images[:40].astype(np.float32) / np.float32(255)


def right(logits: np.ndarray) -> int:
    return int((logits.argmax(axis=1) == TESTED.labels[:40]).sum())


def test_no_damage_is_the_whole_network() -> None:
    assert np.array_equal(Damage().logits(QUICK, INK), QUICK.logits(INK))


def test_damage_costs_accuracy() -> None:
    whole = right(QUICK.logits(INK))
    assert whole >= 39
    for damage in (Damage({0: [-1]}), Damage({2: [-1]}), Damage(noise=2.0, seed=3)):
        assert right(damage.logits(QUICK, INK)) < whole / 2


def test_a_map_named_twice_or_within_all_is_muted_once() -> None:
    assert np.array_equal(Damage({0: [1, 1]}).logits(QUICK, INK), Damage({0: [1]}).logits(QUICK, INK))
    assert np.array_equal(Damage({0: [1, -1]}).logits(QUICK, INK), Damage({0: [-1]}).logits(QUICK, INK))


def test_another_seed_is_another_noise() -> None:
    one, same, other = (Damage(noise=0.5, seed=seed).logits(QUICK, INK) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.allclose(one, other)


@pytest.mark.parametrize("muted", [{99: [0]}, {0: [16]}, {0: [-2]}, {-1: [0]}])
def test_what_isn_t_there_can_t_be_muted(muted: dict[int, list[int]]) -> None:
    with pytest.raises(IndexError):
        Damage(muted).logits(QUICK, INK)


def test_a_nudge_brings_the_answer_nearer_by_a_dab() -> None:
    logits = Recognizer.load("quick").logits
    seven = TESTED.images[0]
    dab = nudge(seven, 9, logits)
    assert dab is not None
    assert lead(logits(dab.image[None]), 9)[0] > lead(logits(seven[None]), 9)[0]
    changed = np.argwhere(dab.image != seven)
    assert (np.abs(changed - (dab.y, dab.x)) <= 1).all()
    difference = dab.image.astype(int) - seven
    assert (difference >= 0).all() if dab.added else (difference <= 0).all()
    assert dab.ink == pytest.approx(np.abs(difference).sum() / 255)


@pytest.mark.parametrize("target", [3, 9])
def test_nudges_turn_a_seven_into_another_digit(target: int) -> None:
    logits, image = Recognizer.load("quick").logits, TESTED.images[0]
    for _ in range(40):
        if logits(image[None])[0].argmax() == target:
            break
        dab = nudge(image, target, logits)
        assert dab is not None
        image = dab.image
    assert logits(image[None])[0].argmax() == target


def test_a_blank_picture_can_be_nudged() -> None:
    assert nudge(np.zeros((28, 28), np.uint8), 1, Recognizer.load("quick").logits) is not None


def test_where_nothing_helps_there_is_no_dab() -> None:
    assert nudge(TESTED.images[0], 3, lambda images: np.zeros((len(images), 10))) is None
