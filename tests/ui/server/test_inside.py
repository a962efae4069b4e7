"""What is replaced inside gradio is there to be replaced."""

from __future__ import annotations

from types import SimpleNamespace

import gradio as gr
import pytest
from typing_extensions import override

import app
from model.errors import SettingsError
from ui.server import inside
from ui.server.inside import replace
from ui.server.memory import Session
from ui.server.queue import Queue


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


class Original:
    def done(self) -> None: ...


class Changed(Original):
    @override
    def done(self) -> None: ...

    def helper(self) -> None: ...


class Outdated(Original):
    @override
    def renamed(self) -> None: ...  # type: ignore[misc]


def test_a_class_is_replaced_whose_methods_are_there_to_be_overridden() -> None:
    owner = SimpleNamespace(Original=Original)
    inside.replace_class(owner, "Original", Changed)
    assert owner.Original is Changed


def test_a_method_that_overrides_nothing_any_more_is_told() -> None:
    owner = SimpleNamespace(Original=Original)
    with pytest.raises(SettingsError, match=r"has no Original\.renamed, which the page"):
        inside.replace_class(owner, "Original", Outdated)
    assert owner.Original is Original


@pytest.mark.parametrize("cls", [Queue, Session])
def test_what_is_overridden_is_marked(cls: type) -> None:
    base = cls.__base__
    marked = {name for name, value in vars(cls).items() if getattr(value, "__override__", False)}
    shared = {name for name, value in vars(cls).items() if callable(value) and name in vars(base)}
    assert marked == {name for name in shared if not name.startswith("__")}
    assert marked


def test_a_gradio_that_has_no_place_for_the_tool_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "gradio_mcp", SimpleNamespace(GradioMCPServer=Original))
    with pytest.raises(SettingsError, match=r"has no Original\.create_mcp_server"):
        inside.offer_tool(object, lambda app: app)


def test_a_page_without_the_tool_that_it_was_asked_for_is_told() -> None:
    demo: object = SimpleNamespace(mcp_server_obj=None, mcp_error="no place")
    with pytest.raises(SettingsError, match="the tool can't be served: no place"):
        inside.check_tool(demo)  # type: ignore[arg-type]
