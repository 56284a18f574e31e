"""Whether a capture shows the resource an article cited, by reading it as it was captured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from typing import Final, Protocol

from workers.archive.choose import (
    MAX_LOOKS,
    USABLE,
    Checked,
    across,
    is_same_resource,
    order,
    settle,
)
from workers.archive.link_format import original_in, read_links
from workers.archive.settings import LOCAL
from workers.model import ALIVE, Choice, Hop, Memento, Observation
from workers.url import host_of, parse, registrable_domain
from workers.verdict.address import read_address
from workers.verdict.context import Context
from workers.verdict.outcome import decide
from workers.verdict.page import Page, read_page
from workers.verdict.words import words_of

MAX_ARCHIVED_REDIRECTS: Final = 2
MIN_WORDS: Final = 15
MIN_TITLE_WORDS: Final = 2
TITLE_SHARE: Final = 0.34
HTTP_OK: Final = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the citing article says of the resource: its address, and the texts it is linked under."""

    original: str
    anchors: tuple[str, ...] = ()
    headline: str | None = None


class CaptureReader(Protocol):
    """Reads captures as they were captured, from archives or from our own files."""

    async def read(self, memento: Memento, *, raw: bool = True) -> Observation:
        """Return what is handed out for a capture, raw or as replayed; faults are in the observation."""
        ...


async def choose(
    mementos: Sequence[Memento], expected: Expected, *, near: datetime | None, reader: CaptureReader
) -> Choice:
    """Return the capture that stands for the citation, after at most five looks (rule `pick/1`)."""
    ordered = order(mementos, original=expected.original, near=near)
    looks: list[Checked] = []
    for memento in ordered[:MAX_LOOKS]:
        looks.append(inspect(memento, await reader.read(memento), expected))
        if looks[-1].passes:
            break
    if not looks or not looks[-1].passes:
        return replace(settle(looks), near=near)
    beside = None
    for memento in across(ordered, looks[-1].memento, near=near)[: MAX_LOOKS - len(looks)]:
        beside = inspect(memento, await reader.read(memento), expected)
        if beside.passes:
            break
    return replace(settle(looks, beside=beside), near=near)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A capture as the crawler observed it, with its page (None where it holds no text)."""

    observation: Observation
    page: Page | None


def shown_by(memento: Memento, answer: Observation) -> Shown | None:
    """Return what a capture shows, None where the archive did not hand it out."""
    if not_handed_out(memento, answer) is not None:
        return None
    seen = as_captured(memento, answer)
    return Shown(observation=seen, page=_page(seen))


def with_seen(mementos: Iterable[Memento], choice: Choice) -> tuple[Memento, ...]:
    """Return the captures, those that were read for a choice with what was seen of them."""
    read = {each.uri_m: each for each in (*choice.considered, choice.other, choice.memento) if each}
    return tuple(read.get(memento.uri_m, memento) for memento in mementos)


def inspect(memento: Memento, answer: Observation, expected: Expected) -> Checked:
    """Judge one capture by what its raw form was answered with."""
    failed = not_handed_out(memento, answer)
    if failed is not None:
        return Checked(memento=memento, faults=(failed,), readable=False)
    seen = as_captured(memento, answer)
    page = _page(seen)
    faults = (*_faults_of_place(memento, answer, seen), *_faults_of_page(seen, page, expected))
    known = replace(memento, status=seen.status, media_type=seen.media_type or memento.media_type)
    return Checked(memento=known, faults=faults, text=page.main_text if page else "")


def as_captured(memento: Memento, answer: Observation) -> Observation:
    """Return an archive's answer as the crawler's observation: originals in place of archive addresses.

    Redirects between two captures of one original are the archive's own and left out.
    """
    if memento.archive == LOCAL:
        return answer
    hops = [
        Hop(url=original_in(hop.url) or hop.url, status=hop.status, reason=hop.reason) for hop in answer.hops
    ]
    way = [
        hop
        for hop, following in zip_longest(hops, hops[1:])
        if following is None or not is_same_resource(hop.url, following.url)
    ]
    final_url = original_in(answer.final_url) or answer.final_url
    return replace(answer, url=memento.original, final_url=final_url, hops=tuple(way))


def not_handed_out(memento: Memento, answer: Observation) -> str | None:
    """Return why the archive's answer is no capture, None where it is one."""
    if answer.status is None:
        return f"not handed out: {answer.failure_reason or answer.failure}"
    is_memento = memento.archive == LOCAL or "memento-datetime" in answer.headers
    if not is_memento and answer.status not in HTTP_OK:
        return f"not handed out: status {answer.status}"
    return None


