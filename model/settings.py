"""What a training run depends on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from model.errors import SettingsError

T = TypeVar("T")

OPTIMIZERS = ("adamw", "adam", "sgd")
SCHEDULES = ("one-cycle", "constant")
DEVICES = ("auto", "cpu", "cuda")


def _setting(default: T, text: str) -> T:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class Settings:
    """With the data, the machine and its threads these fix the resulting weights.

    The defaults are those of the default network; ``model.networks.registry`` holds what the others change.

    Raises:
        SettingsError: one is out of its range.
    """

    model: str = _setting("cnn", "which architecture")
    epochs: int = _setting(28, "passes over the training digits")
    # 250 divides MNIST's 55,000 and keeps two cores busy.
    batch_size: int = _setting(250, "digits a step, of all processes together")
    optimizer: str = _setting("adamw", f"one of {', '.join(OPTIMIZERS)}")
    lr: float = _setting(0.004, "learning rate, the highest of a cycle")
    momentum: float = _setting(0.9, "of sgd")
    weight_decay: float = _setting(0.02, "AdamW's decay of the weights")
    schedule: str = _setting("one-cycle", f"of the learning rate: {' or '.join(SCHEDULES)}")
    # A memory of about two epochs.
    average: float = _setting(0.998, "how much of the averaged weights each step keeps; 0 averages nothing")
    styles: int = _setting(14000, "synthetic digits in styles that MNIST lacks")
    pens: int = _setting(30000, "digits of recorded pen strokes, redrawn")
    degraded: int = _setting(10000, "digits that preprocessing gives back from bad pictures")
    outliers: int = _setting(19000, "synthetic signs that are no digits, to be told from digits")
    augment: bool = _setting(True, "redraw every digit at every epoch")
    # With 0.4 and with 0.25 falling to 0.05 in the last quarter validation came out the same.
    degrade: float = _setting(0.3, "share of the digits under noise, lines, haze")
    # Two epochs more with weaker warps made fewer mistakes on clean, degraded and synthetic validation digits alike.
    warp: float = _setting(1.0, "strength of the warps in redrawing at the beginning")
    calm: float = _setting(0.4, "what is left of that strength at the end; it falls evenly")
    # 1.4 to 1.9 times as fast where the CPU has it, but slower for networks of a few thousand parameters.
    bf16: bool = _setting(True, "multiply in bfloat16 where the CPU can")
    hold_out: bool = _setting(True, "keep the validation digits out of training")
    watch_test: bool = _setting(False, "measure the test set after each epoch, too; nothing is chosen by it")
    device: str = _setting("auto", "cpu, cuda, or auto: a GPU where CUDA finds one")
    log_interval: int = _setting(0, "batches between two saved states and printed losses; 0: every epoch")
    seed: int = _setting(1, "fixes initial weights, order, augmentation and dropout")

    def __post_init__(self) -> None:
        ranges: dict[str, tuple[float, float]] = {
            "epochs": (1, 10_000),
            "batch_size": (2, 100_000),
            "lr": (0, 10),
            "momentum": (0, 1),
            "weight_decay": (0, 10),
            "average": (0, 1),
            "styles": (0, 1_000_000),
            "pens": (0, 1_000_000),
            "degraded": (0, 1_000_000),
            "outliers": (0, 1_000_000),
            "degrade": (0, 1),
            "warp": (0, 2),
            "calm": (0, 1),
            "log_interval": (0, 1_000_000),
            "seed": (0, 2**31),
        }
        for name, (low, high) in ranges.items():
            if not low <= getattr(self, name) <= high:
                raise SettingsError("out-of-range", name=name, value=getattr(self, name), low=low, high=high)
        for name, choices in {"optimizer": OPTIMIZERS, "schedule": SCHEDULES, "device": DEVICES}.items():
            if getattr(self, name) not in choices:
                raise SettingsError("not-a-choice", name=name, value=getattr(self, name), choices=", ".join(choices))
