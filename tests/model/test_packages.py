from __future__ import annotations

import pytest

from model.errors import PackageError
from model.packages import check_packages, exit_without


def test_what_is_installed_is_no_problem() -> None:
    check_packages("numpy", "PIL")
    exit_without("numpy")


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("torch", "pip install -r requirements.txt"),
        ("pyarrow", "pip install pyarrow"),
        ("pillow_heif", "pip install pillow-heif"),
    ],
)
def test_what_is_missing_is_told_with_its_command(name: str, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.packages.find_spec", lambda asked: None if asked == name else asked)
    with pytest.raises(PackageError) as caught:
        check_packages("numpy", name)
    assert str(caught.value) == f"this needs {name}, which isn't installed: `{command}` installs it"


def test_a_command_ends_with_one_line_and_status_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("model.packages.find_spec", lambda _: None)
    with pytest.raises(SystemExit) as caught:
        exit_without("torch")
    assert caught.value.code == 2
    assert capsys.readouterr().err == "error: " + (
        "this needs torch, which isn't installed: `pip install -r requirements.txt` installs it\n"
    )
