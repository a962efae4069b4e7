from __future__ import annotations

from dataclasses import Field, fields
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
        ("momentum", 1.5, "momentum is 1.5: it goes from 0 to 1"),
        ("momentum", NAN, "momentum is nan"),
        ("weight_decay", 10.5, "weight_decay is 10.5: it goes from 0 to 10"),
        ("weight_decay", float("inf"), "weight_decay is inf"),
        ("average", 1.01, "average is 1.01: it goes from 0 to 1"),
        ("average", -0.5, "average is -0.5"),
        ("styles", -1, "styles is -1: it goes from 0 to 1e+06"),
        ("degraded", -1, "degraded is -1: it goes from 0 to 1e+06"),
        ("outliers", -1, "outliers is -1: it goes from 0 to 1e+06"),
        ("log_interval", -10, "log_interval is -10: it goes from 0 to 1e+06"),
        ("seed", -1, "seed is -1: it goes from 0 to"),
        ("seed", 2**31 + 1, "seed is 2.14748e"),
        ("optimizer", "rmsprop", "optimizer is 'rmsprop': it is one of adamw, adam, sgd"),
        ("optimizer", "", "optimizer is ''"),
        ("schedule", "linear", "schedule is 'linear': it is one of one-cycle, constant"),
    ],
)
def test_a_setting_out_of_its_range_is_named(name: str, value: float | str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings(**{name: value})  # type: ignore[arg-type]
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize(
    "ends",
    [
        {"epochs": 1, "batch_size": 2, "lr": 0.0, "weight_decay": 0.0, "average": 0.0, "seed": 0},
        {"epochs": 10_000, "batch_size": 100_000, "lr": 10.0, "weight_decay": 10.0, "average": 1.0, "seed": 2**31},
        {"momentum": 0.0, "styles": 0, "degraded": 0, "outliers": 0, "log_interval": 0, "optimizer": "sgd"},
        {"momentum": 1.0, "styles": 10**6, "degraded": 10**6, "outliers": 10**6, "log_interval": 10**6},
    ],
)
def test_the_ends_of_the_ranges_are_allowed(ends: dict[str, Any]) -> None:
    settings = Settings(**ends)
    assert {name: getattr(settings, name) for name in ends} == ends


@pytest.mark.parametrize("choice", [{"optimizer": "adam"}, {"optimizer": "adamw"}, {"schedule": "constant"}])
def test_each_choice_is_allowed(choice: dict[str, Any]) -> None:
    assert vars(Settings(**choice)) == {**vars(Settings()), **choice}


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_each_setting_is_explained_in_a_line(setting: Field[Any]) -> None:
    assert 3 < len(setting.metadata["help"]) < 80
    assert "\n" not in setting.metadata["help"]


def test_settings_are_the_project_s_own_error() -> None:
    with pytest.raises(DigitsError):
        Settings(epochs=-1)


def test_settings_can_t_be_changed() -> None:
    with pytest.raises(AttributeError):
        Settings().epochs = 2  # type: ignore[misc]
