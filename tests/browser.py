"""A real browser for tests: pages that fail the test on faults and on requests to anywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
NEEDS_BROWSER = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no browser on this machine"),
    # Playwright leaves its own loop's pipes to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browser_page(origin: str, *, scripts: bool = True) -> Iterator[Page]:
    """Give a page of `origin`; console errors and requests to other origins fail the test at the end."""
    faults: list[str] = []

    def guard(route: Route) -> None:
        if route.request.url.startswith((origin, "data:", "blob:")):
            route.continue_()
        else:
            faults.append(f"asked {route.request.url}")
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        context = browser.new_context(base_url=origin, java_script_enabled=scripts)
        context.route("**/*", guard)
        opened = context.new_page()
        opened.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        opened.on("pageerror", lambda error: faults.append(str(error)))
        yield opened
        browser.close()
    assert faults == []
