"""The page: draw a digit or drop a photo of one, see what the network reads. Layout and wiring only.

    python app.py [--share] [--host HOST] [--port PORT] [--mcp] [--train [SECONDS]] [--data DIR]

Exit status: 0 after Ctrl-C or SIGTERM, 2 when the page can't be served. ``ui.server.limits`` says
what the environment sets.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ui.server import environment

if problem := environment.prepare():
    print(f"error: {problem}", file=sys.stderr)
    sys.exit(2)

import gradio as gr

import ui.server.zerogpu  # noqa: F401 - before torch, for Spaces that ask for it
from model import DigitsError, __version__
from model.packages import check_packages
from ui.components.translate import Translated
from ui.server import connections, inside, process, serving
from ui.server.desk import Desk
from ui.server.events import Events
from ui.server.limits import configured_rate
from ui.server.trainer import SECONDS, Trainer, allowed
from ui.shell import ICON
from ui.tabs.events import LIVE
from ui.tabs.inside import build_inside
from ui.tabs.mistakes import build_mistakes
from ui.tabs.models import build_code, build_models
from ui.tabs.read import build_reader
from ui.texts import DEFAULT, languages, texts
from ui.theme import THEME
from ui.views import figures

environment.imported()

#: Keeps the chosen language in the browser.
KEEP_LANGUAGE = "(code) => window.keepLanguage(code)"


def build_demo(desk: Desk | None = None, page: Translated | None = None, trainer: Trainer | None = None) -> gr.Blocks:
    """Build the page, for which a desk reads and, maybe, somebody trains. What is translated is added to ``page``."""
    inside.prepare()
    t, events = texts(), Events(desk or Desk(), trainer)
    page = page or Translated()
    with gr.Blocks(title=t("title"), analytics_enabled=False) as demo:
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
                reader = build_reader(page, language, events)
            with page.tab("tab.mistakes", id="mistakes"):
                build_mistakes(page, reader, language, tabs)
            with page.tab("tab.inside", id="inside") as tab:
                build_inside(reader, tab, language, events)
            with page.tab("tab.models", id="models") as tab:
                build_models(page, tab, language)
            with page.tab("tab.code", id="code"):
                build_code(language, demo.load)
        page.html(figures.footer)
        language.change(page.translate, language, page.components, js=KEEP_LANGUAGE, **LIVE)
        page.first(language, lambda t: {"value": t.code})
    return inside.forget_visitors(demo.queue(max_size=serving.MAX_WAITING))


def offer_tool(desk: Desk) -> None:
    """Let the page also serve a tool that reads what programs send.

    Raises:
        PackageError: the package that speaks their protocol isn't installed.
        SettingsError: this gradio has other names.
    """
    check_packages("mcp")
    from ui.server import protocol

    title = texts()("title")
    entrance = partial(protocol.Entrance, each=desk.each)
    inside.offer_tool(lambda: protocol.server_of(desk, title, __version__), entrance)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="Serve the digit page.")
    parser.add_argument("--share", action="store_true", help="also make a public link")
    parser.add_argument("--host", help="address to listen on (default: GRADIO_SERVER_NAME or 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port (default: GRADIO_SERVER_PORT or the first free from 7860)")
    parser.add_argument("--mcp", action="store_true", help="also offer a tool to programs: docs/mcp.md")
    text = f"let visitors train a small network on this machine for so many seconds (default: {SECONDS:g})"
    parser.add_argument("--train", nargs="?", type=float, const=SECONDS, metavar="SECONDS", help=text)
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="DIR", help="where MNIST is, for --train")
    options = parser.parse_args(arguments)
    stop = process.stop_signal()
    try:
        trainer = allowed(options.train, options.data, share=options.share)
        host = process.check_address(options.host, options.port, tunnel=options.share)
        rate = configured_rate()
        desk = Desk(each=bool(rate))
        proxied = options.share or connections.come_through_a_proxy()
        inside.limit_connections(connections.Connections(each=bool(rate) and not proxied))
        if options.mcp:
            offer_tool(desk)
        with process.uploads(), contextlib.closing(trainer) if trainer else contextlib.nullcontext():
            page = Translated()
            demo = build_demo(desk, page, trainer)
            with contextlib.redirect_stdout(io.StringIO()):  # gradio reports a failed share in a dozen lines
                _, url, public = demo.launch(
                    share=options.share,
                    server_name=host,
                    server_port=options.port or None,
                    theme=THEME,
                    favicon_path=str(ICON),
                    quiet=True,
                    prevent_thread_lock=True,
                    mcp_server=options.mcp,  # said outright, or an environment variable of gradio's would say it
                    **serving.options(desk, rate, page, inside.events_as_they_are(demo)),
                )
            if options.mcp:
                inside.check_tool(demo)
            demo.share = False  # else the page would load a script from another host
            print(f"Open {url} in a browser; Ctrl-C ends it.", flush=True)
            if public:
                print(f"Public link: {public}", flush=True)
            elif options.share:
                print("No public link: the share server isn't reached. The page above works all the same.", flush=True)
            if options.mcp:
                print(f"Tool for programs: {url.rstrip('/')}/gradio_api/mcp/", flush=True)
            process.serve_until(stop, demo)
    except (DigitsError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
