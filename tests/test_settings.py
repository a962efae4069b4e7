from __future__ import annotations

from typing import Any

import pytest

from model.errors import DigitsError, SettingsError
from model.settings import Settings

NAN = float("nan")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("epochs", 0, "epochs is 0: it goes from 1 to 10000"),
        ("epochs", 10_001, "epochs is 10001"),
        ("batch_size", 1, "batch_size is 1: it goes from 2 to 100000"),
        ("batch_size", -250, "batch_size is -250"),
        ("lr", -0.001, "lr is -0.001: it goes from 0 to 10"),
        ("lr", NAN, "lr is nan"),
        ("weight_decay", 10.5, "weight_decay is 10.5: it goes from 0 to 10"),
        ("weight_decay", float("inf"), "weight_decay is inf"),
        ("average", 1.01, "average is 1.01: it goes from 0 to 1"),
        ("average", -0.5, "average is -0.5"),
        ("seed", -1, "seed is -1: it goes from 0 to"),
        ("seed", 2**31 + 1, "seed is 2.14748e"),
    ],
)
def test_a_setting_out_of_its_range_is_named(name: str, value: float, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(**{name: value})  # type: ignore[arg-type]
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    "ends",
    [
        {"epochs": 1, "batch_size": 2, "lr": 0.0, "weight_decay": 0.0, "average": 0.0, "seed": 0},
        {"epochs": 10_000, "batch_size": 100_000, "lr": 10.0, "weight_decay": 10.0, "average": 1.0, "seed": 2**31},
    ],
)
def test_the_ends_of_the_ranges_are_allowed(ends: dict[str, Any]) -> None:
    settings = Settings(**ends)
    assert {name: getattr(settings, name) for name in ends} == ends


def test_settings_are_the_project_s_own_error() -> None:
    with pytest.raises(DigitsError):
        Settings(epochs=-1)


def test_settings_can_t_be_changed() -> None:
    with pytest.raises(AttributeError):
        Settings().epochs = 2  # type: ignore[misc]
