"""Notices of a whole site that is down for now, sent with a good status for every address."""

from workers.model import Observation, Outcome, Verdict
from workers.regex import regex
from workers.verdict.address import read_address
from workers.verdict.blocks import Block
from workers.verdict.context import Context
from workers.verdict.lexicon import phrase_lists
from workers.verdict.missing import landing_url
from workers.verdict.neighbours import is_shown_for_any, refuses
from workers.verdict.page import Page
from workers.verdict.phrases import all_held, find_missing, holds, may_hold
from workers.verdict.similarity import fold
from workers.verdict.topic import shown_topic

_LEADING_BLOCKS = 4
_LITTLE, _BRIEF, _LINE_WORDS, _SCANTY = 40, 70, 40, 25
_TRACE_CHARS = 30
_WHOLE, _MOST, _CLEAR, _SOME = 0.9, 0.6, 0.5, 0.25
_SENTENCE = regex(r"[^.!?\uff01\uff1f\u3002\u061f\u0964|]+")
# A server's own fault named in a title, at whatever status it is sent: '503 Service Unavailable'.
_SERVER_FAULT = regex(r"^(?:[\W_]|http|error|erreur|fehler|errore|erro|ошибка|\d\.\d){0,8}5[0-3]\d(?!\d)")
# Who asks whether a site is down does not say so.
_ASKING = ("?", "\uff1f", "\u061f")
_LISTS = ("outage", "unavailable_now", "server_faults")
_WEAK_LISTS = ("trouble", "back_later")


def find_outage(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `down` where all that a page says is that its site is down for now, else None.

    Such a page may pass: maintenance, a database that does not answer, too many visitors. A page whose title,
    address or anchors have that as their subject is none, nor is one that says anything to be missing. Weaker
    words count where an address that cannot exist shows the very same page.
    """
    if not page.is_html or page.substance >= _LITTLE or page.main_words >= _BRIEF or page.is_divided:
        return None
    lead = _lead(page)
    if not any(may_hold(name, fold("\n".join(lead))) for name in (*_LISTS, *_WEAK_LISTS, "machine_faults")):
        return None
    told = next((text for text in lead if _tells(text)), None)
    if told and refuses(observation, page, context) and not _is_all(told, page, lead):
        return None
    if told is None and is_shown_for_any(observation, page, context):
        told = next((text for text in lead if any(holds(name, text) for name in _WEAK_LISTS)), None)
    is_trace = told is not None and _is_trace(told)
    if told is None or (_names_missing(lead) and not is_trace) or _is_subject(observation, page, context):
        return None
    evidence = (f"it says that it is down for now: {told[:160]}",)
    return Verdict(outcome=Outcome.DOWN, rule="down/notice", evidence=evidence)


def _lead(page: Page) -> list[str]:
    """Return title, main heading and the first blocks of the content, in this order."""
    blocks = [block.text for block in page.blocks if _is_line(block)][:_LEADING_BLOCKS]
    return [page.title, page.main_heading, *blocks]


def _is_line(block: Block) -> bool:
    return block.words <= _LINE_WORDS and not block.is_linked and bool(block.is_content or block.level)


def _tells(text: str) -> bool:
    """Whether a title, heading or line says that the site, or the page, is down for now."""
    folded = fold(text)
    fault = holds("server_faults", folded)
    if fault and (_SERVER_FAULT.match(folded) or len(fault) >= _WHOLE * len(folded)):
        return True
    if _is_trace(folded):
        return True
    sentences = (
        match for match in _SENTENCE.finditer(folded) if folded[match.end() : match.end() + 1] not in _ASKING
    )
    return any(_tells_sentence(match[0].strip()) for match in sentences)


def _is_trace(text: str) -> bool:
    """Whether a text begins with what a program prints as it breaks."""
    fault = holds("machine_faults", text)
    return fault is not None and fold(text).find(fault) < _TRACE_CHARS


def _tells_sentence(sentence: str) -> bool:
    """Whether a folded sentence is an outage's own, or says of a site or a page that it cannot be had now."""
    if sentence.partition(" ")[0] in phrase_lists()["conditions"]:
        return False
    outage = holds("outage", sentence)
    if outage:
        return len(outage) >= _SOME * len(sentence)
    now = holds("unavailable_now", sentence)
    if now is None:
        return False
    named = holds("site_nouns", sentence.replace(now, " ", 1)) or ""
    return len(now) + len(named) >= (_CLEAR if named else _WHOLE) * len(sentence)


def _is_all(told: str, page: Page, lead: list[str]) -> bool:
    """Whether title or heading tell hardly anything else, nor does the page: so much one page may say."""
    phrases = [phrase for name in _LISTS for phrase in all_held(name, told)]
    is_clear = max(map(len, phrases), default=0) >= _MOST * len(told)
    is_timed = page.is_dated or any(map(str.isdigit, page.main_text))
    return is_clear and told in lead[:2] and page.main_words < _SCANTY and not is_timed


def _names_missing(lead: list[str]) -> bool:
    """Whether something is said to be missing, besides what is off for now."""
    return any(find_missing(_without_now(text)) for text in lead)


def _without_now(text: str) -> str:
    folded = fold(text)
    for name in _LISTS:
        for phrase in all_held(name, folded):
            folded = folded.replace(phrase, " ")
    return folded


def _is_subject(observation: Observation, page: Page, context: Context) -> bool:
    """Whether such a state is what the link was cited for, or the page shows what it was cited for."""
    asked = read_address(observation.url)
    slugs = [segment.replace("-", " ").replace("_", " ") for segment in asked.segments]
    cited = [fold(text) for text in (*slugs, *context.anchors)]
    if any(_SERVER_FAULT.match(text) or any(holds(name, text) for name in _LISTS) for text in cited):
        return True
    return landing_url(observation, page) == observation.final_url and bool(shown_topic(page, asked, context))
