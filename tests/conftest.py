"""Digits to test with: the whole of MNIST where there is a copy, a small extract of it everywhere."""

from __future__ import annotations

import os

# The tests' arrays are too small to share: threads of BLAS would only wait for each other. Set before numpy reads it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import settings
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Request, sync_playwright

from model.data.digits import DataSet
from model.data.idx import RAW_FILES
from model.data.load import load_data
from tests.helpers.browsing import visiting
from tests.helpers.running import ROOT, running

torch.set_num_threads(1)  # as for BLAS, above


def pytest_configure() -> None:
    """Give hypothesis time, whatever else runs; and take Ctrl-C as in a terminal, processes of tests, too.

    A shell starts what it puts into the background with Ctrl-C ignored.
    """
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for the page or a browser: each starts a process."""
    for item in items:
        asked = getattr(item, "fixturenames", ())
        if "url" in asked:
            item.add_marker("server")
        if "browser" in asked:
            item.add_marker("browser")
        # A browser beside other work may lose an event. A test is run once more, and the summary names it: mend it.
        if item.get_closest_marker("browser") or item.get_closest_marker("server"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def mnist() -> DataSet:
    """The whole of MNIST. Tests that use it carry the marker ``mnist``; nothing is downloaded for them."""
    named = os.environ.get("DIGITS_DATA")
    folders = [*([Path(named)] if named else []), ROOT.parent / "shared" / "data", ROOT / "data"]
    for folder in folders:
        if all((folder / "MNIST" / "raw" / name).exists() for name in RAW_FILES):
            return load_data(folder)
    pytest.skip("there is no copy of MNIST in $DIGITS_DATA, ../shared/data or data")


@pytest.fixture(scope="session")
def extract() -> DataSet:
    """600 training and 200 test digits of MNIST."""
    return load_data(ROOT / "tests" / "data")


@pytest.fixture(scope="session")
def digit(extract: DataSet) -> NDArray[np.uint8]:
    """MNIST's first test digit, a 7: uint8 (28, 28), ink 255 on 0. Not to be written to."""
    pixels: NDArray[np.uint8] = extract.test.images[0].numpy().copy()
    pixels.setflags(write=False)
    return pixels


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """The address of the page, served by ``python app.py`` as a visitor's would be."""
    with running() as page:
        yield page.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium or Chrome, whichever is installed."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium or Chrome: .ci/run installs it")
        pytest.skip("there is no Chromium or Chrome on this machine")
    # Quiet flags: without them Chromium itself calls home, which the page never does.
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu", *quiet])
        with browser.new_page() as page:
            page.screenshot()  # it paints from now on: before it does, it drops what the mouse does
        yield browser


@pytest.fixture
def requests() -> list[Request]:
    """What the page has asked for, filled by ``page``."""
    return []


@pytest.fixture
def page(browser: Browser, url: str, requests: list[Request]) -> Iterator[Page]:
    """The page, ready to be used, of a visitor who reads English."""
    problems: list[str] = []
    with visiting(browser, url, lambda opened: watch(opened, problems, requests)) as opened:
        yield opened
    assert problems == []


def watch(page: Page, problems: list[str], requests: list[Request]) -> None:
    """Keep what goes wrong in a page's scripts, and what it asks for."""
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: requests.append(request))
