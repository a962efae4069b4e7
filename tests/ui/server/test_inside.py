"""What is replaced inside gradio is there to be replaced."""

from __future__ import annotations

from types import SimpleNamespace

import gradio as gr
import pytest

import app
from model.errors import SettingsError
from ui.server import inside
from ui.server.inside import replace


def test_a_name_that_is_there_is_replaced() -> None:
    owner = SimpleNamespace(name=1)
    replace(owner, "name", 2)
    assert owner.name == 2


@pytest.mark.parametrize(
    ("owner", "place"), [(gr, "gradio"), (gr.Blocks, "Blocks"), (SimpleNamespace(), "SimpleNames")]
)
def test_a_name_that_is_missing_is_told_with_its_owner(owner: object, place: str) -> None:
    with pytest.raises(SettingsError, match=rf"gradio {gr.__version__} has no {place}\w*\.nothing, which the page"):
        replace(owner, "nothing", 1)


def test_a_page_whose_gradio_has_other_names_does_not_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.process.stop_signal", lambda: None)
    monkeypatch.setattr(inside, "queueing", SimpleNamespace())
    assert app.main([]) == 2
    out, error = capsys.readouterr()
    assert (out, error.count("\n")) == ("", 1)
    assert error.startswith("error: gradio ")
