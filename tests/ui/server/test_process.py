"""The page's process: its start where little is allowed, its start with what is damaged, its end."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

import app
from tests.helpers.browsing import SEVEN, choose, draw, tab, visiting
from tests.helpers.running import DRAWING, ROOT, Running, running
from ui.server.process import check_address, remove_old, uploads

pytestmark = pytest.mark.server


@pytest.fixture
def _same_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What ``main`` changes in its own process, set back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for name in ("no_proxy", "FORWARDED_ALLOW_IPS", "GRADIO_TEMP_DIR"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (["--host", "192.0.2.1"], {}, "can't listen on 192.0.2.1: Cannot assign requested address"),
        (
            ["--host", "192.0.2.1", "--port", "7000"],
            {},
            "can't listen on 192.0.2.1:7000: Cannot assign requested address",
        ),
        (["--host", "a" * 64], {}, f"can't listen on {'a' * 64}: "),
        (["--port", "99999"], {}, "can't listen on 127.0.0.1:99999: "),
        (["--port", "-1"], {}, "can't listen on 127.0.0.1:-1: "),
        ([], {"DIGITS_RATE": "fast"}, "DIGITS_RATE is 'fast': give requests a second, such as 60, or 0 for any number"),
        (
            [],
            {"GRADIO_TEMP_DIR": __file__},
            f"can't write to {__file__}: Not a directory; GRADIO_TEMP_DIR names another",
        ),
    ],
)
@pytest.mark.usefixtures("_same_process")
def test_what_keeps_the_page_from_starting_is_said_in_one_line(
    arguments: list[str],
    environment: dict[str, str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert app.main(arguments) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith(f"error: {sentence}")
    assert errors.count("\n") == 1


@pytest.mark.usefixtures("_same_process")
def test_an_ipv6_address_gets_its_brackets() -> None:
    assert check_address("0.0.0.0", None) == "0.0.0.0"
    assert check_address(None, None) is None
    if socket.has_ipv6:
        assert check_address("::1", None) == check_address("[::1]", None) == "[::1]"


@pytest.mark.usefixtures("_same_process")
def test_uploads_lie_in_a_folder_of_their_own_until_the_page_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with uploads() as folder:
        assert folder.parent == tmp_path
        assert os.environ["GRADIO_TEMP_DIR"] == str(folder)
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "mine.png").write_bytes(b"mine")
    assert not folder.exists()


def test_the_clean_up_survives_that_the_folder_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr("ui.server.process.CLEAN_UP_INTERVAL", 0.02)
    monkeypatch.setattr("ui.server.process.MAX_AGE", 0.1)
    with uploads() as folder:
        folder.rmdir()
        time.sleep(0.2)
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "mine.png").write_bytes(b"mine")
        end = time.monotonic() + 10
        while (folder / "mine.png").exists():
            assert time.monotonic() < end
            time.sleep(0.02)


def test_old_files_go_however_deep_and_new_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("tmpabc", "deep/old.png"):
        (tmp_path / name).write_bytes(b"old")
    remove_old(tmp_path, age=60)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
    time.sleep(0.05)
    remove_old(tmp_path, age=0.02)
    assert [path.name for path in tmp_path.rglob("*")] == ["deep"]
    time.sleep(0.05)
    remove_old(tmp_path, age=0.02)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_page_at_work_ends_within_seconds_without_a_word_and_leaves_no_upload(number: int, tmp_path: Path) -> None:
    with running(GRADIO_TEMP_DIR=str(tmp_path), DIGITS_RATE="0") as page:
        statuses: list[int] = []
        threads = [threading.Thread(target=read_until_it_ends, args=(page.url, statuses)) for _ in range(8)]
        httpx.post(f"{page.url}/gradio_api/upload", files={"files": ("a.png", b"mine")})
        with httpx.stream("GET", f"{page.url}/gradio_api/heartbeat/visitor", timeout=30):  # as an open page keeps
            for thread in threads:
                thread.start()
            while len(statuses) < 50:
                time.sleep(0.02)
            started = time.monotonic()
            assert page.end(number) == (0, "")
        assert time.monotonic() - started < 10
        for thread in threads:
            thread.join()
        assert set(statuses) == {200}
        assert list(tmp_path.rglob("*.png")) == []


def read_until_it_ends(url: str, statuses: list[int]) -> None:
    """One visitor who draws without a rest."""
    with httpx.Client(timeout=30) as client:
        while True:
            try:
                answer = client.post(f"{url}/gradio_api/run/predict_strokes", json={"data": [DRAWING, "cnn"]})
            except httpx.TransportError:
                return
            statuses.append(answer.status_code)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which all weights but tutorial-cnn's are damaged, each otherwise."""
    copy = tmp_path_factory.mktemp("damaged") / "copy"
    for name in ("ui", "model", "examples"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
    shutil.copy(ROOT / "app.py", copy)
    weights = copy / "model" / "weights"
    (weights / "cnn.safetensors").unlink()
    whole = (weights / "mlp.safetensors").read_bytes()
    (weights / "mlp.safetensors").write_bytes(whole[: len(whole) // 2])
    (weights / "perceptron.safetensors").write_bytes(whole)
    (weights / "perceptron.mistakes.png").unlink()
    replace(weights, "logistic", whole)
    replace(weights, "keras-cnn", f"cos\nsystem\n(S'touch {copy}/run'\ntR.".encode())  # a pickle
    return copy


def replace(weights: Path, name: str, content: bytes) -> None:
    """Give a model other weights, for which its card vouches."""
    (weights / f"{name}.safetensors").write_bytes(content)
    card = json.loads((weights / f"{name}.json").read_text(encoding="utf-8"))
    card["sha256"][f"{name}.safetensors"] = hashlib.sha256(content).hexdigest()
    (weights / f"{name}.json").write_text(json.dumps(card), encoding="utf-8")


@pytest.fixture(scope="module")
def bare(damaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The damaged copy's page, started from elsewhere, where neither can be written to and the proxy is down."""
    home = tmp_path_factory.mktemp("home")
    paths = [home, damaged, *damaged.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        with running(root=damaged, cwd=home, HOME=str(home), http_proxy="http://127.0.0.1:9") as page:
            yield page
    finally:
        for path in paths:
            path.chmod(0o755)


def read(page: Running, model: str) -> dict[str, Any]:
    """What the endpoint answers."""
    answer = httpx.post(f"{page.url}/gradio_api/run/predict_strokes", json={"data": [DRAWING, model]}, timeout=30)
    reading: dict[str, Any] = answer.json()["data"][0]
    return reading


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("cnn", "is missing"),
        ("mlp", "is damaged or doesn't belong to mlp.json"),
        ("perceptron", "is damaged or doesn't belong to perceptron.json"),
        ("logistic", "holds weights of another network"),
        ("keras-cnn", "holds weights of another network"),
    ],
)
def test_the_endpoint_names_the_damaged_file_and_how_to_get_it_back(
    bare: Running, damaged: Path, model: str, problem: str
) -> None:
    reading = read(bare, model)
    assert reading["error"] == (
        f"{damaged / 'model' / 'weights' / model}.safetensors {problem}: train it anew with `python train.py`, "
        "or fetch the file again with `git checkout -- model/weights`"
    )
    assert (reading["status"], reading["digits"]) == (None, [])
    assert not (damaged / "run").exists()


def test_a_model_that_is_whole_reads_on_a_disk_that_cannot_be_written_to(bare: Running) -> None:
    assert read(bare, "tutorial-cnn")["digits"][0]["label"] == "7"


@pytest.fixture
def visit(browser: Browser, bare: Running, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The damaged copy's page of a visitor who reads the language that the test names."""
    with visiting(browser, bare.url, locale=request.param) as page:
        yield page


@pytest.mark.browser
@pytest.mark.parametrize(
    ("visit", "sentence"),
    [
        ("en-GB", "cnn.safetensors is missing: train it anew with `python train.py`, or fetch the file again with"),
        ("zh-CN", "cnn.safetensors：请运行 `python train.py` 重新训练，或用 `git checkout -- model/weights` 取回文件"),
    ],
    indirect=["visit"],
)
def test_the_page_says_in_its_language_which_file_is_missing(visit: Page, sentence: str) -> None:
    draw(visit, SEVEN)
    expect(visit.locator("#answer")).to_contain_text(sentence)


@pytest.mark.browser
@pytest.mark.parametrize("visit", ["en-GB"], indirect=True)
def test_the_page_says_so_where_there_is_no_answer_to_say_it_in(visit: Page) -> None:
    choose(visit, "model", "perceptron")
    tab(visit, "Mistakes")
    expect(visit.get_by_role("alert").filter(has_text="perceptron.mistakes.png is missing")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize("visit", ["en-GB"], indirect=True)
def test_an_example_is_shown_wherever_the_page_was_started(visit: Page) -> None:
    choose(visit, "model", "tutorial-cnn")
    visit.locator("#examples button").first.click()
    expect(visit.locator("#photo img")).to_be_visible()