def _page(seen: Observation) -> Page | None:
    if not seen.body:
        return None
    return read_page(seen.body, media_type=seen.media_type, charset=seen.charset, url=seen.final_url)


def _faults_of_place(memento: Memento, answer: Observation, seen: Observation) -> list[str]:
    """Return what is wrong with where the capture led."""
    faults = []
    if memento.archive != LOCAL:
        if "memento-datetime" not in answer.headers:
            faults.append("the archive names no Memento-Datetime")
        if original_in(memento.uri_m) and not original_in(answer.final_url):
            faults.append(f"it leads out of the archive, to {answer.final_url[:200]}")
        faults += _other_original(answer, seen)
    redirects = len(seen.hops) - 1
    if redirects > MAX_ARCHIVED_REDIRECTS:
        faults.append(f"{redirects} archived redirects")
    if redirects > 0 and _is_home(seen.final_url) and not _is_home(memento.original):
        faults.append("it was redirected to the home page")
    elif redirects > 0 and _domain(seen.final_url) != _domain(memento.original):
        faults.append(f"it was redirected to another site: {seen.final_url[:200]}")
    return faults


def _other_original(answer: Observation, seen: Observation) -> list[str]:
    links = read_links(answer.headers.get("link", ""), base=answer.final_url)
    named = next((link.url for link in links if "original" in link.rel), None)
    if named is None or is_same_resource(named, seen.final_url):
        return []
    return [f"the archive names another original: {named[:200]}"]


def _faults_of_page(seen: Observation, page: Page | None, expected: Expected) -> list[str]:
    """Return what is wrong with what the capture shows."""
    context = Context(anchors=expected.anchors, headline=expected.headline)
    verdict = decide(seen, page=page, context=context)
    if verdict.outcome not in ALIVE:
        return [f"{verdict.outcome.replace('_', ' ')}: {'; '.join(verdict.evidence) or verdict.rule}"]
    if seen.status not in USABLE:
        return [f"captured with status {seen.status}"]
    if not seen.body and seen.body_complete:
        return ["the capture is empty"]
    return _faults_of_text(page, expected) if page is not None and page.is_html else []


def _faults_of_text(page: Page, expected: Expected) -> list[str]:
    """Return a fault where there is not enough to read, or what there is speaks of something else."""
    if page.is_shell:
        return ["it shows nothing before its scripts run"]
    if page.text_words < MIN_WORDS:
        return [f"little to read: {page.text_words} words"]
    return _faults_of_title(page, expected)


def _faults_of_title(page: Page, expected: Expected) -> list[str]:
    """Return a fault where neither title nor text carries the words of the anchor or of the address."""
    wanted = [words_of(anchor) for anchor in expected.anchors]
    wanted.append(read_address(expected.original).words)
    telling = [words for words in wanted if len(words) >= MIN_TITLE_WORDS]
    if not telling:
        return []
    shown = words_of(" ".join((page.title, page.og_title, *page.headings, page.main_text)))
    if any(len(words & shown) >= TITLE_SHARE * len(words) for words in telling):
        return []
    return [f"its title is unlike anchor and address: {(page.main_heading or page.title)[:100] or 'empty'}"]


def _is_home(url: str) -> bool:
    parsed = parse(url)
    return parsed is not None and parsed.pathname in {"/", "/index.html", "/index.php"} and not parsed.search


def _domain(url: str) -> str:
    return registrable_domain(host_of(url))
