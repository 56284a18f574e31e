"""The service and a real browser, for the tests of its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import browser_page
from tests.integration.api.served import Served, serve


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Serve the application with an empty database."""
    with serve(tmp_path) as running:
        yield running


@pytest.fixture
def page(served: Served) -> Iterator[Page]:
    """Give a page of the service; a request elsewhere or an error of the page fails the test."""
    with browser_page(served.url) as opened:
        yield opened
