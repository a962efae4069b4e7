"""The page's fixed strings: components that are made in the default language and updated for another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from gradio.blocks import Block

from ui.components.choices import Choices
from ui.texts import DEFAULT, Texts, languages, texts

C = TypeVar("C", bound=Block)


class Translated:
    """Makes components and remembers how to update each for a language."""

    def __init__(self) -> None:
        self.components: list[Block] = []
        self._changes: list[Callable[[Texts], dict[str, Any]]] = []
        self._first: list[tuple[Block, Callable[[Texts], dict[str, Any]]]] = []

    def first(self, component: C, change: Callable[[Texts], dict[str, Any]]) -> C:
        """A component that handlers write in the visitor's language; here is how it begins in each."""
        self._first.append((component, change))
        return component

    def beginnings(self) -> dict[str, dict[int, dict[str, Any]]]:
        """By language and component's id, the properties that differ from the default language's as the page opens."""
        begun = [*self._first, *zip(self.components, self._changes, strict=True)]
        return {
            code: {component._id: _properties(component, change(texts(code))) for component, change in begun}
            for code in languages()
            if code != DEFAULT
        }

    def html(self, render: Callable[[Texts], str], **arguments: Any) -> gr.HTML:
        """HTML that a function renders in a language."""
        return self._add(gr.HTML(render(texts()), **arguments), lambda t: {"value": render(t)})

    def choices(self, render: Callable[[Texts], str], **arguments: Any) -> Choices:
        """HTML with choices that a function renders in a language."""
        return self._add(Choices(render(texts()), **arguments), lambda t: {"value": render(t)})

    def html_at_first(self, render: Callable[[Texts], str], **arguments: Any) -> gr.HTML:
        """HTML that handlers write in the visitor's language; here is how it begins in each."""
        return self.first(gr.HTML(render(texts()), **arguments), lambda t: {"value": render(t)})

    def choices_at_first(self, render: Callable[[Texts], str], **arguments: Any) -> Choices:
        """HTML with choices, likewise."""
        return self.first(Choices(render(texts()), **arguments), lambda t: {"value": render(t)})

    def tab(self, key: str, **arguments: Any) -> gr.Tab:
        """A tab named by a string."""
        return self._add(gr.Tab(texts()(key), **arguments), lambda t: {"label": t(key)})

    def button(self, key: str, **arguments: Any) -> gr.Button:
        """A button named by a string."""
        return self._add(gr.Button(texts()(key), **arguments), lambda t: {"value": t(key)})

    def labelled(self, component: C, key: str, **values: object) -> C:
        """A component whose label is a string."""
        component.label = texts()(key, **values)  # type: ignore[attr-defined]
        return self._add(component, lambda t: {"label": t(key, **values)})

    def translate(self, code: str) -> list[Any]:
        """The updates of all components for a language, in their order."""
        return [gr.update(**change(texts(code))) for change in self._changes]

    def _add(self, component: C, change: Callable[[Texts], dict[str, Any]]) -> C:
        self.components.append(component)
        self._changes.append(change)
        return component


def _properties(component: Block, changed: dict[str, Any]) -> dict[str, Any]:
    """Changed values as the browser is sent them."""
    process = getattr(component, "postprocess", None)
    return {key: process(value) if key == "value" and process else value for key, value in changed.items()}
