"""The page: draw a digit or drop a photo of one, see what the network reads. Layout and wiring only.

    python app.py [--share] [--host HOST] [--port PORT]

Exit status: 0 after Ctrl-C, 2 when the page can't be served.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Read when gradio is imported: no request leaves this machine for another.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr

from model import DigitsError, Reading, Recognizer
from model.store import DEFAULT_MODEL, load_card, load_mistakes, trained_models
from ui import figures, models
from ui.pad import Pad
from ui.photo import Photo
from ui.theme import CSS, THEME

HERE = Path(__file__).parent
TITLE = "Draw a digit"
#: Seconds between clean-ups of uploads, and the age from which they go: nothing a visitor sends is kept.
CLEAN_UP = (600, 1200)
EMPTY = Reading("blank", (), ())


def read(source: Any, model: str = DEFAULT_MODEL) -> Reading:
    """The one way to a reading, for the pad, the upload and both endpoints."""
    return EMPTY if source is None else Recognizer.load(model).read(source)


def show(source: Any, model: str, compare: bool) -> tuple[str, str, str]:
    """A reading as the page shows it: the answer, what the network saw, what the other models read."""
    try:
        reading = read(source, model)
        others = {name: read(source, name) for name in trained_models()} if compare else {}
    except DigitsError as error:
        return figures.problem(str(error)), figures.steps(EMPTY), ""
    return figures.answer(reading), figures.steps(reading), models.comparison(others) if compare else ""


def tell(source: Any, model: str) -> dict[str, Any]:
    """A reading as the endpoints give it, the same object as the command line's."""
    try:
        return {**read(source, model).to_dict(), "error": None}
    except DigitsError as error:
        return {"status": None, "digits": [], "error": str(error)}


def build_demo() -> gr.Blocks:
    """Build the page."""
    with gr.Blocks(title=TITLE, delete_cache=CLEAN_UP, analytics_enabled=False) as demo:
        gr.HTML(figures.HEADER)
        with gr.Tab("Read"):
            model = build_reader()
        with gr.Tab("Mistakes"):
            build_mistakes(model)
        with gr.Tab("Models") as tab:
            build_models(tab)
    return demo


def build_reader() -> gr.Dropdown:
    """Pad and upload on the left, model and answer on the right, all wired to the same function; gives the chooser."""
    with gr.Row(equal_height=False):
        with gr.Column(scale=5, min_width=240), gr.Tabs() as tabs:
            with gr.Tab("Draw", id="draw"):
                pad = Pad(elem_id="pad")
            with gr.Tab("Upload", id="upload"):
                photo = Photo(label="Photo or picture of a digit", height=340, elem_id="photo")
        with gr.Column(scale=6, min_width=240):
            with gr.Row(elem_id="choice", equal_height=True):
                model = gr.Dropdown(list(trained_models()), value=DEFAULT_MODEL, label="Model", elem_id="model")
                compare = gr.Checkbox(label="Compare all models", elem_id="compare")
            answer = gr.HTML(figures.answer(EMPTY), elem_id="answer")
            others = gr.HTML("", elem_id="others")
            seen = gr.HTML(figures.steps(EMPTY), elem_id="seen")
    examples = gr.Dataset(
        components=[gr.Image(visible=False)],
        samples=[[str(path)] for path in example_pictures()],
        label="Examples",
        elem_id="examples",
        samples_per_page=20,
    )
    # A plain POST, answered while the pen moves; of many only the last waits, so no stale answer overtakes it.
    live: dict[str, Any] = {"queue": False, "show_progress": "hidden", "trigger_mode": "always_last"}
    shown = [answer, seen, others]
    last = gr.State(None)  # the source that was read last, to be read again by another model
    for source, event in ((pad, pad.input), (photo, photo.change)):
        event(show, [source, model, compare], shown, api_visibility="private", **live)
        event(lambda value: value, source, last, api_visibility="private", **live)
    for choice in (model, compare):
        choice.change(show, [last, model, compare], shown, api_visibility="private", **live)
    examples.click(
        lambda sample: (sample[0], gr.Tabs(selected="upload")), examples, [photo, tabs], api_visibility="private"
    )
    build_endpoints(pad, photo, model)
    return model


