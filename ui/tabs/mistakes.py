"""The tab of the model's misread test digits: confusion matrix, filters, gallery, and one of them in detail."""

from __future__ import annotations

import gradio as gr

from model.reading.store import DEFAULT_MODEL, load_card, load_mistakes
from ui import handlers
from ui.components.choices import Choices
from ui.components.select import Select
from ui.components.translate import Translated
from ui.tabs.events import LIVE
from ui.tabs.read import Reader
from ui.texts import texts
from ui.views import mistakes


def build_mistakes(page: Translated, reader: Reader, language: gr.Radio, tabs: gr.Tabs) -> None:
    """All of them, and the way back to the first tab, where one is read again."""
    card = load_card(DEFAULT_MODEL)
    places = mistakes.chosen(card)
    intro = page.html_at_first(lambda t: mistakes.intro(card, t))
    with gr.Row(equal_height=False, elem_id="mistakes"):
        with gr.Column(scale=5, min_width=340):
            matrix = page.choices_at_first(lambda t: mistakes.matrix(card, t), elem_id="matrix")
        with gr.Column(scale=5, min_width=240):
            with gr.Row(elem_id="filters"):
                true = Select("mistakes.true", mistakes.digits, elem_id="true")
                read_as = Select("mistakes.read", mistakes.digits, elem_id="read-as")
                order = Select("mistakes.sort", mistakes.orders, elem_id="order")
            with gr.Column(elem_id="chosen"):
                detail = page.choices_at_first(mistakes.nothing_chosen, elem_id="mistake")
                again = page.button("mistakes.try", elem_id="try")
    place = gr.State(None)  # position of the chosen mistake in card.mistakes
    number = page.html_at_first(lambda t: mistakes.count(card, places, t), elem_id="count")
    gallery = Choices(mistakes.tiles(card, load_mistakes(card), places), elem_id="gallery")
    model = reader.model
    filters: list[gr.HTML | gr.Radio] = [model, true, read_as, order, language]
    for choice in filters:
        choice.change(handlers.list_mistakes, filters, [number, gallery, detail, place], **LIVE)
    for choice in (model, language):
        choice.change(handlers.introduce_mistakes, [model, language], [intro, matrix], **LIVE)
    matrix.select(handlers.choose_cell, matrix, [true, read_as], **LIVE)
    gallery.select(handlers.choose_mistake, [gallery, model, language], [detail, place], **LIVE)
    detail.select(lambda t: (mistakes.nothing_chosen(texts(t)), None), language, [detail, place], **LIVE)
    again.click(handlers.read_mistake, [model, place], [reader.photo, tabs, reader.inputs], **LIVE)
