"""The page: draw a digit or drop a photo of one, see what the network reads. Layout and wiring only.

    python app.py [--share] [--host HOST] [--port PORT]

Exit status: 0 after Ctrl-C or SIGTERM, 2 when the page can't be served. ``ui.server.limits`` says
what the environment sets.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Sequence
from typing import Any

from ui.server import environment

if problem := environment.prepare():
    print(f"error: {problem}", file=sys.stderr)
    sys.exit(2)

import gradio as gr

import ui.server.zerogpu  # noqa: F401 - before torch, for Spaces that ask for it
from model import DigitsError
from model.reading.store import DEFAULT_MODEL, load_card, load_mistakes, trained_models
from ui import handlers, readings
from ui.components.choices import Choices
from ui.components.feedback import Feedback
from ui.components.pad import Pad
from ui.components.photo import Photo
from ui.components.translate import Translated
from ui.server import inside, process, serving
from ui.server.desk import Desk
from ui.server.events import Events
from ui.server.limits import configured_rate
from ui.texts import DEFAULT, languages, texts
from ui.theme import CSS, THEME
from ui.views import examples, figures, mistakes, models, several

#: For events with a plain POST, outside the queue. Of several pending calls only the last is made, so no older reading
#: overwrites a newer one.
LIVE: dict[str, Any] = {
    "queue": False,
    "show_progress": "hidden",
    "trigger_mode": "always_last",
    "api_visibility": "private",
}
#: For events whose values gradio passes on unprocessed: it would take each through a thread, seven for one reading.
#: Such a handler must check its values itself: anyone may send anything.
AS_IS: dict[str, Any] = {"preprocess": False, "postprocess": False}
#: The language that the visitor chose before, or else the browser's. CODES is replaced by the languages' codes.
FIND_LANGUAGE = """() => {
  const known = CODES;
  let kept = null;
  try { kept = localStorage.getItem("language"); } catch {}
  const spoken = [kept, ...navigator.languages].map((name) => (name ?? "").toLowerCase());
  return spoken.map((name) => known.find((code) => name.startsWith(code))).find(Boolean) ?? known[0];
}"""
#: Keeps the chosen language in the browser.
KEEP_LANGUAGE = """(code) => {
  document.documentElement.lang = code;
  try { localStorage.setItem("language", code); } catch {}
  return [code];
}"""


def build_demo(desk: Desk | None = None) -> gr.Blocks:
    """Build the page, for which a desk reads."""
    inside.prepare()
    t, events = texts(), Events(desk or Desk())
    with gr.Blocks(title=t("title"), analytics_enabled=False) as demo:
        page = Translated()
        with gr.Row(elem_id="top", equal_height=False):
            page.html(figures.header)
            language = gr.Radio(
                [(name, code) for code, name in languages().items()],
                value=DEFAULT,
                show_label=False,
                container=False,
                elem_id="language",
                label="Language",
            )
        with gr.Tabs() as tabs:
            with page.tab("tab.read", id="read"):
                model, photo, inner = build_reader(page, language, events)
            with page.tab("tab.mistakes", id="mistakes"):
                build_mistakes(page, model, language, photo, [tabs, inner])
            with page.tab("tab.models", id="models") as tab:
                build_models(page, tab, language)
            with page.tab("tab.code", id="code"):
                build_code(language, demo.load)
        page.html(figures.footer)
        language.change(page.translate, language, page.components, js=KEEP_LANGUAGE, **LIVE)
        demo.load(None, None, language, js=FIND_LANGUAGE.replace("CODES", json.dumps(list(languages()))))
    return inside.forget_visitors(demo.queue(max_size=serving.MAX_WAITING))


def build_reader(page: Translated, language: gr.Radio, events: Events) -> tuple[gr.Dropdown, Photo, gr.Tabs]:
    """Pad and uploads on the left, model and answer on the right; all are read by ``readings.read``."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=240):
            with gr.Tabs() as tabs:
                with page.tab("tab.draw", id="draw"):
                    pad = Pad(elem_id="pad")
                with page.tab("tab.upload", id="upload"):
                    photo = page.labelled(Photo(height=340, elem_id="photo"), "photo")
                with page.tab("tab.several", id="several"):
                    build_several(page, language, events)
            Feedback(elem_id="feedback")
            shelf = page.choices(examples.shelf, elem_id="examples")
        with gr.Column(scale=6, min_width=240):
            with gr.Row(elem_id="choice", equal_height=True):
                model = page.labelled(
                    gr.Dropdown(list(trained_models()), value=DEFAULT_MODEL, elem_id="model"), "model"
                )
                compare = page.labelled(gr.Checkbox(elem_id="compare"), "compare")
            answer = gr.HTML(figures.answer(readings.EMPTY, texts()), elem_id="answer")
            spoken = gr.HTML(figures.announced(""), elem_id="spoken")
            others = gr.HTML(elem_id="others")
            seen = gr.HTML(figures.steps(readings.EMPTY, texts()), elem_id="seen")
            reason = gr.HTML(elem_id="why")
    last = gr.State("pad")  # the last source: "pad" or "photo"
    shown = [answer, seen, others]
    choices: list[gr.Dropdown | gr.Checkbox | gr.Radio] = [model, compare, language]
    pad.input(events.show_drawing, [pad, *choices], [*shown, last], **AS_IS, **LIVE)
    photo.change(events.show_photo, [photo, *choices], [*shown, last], **LIVE)
    # The slower events, and speech, wait until the pen rests.
    pad.release(events.speak, [pad, model, language], spoken, **AS_IS, **LIVE)
    photo.change(events.speak, [photo, model, language], spoken, **LIVE)
    for source, event in ((pad, pad.release), (photo, photo.change)):
        event(events.explain, [source, model, language], reason, **LIVE)
    for choice in choices:
        choice.change(events.show_again, [last, pad, photo, *choices], shown, **LIVE)
    for changed in (model, language):
        changed.change(events.speak_again, [last, pad, photo, model, language], spoken, **LIVE)
        changed.change(events.explain_again, [last, pad, photo, model, language], reason, **LIVE)
    shelf.select(handlers.choose_example, shelf, [photo, tabs], **LIVE)
    build_endpoints(pad, photo, model, events)
    return model, photo, tabs