def build_endpoints(pad: Pad, photo: Photo, model: gr.Dropdown) -> None:
    """/predict_strokes and /predict_image for programs."""
    reading = gr.JSON(visible=False)
    endpoint = gr.Button(visible=False)
    endpoint.click(tell, [pad, model], reading, api_name="predict_strokes", queue=False)
    endpoint.click(tell, [photo, model], reading, api_name="predict_image", queue=False)


def build_mistakes(model: gr.Dropdown) -> None:
    """The gallery of the chosen model's misclassified test digits; choosing one shows its top three."""
    intro = gr.HTML(figures.mistakes_intro(load_card(DEFAULT_MODEL)))
    detail = gr.HTML(figures.choose_a_mistake(), elem_id="mistake")
    gallery = gr.Gallery(
        mistakes(DEFAULT_MODEL)[1],
        columns=8,
        allow_preview=False,
        show_label=False,
        format="png",
        buttons=[],
        interactive=False,
        elem_id="gallery",
    )
    quiet: dict[str, Any] = {"api_visibility": "private", "queue": False, "show_progress": "hidden"}
    gallery.select(choose_mistake, model, detail, **quiet)
    model.change(mistakes, model, [intro, gallery, detail], **quiet)


def mistakes(model: str) -> tuple[str, list[Any], str]:
    """What the tab shows of a model: how many mistakes, their tiles, that none is chosen."""
    card = load_card(model)
    return figures.mistakes_intro(card), figures.mistake_tiles(card, load_mistakes(card)), figures.choose_a_mistake()


def choose_mistake(model: str, event: gr.SelectData) -> str:
    """One mistake of the gallery in detail."""
    card = load_card(model)
    return figures.mistake_detail(card.mistakes[event.index], load_mistakes(card)[event.index])


def build_models(tab: gr.Tab) -> None:
    """Every model's figures in one table, and one model in detail, drawn when the tab is opened."""
    names = list(trained_models())
    gr.HTML(models.table([load_card(name) for name in names]), elem_id="models")
    chosen = gr.Radio(names, value=DEFAULT_MODEL, label="Look at", elem_id="look-at")
    detail = gr.HTML(elem_id="model-detail")
    for event in (tab.select, chosen.change):
        event(lambda name: models.detail(load_card(name)), chosen, detail, api_visibility="private", queue=False)


def example_pictures() -> list[Path]:
    """The pictures in examples/, by name."""
    return sorted(path for path in (HERE / "examples").iterdir() if path.suffix in {".png", ".jpg"})


def warm_up() -> None:
    """Import torch and load the network before the first visitor draws; the page is served meanwhile."""
    try:
        Recognizer.load().read({"size": [28, 28], "strokes": [{"width": 3, "points": [[14, 4], [14, 24]]}]})
    except DigitsError as error:
        print(f"error: {error}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Serve the digit page.")
    parser.add_argument("--share", action="store_true", help="also make a public link")
    parser.add_argument("--host", help="address to listen on (default: GRADIO_SERVER_NAME or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default: GRADIO_SERVER_PORT or the first free from 7860)")
    options = parser.parse_args(arguments)
    try:
        demo = build_demo()
        with contextlib.redirect_stdout(io.StringIO()):  # gradio tells a failed share in a dozen lines
            _, url, public = demo.launch(
                share=options.share,
                server_name=options.host,
                server_port=options.port,
                theme=THEME,
                css=CSS,
                quiet=True,
                prevent_thread_lock=True,
                footer_links=["api"],
                run_history=False,
                max_file_size="10mb",
            )
    except (DigitsError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"Open {url} in a browser; Ctrl-C ends it.", flush=True)
    if public:
        print(f"Public link: {public}", flush=True)
    elif options.share:
        print("No public link: the share server can't be reached. The page above works all the same.", flush=True)
    threading.Thread(target=warm_up, daemon=True).start()
    demo.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
