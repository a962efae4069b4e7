"""Publishes a version, and is killed at each step in turn: ``python -m tests.helpers.killed FOLDER``.

Prints for each step how many were done, and which versions of the two files the reader then finds.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from model.reading.store import Card, load_card, load_file, save_model

#: What changes files, each call of which is a step.
STEPS = ("replace", "rename", "link", "unlink", "fsync", "chmod")
SUFFIXES = (".safetensors", ".mistakes.png")


def card_of(version: int) -> Card:
    """A card that tells its version."""
    fields: dict[str, Any] = {field.name: {} for field in dataclasses.fields(Card)}
    lists: dict[str, Any] = {name: [] for name in ("epochs", "log", "mistakes", "layers")}
    values = {
        "confusion": [[0] * 10] * 10,
        "model": "cnn",
        "about": str(version),
        "parameters": version,
        "temperature": 1.0,
    }
    thresholds = {"unsure_below": 0.5, "no_digit_below": 0.0, "metrics": {"test": {"accuracy": 0.5}}}
    return Card(**{**fields, **lists, **values, **thresholds})


def save_version(folder: Path, version: int) -> None:
    """A model of two files, which tell their version."""
    save_model(folder, card_of(version), {suffix: f"{version} {suffix}".encode() * 100 for suffix in SUFFIXES})


def version_of(folder: Path) -> int:
    """The version that a reader finds.

    Raises:
        WeightsError: it finds parts of two.
        AssertionError: the same.
    """
    card = load_card("cnn", folder)
    for suffix in SUFFIXES:
        assert load_file(card, suffix, folder).startswith(f"{card.about} {suffix}".encode())
    return int(card.about)


def kill_at(step: int) -> None:
    """Let this process be killed in the place of that step."""
    left = [step]

    def counted(do: Callable[..., Any]) -> Callable[..., Any]:
        def count_and_do(*values: Any, **named: Any) -> Any:
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return do(*values, **named)

        return count_and_do

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))


def main() -> None:
    """Kill until a version is published whole."""
    folder = Path(sys.argv[1])
    version, step, status = 1, 0, 1
    while status:
        save_version(folder, version)
        child = os.fork()
        if not child:
            kill_at(step)
            save_version(folder, version + 1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(step, version_of(folder) - version, flush=True)
        version, step = version + 2, step + 1


if __name__ == "__main__":
    main()
