"""What the served page gives to whom: its own files to nobody, its headers with every answer."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.helpers.browsing import SEVEN, button, draw, sign, tab, visiting
from tests.helpers.looping import looped
from tests.helpers.running import ROOT
from ui.server.serving import Guard, own_scripts, with_nonce

SECRETS = ["app.py", "README.md", "model/weights/cnn.safetensors", "../../../../../etc/passwd"]
CLOSED = ["deep_link?session_hash=x", "custom_component/a/client/b/c", "dev/reload", "proxy=https://a.hf.space/"]


def ask(url: str, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """A path as it is written: other clients take its dots out first."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


@pytest.mark.parametrize("secret", [*SECRETS, "/etc/passwd", *(str(ROOT / secret) for secret in SECRETS)])
@pytest.mark.parametrize("door", ["gradio_api/file=", "gradio_api/file/", "static/", "assets/", "svelte/"])
def test_no_door_leads_to_other_files(url: str, door: str, secret: str) -> None:
    dots = secret.replace(".", "%2e")
    for written in (secret, dots, dots.replace("/", "%2f"), dots.replace("%", "%25"), f"..%5c..%5c{secret}"):
        status, content = ask(url, f"/{door}{written}")
        assert status in (403, 404), written
        assert len(content) < 500


def test_the_folder_of_uploads_leads_nowhere_else(url: str) -> None:
    upload = httpx.post(f"{url}/gradio_api/upload", files={"files": ("a.txt", b"mine")}).json()[0]
    assert ask(url, f"/gradio_api/file={upload}") == (200, b"mine")
    up = "/".join([".."] * upload.count("/"))
    for written in (f"{upload}/../{up}/etc/passwd", f"{upload}/..", quote(f"{upload}/../{up}/etc/passwd", safe="")):
        assert ask(url, f"/gradio_api/file={written}")[0] in (403, 404)


@pytest.mark.parametrize("name", ["../../../../evil.png", "/etc/evil.png", "..\\..\\evil.png", "%2e%2e%2fevil.png"])
def test_an_upload_stays_in_its_folder_whatever_its_name(url: str, name: str) -> None:
    upload = httpx.post(f"{url}/gradio_api/upload", files={"files": (name, b"evil")}).json()[0]
    assert re.fullmatch(r".+/digits-\w+/[0-9a-f]{64}/[^/\\]+", upload)


def test_an_upload_named_as_a_folder_is_refused(url: str) -> None:
    assert httpx.post(f"{url}/gradio_api/upload", files={"files": ("..", b"evil")}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/etc/passwd", str(ROOT / "app.py"), "http://127.0.0.1:1/", "https://example.com/7.png"]
)
def test_a_reading_of_what_was_not_uploaded_tells_nothing_of_it(url: str, path: str) -> None:
    file = {"path": path, "meta": {"_type": "gradio.FileData"}}
    answer = httpx.post(f"{url}/gradio_api/run/predict_image", json={"data": [file, "cnn"]})
    assert answer.status_code == 500
    assert answer.json()["error"] in (None, "send the picture itself: this page fetches nothing from an address")


@pytest.mark.parametrize("path", [*CLOSED, "file=https://example.com/", "file/http://example.com/", "proxy=x"])
def test_gradios_other_doors_are_closed(url: str, path: str) -> None:
    assert ask(url, f"/gradio_api/{path}") == (404, b"Not found")


@pytest.mark.parametrize("path", ["process_recording", "component_server", "vibe-edit/", "stream/x"])
def test_gradios_other_doors_take_nothing(url: str, path: str) -> None:
    assert ask(url, f"/gradio_api/{path}", "POST")[0] == 404


def test_nobody_watches_the_page(url: str) -> None:
    assert [ask(url, path)[0] for path in ("/monitoring", "/monitoring/summary")] == [403, 403]


@pytest.mark.parametrize(
    "path", ["/", "/config", "/nothing", "/gradio_api/file=app.py", "/theme.css", "/gradio_api/dev/reload"]
)
def test_every_answer_has_the_headers(url: str, path: str) -> None:
    headers = httpx.get(f"{url}{path}").headers
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert "frame-ancestors 'self' https://huggingface.co https://*.hf.space" in headers["Content-Security-Policy"]


