"""The browser in which pages are read: found on this machine, started for one file of tests."""

import shutil
from contextlib import contextmanager

import pytest

FOUND = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
needs_browser = pytest.mark.skipif(
    FOUND is None, reason="no browser found: install Debian's package `chromium`, or Chrome"
)
PHONE = {"width": 360, "height": 740}


@contextmanager
def launched():
    """A browser without a window; closed in the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=FOUND)
        yield browser
        browser.close()