def build_several(page: Translated, language: gr.Radio, events: Events) -> None:
    """Several files at once as a table."""
    files = page.labelled(
        gr.File(file_count="multiple", file_types=["image"], height=150, elem_id="files"),
        "files",
        most=several.MAX_FILES,
    )
    table = gr.HTML(several.table([], texts()), elem_id="table")
    files.change(events.read_several, [files, language], table, **{**LIVE, "show_progress": "full"})
    language.change(events.read_several, [files, language], table, **LIVE)


def build_endpoints(pad: Pad, photo: Photo, model: gr.Dropdown, events: Events) -> None:
    """The endpoints for programs: /predict_strokes and /predict_image."""
    reading = gr.JSON(visible=False)
    endpoint = gr.Button(visible=False)
    endpoint.click(events.as_json, [pad, model], reading, api_name="predict_strokes", queue=False, **AS_IS)
    endpoint.click(events.as_json, [photo, model], reading, api_name="predict_image", queue=False)


def build_mistakes(page: Translated, model: gr.Dropdown, language: gr.Radio, photo: Photo, tabs: list[gr.Tabs]) -> None:
    """The model's misclassified test digits: confusion matrix, filters, gallery, and one of them in detail."""
    intro = gr.HTML(mistakes.intro(load_card(DEFAULT_MODEL), texts()))
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=280):
            matrix = Choices(mistakes.matrix(load_card(DEFAULT_MODEL), texts()), elem_id="matrix")
        with gr.Column(scale=5, min_width=240):
            with gr.Row():
                true = page.dropdown("mistakes.true", mistakes.digits, elem_id="true", min_width=80)
                read_as = page.dropdown("mistakes.read", mistakes.digits, elem_id="read-as", min_width=80)
                order = page.dropdown("mistakes.sort", mistakes.orders, elem_id="order", min_width=200)
            detail = gr.HTML(mistakes.nothing_chosen(texts()), elem_id="mistake")
            again = page.button("mistakes.try", elem_id="try")
    place = gr.State(None)  # position of the chosen mistake in card.mistakes
    card = load_card(DEFAULT_MODEL)
    places = mistakes.chosen(card)
    number = gr.HTML(mistakes.count(card, places, texts()), elem_id="count")
    gallery = Choices(mistakes.tiles(card, load_mistakes(card), places), elem_id="gallery")
    filters: list[gr.Dropdown | gr.Radio] = [model, true, read_as, order, language]
    for choice in filters:
        choice.change(handlers.list_mistakes, filters, [number, gallery, detail, place], **LIVE)
    for choice in (model, language):
        choice.change(handlers.introduce_mistakes, [model, language], [intro, matrix], **LIVE)
    matrix.select(handlers.choose_cell, matrix, [true, read_as], **LIVE)
    gallery.select(handlers.choose_mistake, [gallery, model, language], [detail, place], **LIVE)
    again.click(handlers.read_mistake, [model, place], [photo, *tabs], **LIVE)


def build_models(page: Translated, tab: gr.Tab, language: gr.Radio) -> None:
    """A table of all models, and one model in detail, rendered when the tab is opened."""
    names = list(trained_models())
    page.html(lambda t: models.table([load_card(name) for name in names], t), elem_id="models")
    chosen = page.labelled(gr.Radio(names, value=DEFAULT_MODEL, elem_id="look-at"), "models.look")
    detail = gr.HTML(elem_id="model-detail")
    for event in (tab.select, chosen.change, language.change):
        event(handlers.look_at, [chosen, language], detail, **LIVE)


def build_code(language: gr.Radio, load: Any) -> None:
    """Programs that call this page, with the address where the visitor found it."""
    code = gr.HTML(elem_id="code")
    for event in (load, language.change):
        event(handlers.show_code, language, code, **LIVE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="Serve the digit page.")
    parser.add_argument("--share", action="store_true", help="also make a public link")
    parser.add_argument("--host", help="address to listen on (default: GRADIO_SERVER_NAME or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default: GRADIO_SERVER_PORT or the first free from 7860)")
    options = parser.parse_args(arguments)
    stop = process.stop_signal()
    try:
        host = process.check_address(options.host, options.port, tunnel=options.share)
        rate = configured_rate()
        desk = Desk(each=bool(rate))
        with process.uploads():
            demo = build_demo(desk)
            with contextlib.redirect_stdout(io.StringIO()):  # gradio reports a failed share in a dozen lines
                _, url, public = demo.launch(
                    share=options.share,
                    server_name=host,
                    server_port=options.port or None,
                    theme=THEME,
                    css=CSS,
                    quiet=True,
                    prevent_thread_lock=True,
                    **serving.options(desk, rate),
                )
            demo.share = False  # else the page would load a script from another host
            print(f"Open {url} in a browser; Ctrl-C ends it.", flush=True)
            if public:
                print(f"Public link: {public}", flush=True)
            elif options.share:
                print("No public link: the share server isn't reached. The page above works all the same.", flush=True)
            process.serve_until(stop, demo)
    except (DigitsError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
