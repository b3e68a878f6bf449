"""A headless Chromium and the page that it opens; without it tests are skipped, or fail if UNBLOCKED_BROWSER is set."""

from __future__ import annotations

import os
import shutil
from importlib import import_module
from importlib.util import find_spec

import pytest

from .pages import forty_checks

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium():
    """The browser by CHROMIUM, or by its usual names."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium():
    """One browser for a module, and no longer: while it is there, so is a running event loop."""
    missing = pytest.fail if os.environ.get("UNBLOCKED_BROWSER") else pytest.skip
    if find_spec("playwright") is None:
        missing("playwright is not installed: nox -s browser")
    if (path := find_chromium()) is None:
        missing("there is no Chromium: apt-get install chromium, or set CHROMIUM")
    playwright = import_module("playwright.sync_api")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=[*FLAGS, *root])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the page of a result of 40 checks lies."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(forty_checks(), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def open_page(chromium, address):
    """Opens the page in a window of its own; at the end nothing must have been complained of or fetched."""
    contexts, complaints = [], []

    def open_page(*, width=1200, height=900, scheme="light", script=True):
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith(("file:", "data:")) or complaints.append(request.url)
            ),
        )
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
