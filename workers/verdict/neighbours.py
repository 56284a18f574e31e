"""What two other addresses of the host say of a page: one that cannot exist, and its front page."""

from http import HTTPStatus

from workers.model import Observation
from workers.url import lookup_key
from workers.verdict.context import Context, Probe
from workers.verdict.page import Page
from workers.verdict.similarity import fold, similarity, text_digest

_MISSING = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_ALIKE = 0.9


def refuses(observation: Observation, page: Page, context: Context) -> bool:
    """Whether the host answers an address that cannot exist otherwise than with a page such as this one.

    False where nobody asked, and where the answer tells nothing.
    """
    probe = context.probe
    if probe is None or not _is_other(observation, probe):
        return False
    if probe.observation.status in _MISSING:
        return True
    if probe.observation.status != observation.status:
        return False
    landed, shown = lookup_key(observation.final_url), lookup_key(probe.observation.final_url)
    if landed != lookup_key(observation.url) and landed == shown:
        return False
    return probe.page is not None and not probe.page.is_shell and not _alike(page, probe.page)


def is_shown_for_any(observation: Observation, page: Page, context: Context) -> bool:
    """Whether an address that cannot exist shows the same text, as well or with an error of the server."""
    return _shows(observation, page, context.probe)


def is_shown_everywhere(observation: Observation, page: Page, context: Context) -> bool:
    """Whether the front page shows that same text too: this host has one page for every address."""
    return is_shown_for_any(observation, page, context) and _shows(observation, page, context.front)


def _shows(observation: Observation, page: Page, other: Probe | None) -> bool:
    if other is None or other.page is None or not _is_other(observation, other):
        return False
    status = other.observation.status
    is_as_well = status == observation.status or (status or 0) >= HTTPStatus.INTERNAL_SERVER_ERROR
    return is_as_well and bool(page.main_words) and _alike(page, other.page)


def _is_other(observation: Observation, other: Probe) -> bool:
    return lookup_key(observation.url) != lookup_key(other.observation.url)


def _alike(page: Page, other: Page) -> bool:
    if fold(page.title) != fold(other.title) and fold(page.main_heading) != fold(other.main_heading):
        return False  # short pieces under a long text that all pages of the host have
    if text_digest(page.main_text) == text_digest(other.main_text):
        return True
    return similarity(page.main_text, other.main_text) >= _ALIKE
