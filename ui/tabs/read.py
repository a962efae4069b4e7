"""The first tab: pad and uploads, the answer to them, and the endpoints that answer the same to programs."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import gradio as gr

from model.reading.store import DEFAULT_MODEL, trained_models
from ui import handlers, readings
from ui.components.album import Album
from ui.components.challenges import Challenges
from ui.components.feedback import Feedback
from ui.components.pad import Pad
from ui.components.photo import Photo
from ui.components.select import Select
from ui.components.several import Several
from ui.components.translate import Translated
from ui.server.events import Events
from ui.tabs.events import AS_IS, LIVE
from ui.views import examples, figures, several


class Reader(NamedTuple):
    """What other tabs use of this one."""

    model: Select
    pad: Pad
    photo: Photo
    last: gr.State
    inputs: gr.Tabs


def build_reader(page: Translated, language: gr.Radio, events: Events) -> Reader:
    """Pad and uploads on the left, the answer on the right, below the pad what else there is to try.

    Whichever input is in view is what the answer is of.
    """
    with gr.Row(equal_height=False, elem_id="reader"):
        with gr.Column(elem_id="input"):
            with gr.Tabs(elem_id="inputs") as inputs:
                with page.tab("tab.draw", id="draw") as draw:
                    pad = Pad(elem_id="pad")
                with page.tab("tab.upload", id="upload") as upload:
                    photo = page.labelled(Photo(height=340, elem_id="photo"), "photo")
                with page.tab("tab.several", id="several"):
                    build_several(page, language, events)
            Feedback(elem_id="feedback")
        with gr.Column(elem_id="output"):
            answer = page.html_at_first(
                lambda t: figures.answer(readings.EMPTY, t, drawn=True, of=readings.mark(None)), elem_id="answer"
            )
            spoken = gr.HTML(figures.announced(""), elem_id="spoken")
            with gr.Row(elem_id="choice", equal_height=True):
                model = Select("model", lambda _: [(name, name) for name in trained_models()], elem_id="model")
                compare = page.labelled(gr.Checkbox(elem_id="compare"), "compare")
            others = gr.HTML(elem_id="others")
            with gr.Column(elem_id="looked"):
                seen = page.choices_at_first(lambda t: figures.steps(readings.EMPTY, t), elem_id="seen")
                reason = gr.HTML(elem_id="why")
        with gr.Column(elem_id="more"):
            shelf = page.choices(examples.shelf, elem_id="examples")
            Album(elem_id="album")
            Challenges(elem_id="challenges")
    last = gr.State("pad")  # the input in view: "pad" or "photo"
    shown = [answer, seen, others]
    choices: list[gr.HTML | gr.Checkbox | gr.Radio] = [model, compare, language]
    pad.input(events.show_drawing, [pad, *choices], shown, **AS_IS, **LIVE)
    photo.change(events.show_photo, [photo, *choices], shown, **LIVE)
    # The slower events, and speech, wait until the pen rests.
    pad.release(events.speak, [pad, model, language], spoken, **AS_IS, **LIVE)
    photo.change(events.speak, [photo, model, language], spoken, **LIVE)
    for source, event in ((pad, pad.release), (photo, photo.change)):
        event(events.explain, [source, model, language], reason, **LIVE)
    # An input that comes into view brings its own answer. If one to the other input was still on its way, the pad's
    # script sees it come, and asks again.
    for name, tab in (("pad", draw), ("photo", upload)):
        turned = tab.select(partial(readings.turn_to, name), None, last, **LIVE)
        turned.then(events.show_again, [last, pad, photo, *choices], shown, **LIVE)
        turned.then(events.explain_again, [last, pad, photo, model, language], reason, **LIVE)
    seen.select(events.explain_chosen, [seen, last, pad, photo, model, language], reason, **LIVE)
    pad.blur(events.show_again, [last, pad, photo, *choices], shown, **LIVE)
    pad.blur(events.explain_again, [last, pad, photo, model, language], reason, **LIVE)
    for choice in choices:
        choice.change(events.show_again, [last, pad, photo, *choices], shown, **LIVE)
    for changed in (model, language):
        changed.change(events.speak_again, [last, pad, photo, model, language], spoken, **LIVE)
        changed.change(events.explain_again, [last, pad, photo, model, language], reason, **LIVE)
    shelf.select(handlers.choose_example, shelf, [photo, inputs], **LIVE)
    build_endpoints(pad, photo, events)
    return Reader(model, pad, photo, last, inputs)


def build_several(page: Translated, language: gr.Radio, events: Events) -> None:
    """Several files at once as a table."""
    files = page.labelled(
        gr.File(file_count="multiple", height=150, elem_id="files"),
        "files",
        most=several.MAX_FILES,
    )
    table = Several(elem_id="table")
    for event in (files.change, language.change, table.input):
        event(events.read_several, [files, language, table], table, **LIVE)


def build_endpoints(pad: Pad, photo: Photo, events: Events) -> None:
    """The endpoints for programs: /predict_strokes and /predict_image."""
    reading = gr.JSON(label="reading", visible=False)  # gradio's list of endpoints shows the labels
    model = gr.Dropdown(list(trained_models()), value=DEFAULT_MODEL, label="model", visible=False)
    endpoint = gr.Button(visible=False)
    sources: list[tuple[gr.components.Component, str, str, dict[str, Any]]] = [
        (pad, "predict_strokes", "a drawing by its strokes", AS_IS),
        (photo, "predict_image", "a picture", {}),
    ]
    for source, name, what, how in sources:
        endpoint.click(
            events.as_json,
            [source, model],
            reading,
            api_name=name,
            api_description=f"Reads {what}, and answers with the object that python -m model.predict --json prints.",
            queue=False,
            **how,
        )
