from __future__ import annotations

import json
import re

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.components.translate import Translated
from ui.shell import Shell, head
from ui.texts import languages, texts
from ui.views import figures

PAGE = """<html><head><link rel="manifest" href="/manifest.json" /><meta property="og:title" content="Gradio" /><meta
  name="twitter:image"
  content="" /></head><body class="x">…</body></html>"""


async def page(_: Request) -> Response:
    return HTMLResponse(PAGE)


async def data(_: Request) -> Response:
    return PlainTextResponse(PAGE)


@pytest.fixture
def client() -> TestClient:
    translated = Translated()
    translated.html(figures.header)
    routes = [Route("/", page), Route("/data", data)]
    return TestClient(Starlette(routes=routes, middleware=[Middleware(Shell, page=translated)]), "http://digits")


def test_a_page_has_one_set_of_tags_for_shared_links(client: TestClient) -> None:
    html = client.get("/", headers={"x-forwarded-proto": "https"}).text
    assert html.count('property="og:title"') == html.count('name="twitter:image"') == 1
    assert 'property="og:image" content="https://digits/card.png"' in html
    assert 'content="Gradio"' not in html


def test_nothing_is_named_that_lies_outside_the_path_under_which_the_page_is(client: TestClient) -> None:
    assert "manifest" not in client.get("/").text


def test_the_first_paint_comes_before_gradios_parts(client: TestClient) -> None:
    answer = client.get("/")
    assert '<body class="x"><div id="first"' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)


def test_what_is_no_page_stays_as_it_is(client: TestClient) -> None:
    assert client.get("/data").text == PAGE


def test_the_picture_for_shared_links_is_served(client: TestClient) -> None:
    assert client.get("/card.png").headers["content-type"] == "image/png"


def test_the_script_knows_every_language_and_ends_where_it_should() -> None:
    made = head({"zh": {1: {"value": "</script>"}}})
    titles = re.search(r"titles = (.*);", made)
    assert titles
    assert json.loads(titles[1]) == {code: texts(code)("title") for code in languages()}
    assert made.count("</script>") == 1