def test_the_policy_names_no_other_host_and_lets_only_the_pages_own_scripts_run(url: str) -> None:
    answers = [httpx.get(url) for _ in range(2)]
    policies = [answer.headers["Content-Security-Policy"] for answer in answers]
    assert re.findall(r"https?:[^ ;]+|[\w*-]+\.[\w.]+", policies[0]) == ["https://huggingface.co", "https://*.hf.space"]
    nonces = [re.findall(r"'nonce-([\w-]+)'", policy) for policy in policies]
    assert nonces[0] != nonces[1]
    for answer, nonce in zip(answers, nonces, strict=True):
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert scripts
        assert all(f'nonce="{nonce[0]}"' in script for script in scripts)
        assert int(answer.headers["Content-Length"]) == len(answer.content)
    assert "unsafe-inline" not in policies[0].split("script-src", 1)[1].split(";", 1)[0]


def page_of(*scripts: bytes) -> bytes:
    return b"<html>" + b"".join(script + b"</script>" for script in scripts) + b"</html>"


def test_a_visitor_does_not_say_which_address_the_page_has(url: str) -> None:
    answer = httpx.get(f"{url}/config", headers={"X-Gradio-Server": "http://evil.example/"})
    assert answer.json()["root"] == url


def test_the_page_s_own_scripts_have_the_nonce_and_where_there_is_another_none_has() -> None:
    own = own_scripts()[0]
    assert len(own) > 3
    whole = with_nonce(page_of(*own), "n0")
    assert whole.count(b'<script nonce="n0"') == len(own)
    assert whole.replace(b' nonce="n0"', b"") == page_of(*own)
    for slipped in (b"<script>", b"<SCRIPT src=//evil>"):
        for place in range(len(own) + 1):
            assert b"n0" not in with_nonce(page_of(*own[:place], slipped, *own[place:]), "n0")


def test_an_error_of_the_application_carries_the_headers_and_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    async def fail(*_: object) -> None:
        raise ValueError("of a stranger\n" * 1000)

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": "http", "method": "GET", "path": "/", "headers": []}
    looped(Guard(fail)(scope, fail, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == 500
    headers = dict(sent[0]["headers"])
    assert {b"content-security-policy", b"permissions-policy", b"x-content-type-options"} <= set(headers)
    error = capsys.readouterr().err
    assert (error.count("\n"), len(error) < 400) == (1, True)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_another_origin_may_not_read_what_localhost_answers(url: str, origin: str) -> None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    assert "Access-Control-Allow-Origin" not in httpx.get(f"{url}/config", headers={"Origin": origin}).headers
    before = httpx.options(f"{url}/gradio_api/run/predict_strokes", headers=asked)
    assert "Access-Control-Allow-Origin" not in before.headers


def test_another_origin_may_not_post_without_asking_first(url: str) -> None:
    plain = {"Origin": "https://evil.example", "Content-Type": "text/plain"}
    answer = httpx.post(f"{url}/gradio_api/run/predict_strokes", headers=plain, content='{"data": [null, "cnn"]}')
    assert answer.status_code == 422


@pytest.fixture
def strict(browser: Browser, url: str) -> Iterator[Page]:
    """The page of a visitor whose console must stay empty."""
    problems: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)

    with visiting(browser, url, watch) as page:
        yield page
    assert problems == []


@pytest.mark.browser
def test_under_the_policy_all_of_the_page_works(strict: Page) -> None:
    draw(strict, SEVEN)
    expect(sign(strict)).to_have_text("7")
    button(strict, "Yes").click()
    with strict.expect_download() as zipped:
        button(strict, "Download your digits").click()
    tab(strict, "Upload")
    strict.locator("#photo input[type=file]").set_input_files(ROOT / "examples" / "3-drawn.png")
    expect(sign(strict)).to_have_text("3")
    expect(strict.locator("#photo img")).to_be_visible()
    tab(strict, "Several files")
    strict.locator("#files input[type=file]").set_input_files([ROOT / "examples" / "3-drawn.png"])
    expect(strict.locator("#table tbody tr")).to_have_count(1)
    with strict.expect_download() as table:
        strict.get_by_role("link", name="Download as CSV").click()
    tab(strict, "Mistakes")
    strict.locator("#gallery button").first.click()
    expect(strict.locator("#mistake li")).to_have_count(3)
    tab(strict, "Models")
    expect(strict.locator("#model-detail h2")).to_have_text("cnn")
    strict.get_by_label("中文").check()
    expect(strict.locator("#top")).to_contain_text("写一个数字")
    assert [download.value.failure() for download in (zipped, table)] == [None, None]


@pytest.mark.browser
def test_a_script_that_slips_into_the_page_does_not_run(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(url)
    page.evaluate("""() => {
        const slipped = document.createElement("div");
        slipped.innerHTML = '<img src="data:," onerror="window.slipped = true">';
        document.body.append(slipped);
        const script = document.createElement("script");
        script.textContent = "window.slipped = true";
        document.body.append(script);
    }""")
    page.wait_for_timeout(300)
    assert page.evaluate("window.slipped") is None
    page.close()
