"""Which answers deserve the question what an address beside them that cannot exist is answered with."""

from dataclasses import replace
from http import HTTPStatus

from workers.model import ALIVE, Observation, Verdict
from workers.verdict.address import Address, Shape, read_address
from workers.verdict.context import Context, Probe
from workers.verdict.lexicon import marks
from workers.verdict.missing import finds_nothing, looks_missing
from workers.verdict.outcome import decide
from workers.verdict.page import Page
from workers.verdict.probe import probe_url
from workers.verdict.similarity import fold
from workers.verdict.words import words_of

NOTHING_KNOWN = Context()
_TELLING_SLUG = 2
_FEW_WORDS = 80


def needs_probe(
    observation: Observation, page: Page | None, verdict: Verdict, context: Context = NOTHING_KNOWN
) -> bool:
    """Whether a sibling's answer could change `verdict`, which was made with `context`.

    So it is for good answers with a weak sign of an error, and for error pages, notices, landers and walls
    told by their words alone, whose host may prove to be one that refuses what it lacks.
    """
    if context.probe is not None or page is None or observation.status != HTTPStatus.OK:
        return False
    if verdict.outcome in ALIVE:
        return is_suspect(observation, page)
    return _would_turn(observation, page, verdict, context)


def _would_turn(observation: Observation, page: Page, verdict: Verdict, context: Context) -> bool:
    refused = replace(observation, url=probe_url(observation.url, seed=""), status=HTTPStatus.NOT_FOUND)
    known = replace(context, probe=Probe(observation=refused, page=None))
    return decide(observation, page=page, context=known).outcome is not verdict.outcome


def is_suspect(observation: Observation, page: Page | None) -> bool:
    """Whether a good answer shows a weak sign of an error, so that a sibling is to be asked."""
    if observation.status != HTTPStatus.OK or page is None or page.is_shell:
        return False
    asked, landed = read_address(observation.url), read_address(observation.final_url)
    if asked.shape is Shape.ROOT:
        return False
    # Of a body that was cut short, few words tell nothing.
    is_thin = observation.body_complete and page.main_words < _FEW_WORDS
    # A place that carries on the slug asked for is not where a sibling is sent.
    is_higher = landed.depth < asked.depth and landed.segments[-1:] != asked.segments[-1:]
    is_other_kind = asked.file_type is not None and page.is_html
    is_unpicked = bool(asked.picked) and not asked.picked & (landed.picked | landed.ids)
    is_off = is_higher or landed.names_error or is_thin or is_other_kind or is_unpicked
    if is_off or looks_missing(page) or finds_nothing(page, asked):
        return True
    return _names_another(page, asked) or _is_off_topic(page, asked) or _names_only_its_site(page, asked)


def _is_off_topic(page: Page, asked: Address) -> bool:
    """Whether title and headings have no word of a telling slug; other letters than its own tell nothing."""
    heads = f"{page.title} {page.main_heading} {page.og_title}"
    return len(asked.words) >= _TELLING_SLUG and heads.isascii() and not asked.words & words_of(heads)


def _names_only_its_site(page: Page, asked: Address) -> bool:
    """Whether title and heading name the site and nothing on it, and no address is called the page's own."""
    if page.canonical or page.og_url:
        return False
    own = fold(f"{page.site_name} {asked.host}")
    heads = words_of(f"{page.title} {page.main_heading}") - set(marks("generic_path_words"))
    return bool(heads) and all(word in own for word in heads)


def _names_another(page: Page, asked: Address) -> bool:
    """Whether the page calls the front page its own address, as hosts do that show it for any path."""
    return bool(asked.segments) and any(
        read_address(address).shape is Shape.ROOT for address in (page.canonical, page.og_url) if address
    )
