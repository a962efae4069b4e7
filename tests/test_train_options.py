from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from model.networks.registry import preset
from model.settings import Settings
from train import main, parse_arguments


def test_help_lists_each_setting_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for field in fields(Settings):
        assert f"--{field.name.replace('_', '-')}" in text
        assert f" {field.metadata['help']} (default: {field.default})" in text


def test_help_for_a_model_lists_its_preset(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--model", "mlp", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for setting in fields(Settings):
        assert f" {setting.metadata['help']} (default: {getattr(preset('mlp'), setting.name)})" in text
    assert "digits a step, of all processes together (default: 64)" in text


@pytest.mark.parametrize("options", [["--model", "mlp"], ["--model=mlp"], ["--seed=1", "--model", "mlp"]])
def test_a_model_brings_its_preset(options: list[str]) -> None:
    settings, found = parse_arguments(options)
    assert settings == preset("mlp")
    assert found.checkpoint == Path("runs/mlp.safetensors")


def test_an_option_goes_before_the_preset() -> None:
    settings, _ = parse_arguments(["--lr=0.5", "--model=tutorial-cnn", "--hold-out", "--log-interval=0"])
    assert settings == replace(preset("tutorial-cnn"), lr=0.5, hold_out=True, log_interval=0)


def test_without_options_the_settings_are_the_defaults() -> None:
    settings, options = parse_arguments([])
    assert settings == Settings()
    assert (options.data, options.checkpoint) == (Path("data"), Path("runs/cnn.safetensors"))


@pytest.mark.parametrize(
    ("option", "changed"),
    [
        ("--epochs=3", {"epochs": 3}),
        ("--batch-size=100", {"batch_size": 100}),
        ("--optimizer=sgd", {"optimizer": "sgd"}),
        ("--lr=0.01", {"lr": 0.01}),
        ("--momentum=0.5", {"momentum": 0.5}),
        ("--weight-decay=0", {"weight_decay": 0.0}),
        ("--schedule=constant", {"schedule": "constant"}),
        ("--average=0.9", {"average": 0.9}),
        ("--styles=7", {"styles": 7}),
        ("--degraded=7", {"degraded": 7}),
        ("--outliers=7", {"outliers": 7}),
        ("--no-augment", {"augment": False}),
        ("--no-bf16", {"bf16": False}),
        ("--no-hold-out", {"hold_out": False}),
        ("--watch-test", {"watch_test": True}),
        ("--log-interval=10", {"log_interval": 10}),
        ("--seed=5", {"seed": 5}),
    ],
)
def test_an_option_changes_its_setting(option: str, changed: dict[str, object]) -> None:
    assert parse_arguments([option])[0] == replace(Settings(), **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize("option", ["--epochs=many", "--epochs=2.5", "--learning-rate=1"])
def test_a_malformed_option_is_status_2(option: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main([option])
    assert caught.value.code == 2
