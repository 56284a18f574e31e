"""Where on a page it says that something is missing, and where it sends a reader."""

from workers.model import Observation
from workers.verdict.address import Address
from workers.verdict.page import Page
from workers.verdict.phrases import Hit, find_missing, find_missing_title, holds

_LEADING_BLOCKS = 6
_HEADING_WORDS = 16
_BRIEF_PAGE_WORDS = 40
_QUICK_S = 6
_TELLING_SHARE = 0.3


def heading_hit(page: Page) -> Hit | None:
    """Return the not-found sentence of the main heading; headings of more than 16 words are none."""
    heading = page.main_heading
    hit = find_missing(heading) if len(heading.split()) <= _HEADING_WORDS else None
    return hit if hit and hit.coverage >= _TELLING_SHARE else None


def body_hit(page: Page) -> Hit | None:
    """Return a not-found sentence among the first blocks of the content, short headings included.

    Code under a heading is shown and not said; servers put their whole answer into `pre`, and no heading.
    """
    lead = [b for b in page.blocks if b.is_content and (b.level or not b.is_linked)][:_LEADING_BLOCKS]
    shown = [block for block in lead if not (block.is_code and page.main_heading)]
    told = (block for block in shown if not block.level or block.words <= _HEADING_WORDS)
    hits = (find_missing(block.text) for block in told)
    return next((hit for hit in hits if hit), None)


def finds_nothing(page: Page, asked: Address) -> str | None:
    """Return what a page says of a search without a result that nobody asked for; None elsewhere.

    Some hosts look for the words of any address that they do not know.
    """
    if asked.asks_a_search:
        return None
    lead = [b for b in page.blocks if b.is_content and (b.level or not b.is_linked)][:_LEADING_BLOCKS]
    texts = (page.title, *(block.text for block in lead))
    told = [text for text in texts if len(text.split()) <= _BRIEF_PAGE_WORDS]
    if not holds("no_results", "\n".join(told)):  # one look at all of them, as nearly no page says so
        return None
    return next((text for text in told if holds("no_results", text)), None)


def looks_missing(page: Page) -> bool:
    """Whether title, heading or lead holds a not-found sentence, or the page names itself an error."""
    return bool(
        page.names_error
        or page.status_hint
        or find_missing_title(page.title)
        or heading_hit(page)
        or body_hit(page)
    )


def landing_url(observation: Observation, page: Page) -> str:
    """Return where a reader ends up: the final URL, or where a page that does little else sends on."""
    if page.text_words < _BRIEF_PAGE_WORDS:
        quick = page.refresh_url if (page.refresh_delay_s or 0) <= _QUICK_S else None
        return quick or page.script_target or observation.final_url
    return observation.final_url
