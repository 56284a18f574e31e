"""How far today's page has moved from the capture nearest to its article's date (content drift)."""

from typing import Final

from workers.archive.verify import shown_by
from workers.errors import LinkwrightError
from workers.judge import page_of
from workers.model import Drift, Kept, Observation
from workers.protocols import Archive
from workers.verdict.similarity import similarity

RULE: Final = "drift/1"
MIN_WORDS: Final = 15


async def measure_drift(seen: Observation, kept: Kept, *, archive: Archive) -> Drift | None:
    """Return how alike a page is to a capture of it, None where one of the two has no text to compare.

    A page that is the same to the byte is not read twice.
    """
    if kept.text_digest is not None and kept.text_digest == seen.digest:
        return Drift(rule=RULE, similarity=1.0, memento=kept.memento, at=seen.observed_at)
    page = page_of(seen)
    if page is None or page.text_words < MIN_WORDS:
        return None
    try:
        shown = shown_by(kept.memento, await archive.read(kept.memento))
    except LinkwrightError:
        return None
    if shown is None or shown.page is None or shown.page.text_words < MIN_WORDS:
        return None
    alike = similarity(shown.page.main_text, page.main_text)
    return Drift(rule=RULE, similarity=round(alike, 4), memento=kept.memento, at=seen.observed_at)
