"""Reads plain text: bare addresses, identifiers, and the `[text](target)` and `<target>` of Markdown."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from workers.extract.address_lines import AddressLines, ListedLinks
from workers.extract.bare_titles import with_bare_titles
from workers.extract.context import plain_sentence
from workers.extract.finding import NO_BASE, Base, Found, given_base, placed
from workers.extract.identifiers import Mention, find_identifiers
from workers.extract.inline import Inline, inline_links, unescape
from workers.extract.labels import Label, label_before, named_as_own
from workers.extract.metadata import plain_markup, read_facts
from workers.extract.scanner import Span, scan
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.model import Defect, Document, Format, FoundLink, Kind

_LINE_ENDS = frozenset({"", "\n"})
_LISTED = ("http://", "https://", "\n")
MAX_ANCHOR = 2_000
_NEVER_OWN = frozenset({Defect.UNSUPPORTED_SCHEME, Defect.BARE_TITLE})
OWN_KINDS = frozenset({Kind.BARE, Kind.AUTOLINK, Kind.LINK})


def read(source: Source) -> Document:
    """Return the findings and facts of a plain text document."""
    text = decode(source).text
    facts = read_facts(text)
    base = given_base(source.base)
    lines = AddressLines(text)
    found = [item for part in lines.parts for item in find_in_text(text, *part)]
    found = own_address(text, with_bare_titles(text, found))
    source_map = SourceMap(text)
    others = [(_place(item), placed(item, source_map, base)) for item in found]
    links = [link for _, link in others]
    return Document(
        source=source.name,
        format=Format.TEXT,
        text=text,
        links=ListedLinks(lines, others, base) if lines else tuple(links),
        headline=facts.headline,
        published=facts.published,
        published_source=facts.published_source,
        language=facts.language,
        own_url=own_url_of(links),
    )


def links_in_text(
    text: str, *, base: Base = NO_BASE, source_map: SourceMap | None = None, markup: bool = False
) -> list[FoundLink]:
    """Return the addresses in a text that another format holds, with offsets into `text`.

    `markup` reads `[text](target)` too. Readers carry the places back to their own source.
    """
    found = find_in_text(text) if markup else find_bare(text)
    if not markup:
        found = with_mentions(text, (), found)
        found.sort(key=lambda item: item.start)
    places = source_map or SourceMap(text)
    return [placed(item, places, base) for item in found]


def find_in_text(text: str, start: int = 0, end: int | None = None) -> list[Found]:
    """Return inline links, autolinks and bare addresses of `text[start:end]` in the order of their places.

    A part of a text without inline links begins and ends with a line.
    """
    stop = len(text) if end is None else end
    inlines = list(inline_links(text))
    found = [_from_inline(text, inline) for inline in inlines]
    holes = merged((item.start, item.end) for item in inlines)
    found.extend(find_bare(text, start, stop, barriers=holes))
    found = with_mentions(text, holes, found, start=start, end=stop)
    found.sort(key=lambda item: (_place(item), item.start))
    return found


def _place(item: Found) -> int:
    """Return where a reader meets a citation."""
    return item.start if item.seen_at is None else item.seen_at


def with_mentions(
    text: str,
    holes: Sequence[tuple[int, int]],
    found: Sequence[Found],
    *,
    start: int = 0,
    end: int | None = None,
) -> list[Found]:
    """Return `found` and the identifiers that `text[start:end]` mentions outside of `holes` and of `found`.

    An address without a scheme that is part of an identifier (`math.GT/0309136`) was none.
    """
    mentions = find_identifiers(text[start:end])
    if start:
        mentions = [replace(each, start=each.start + start, end=each.end + start) for each in mentions]
    if not mentions:
        return list(found)
    spans = merged((mention.start, mention.end) for mention in mentions)
    kept = [item for item in found if not (_is_fuzzy(item) and _is_within(item, spans))]
    taken = merged([*holes, *((item.start, item.end) for item in kept)])
    starts = [low for low, _ in taken]
    kept.extend(_mentioned(text, mention) for mention in mentions if not _is_taken(mention, taken, starts))
    return kept


def _is_fuzzy(item: Found) -> bool:
    return item.is_bare and "//" not in item.target


def _is_within(item: Found, spans: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(spans, item.start, key=_low)
    return index > 0 and item.end <= spans[index - 1][1]


def _low(span: tuple[int, int]) -> int:
    return span[0]


def _is_taken(mention: Mention, taken: Sequence[tuple[int, int]], starts: Sequence[int]) -> bool:
    index = bisect_right(starts, mention.end - 1)
    return index > 0 and taken[index - 1][1] > mention.start


def _mentioned(text: str, mention: Mention) -> Found:
    return Found(
        start=mention.start,
        end=mention.end,
        kind=Kind.IDENTIFIER,
        target=text[mention.start : mention.end],
        context=plain_sentence(text, mention.start, mention.end),
        defects=mention.defects,
        identifier=mention.identifier,
    )


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted, disjoint ranges that cover the same places."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _from_inline(text: str, inline: Inline) -> Found:
    target = unescape(text[inline.target_start : inline.target_end])
    return Found(
        start=inline.target_start,
        end=inline.target_end,
        kind=Kind.IMAGE if inline.is_image else Kind.LINK,
        target=target,
        anchor=plain_markup(" ".join(text[inline.text_start : inline.text_end].split())),
        context=plain_sentence(text, inline.start, inline.end),
        seen_at=inline.start,
    )


def find_bare(
    text: str, start: int = 0, end: int | None = None, *, barriers: Sequence[tuple[int, int]] = ()
) -> list[Found]:
    """Return the bare addresses of `text[start:end]` outside of `barriers` (sorted, disjoint)."""
    found: list[Found] = []
    for span in scan(text, start, end, barriers=barriers):
        item = bare_finding(text, span)
        # The text of a link whose target is broken shows an address of its own; it is the anchor.
        while item.seen_at is not None and found and found[-1].start >= item.seen_at:
            found.pop()
        found.append(item)
    return found


def bare_finding(text: str, span: Span) -> Found:
    """Return the finding of one scanned address; its brackets say whether it is an autolink or a link."""
    start, end = span.start, span.end
    kind, seen_at, anchor = Kind.BARE, None, ""
    if text[start - 1 : start] == "<" and text[end : end + 1] == ">" and not span.readings:
        kind, seen_at = Kind.AUTOLINK, start - 1
    elif text[start - 2 : start] == "](":
        opening = text.rfind("[", max(0, start - MAX_ANCHOR), start - 2)
        if opening >= 0:
            kind, seen_at, anchor = Kind.LINK, opening, plain_markup(text[opening + 1 : start - 2])
    written = text[start:end]
    is_mail = "@" in written and "/" not in written and ":" not in written
    return Found(
        start=start,
        end=end,
        kind=kind,
        target=written,
        anchor=anchor,
        context=written if _is_listed(text, start, end) else plain_sentence(text, start, end),
        defects=_defects(span, is_mail=is_mail),
        readings=() if is_mail else span.readings,
        seen_at=seen_at,
        is_bare=kind is not Kind.LINK,
    )


def _is_listed(text: str, start: int, end: int) -> bool:
    """Whether an address is all of its line, between addresses or empty lines: an entry of a list."""
    if text[start - 1 : start] not in _LINE_ENDS or text[end : end + 1] not in _LINE_ENDS:
        return False
    line_before = text.rfind("\n", 0, max(0, start - 1)) + 1
    is_first = start == 0 or text.startswith(_LISTED, line_before)
    return is_first and (end >= len(text) - 1 or text.startswith(_LISTED, end + 1))


def _defects(span: Span, *, is_mail: bool) -> tuple[Defect, ...]:
    if is_mail:
        return (Defect.UNSUPPORTED_SCHEME,)
    return (Defect.ELLIPSIS,) if span.is_cut_short else ()


def own_address(text: str, found: Sequence[Found]) -> list[Found]:
    """Return `found` with the article's own address marked by its label.

    A strong label always counts; a weak one ('Source:') only where one address alone carries it.
    """
    labels = {
        index: label
        for index, item in enumerate(found)
        if may_be_own(item) and (label := label_before(text, _place(item)))
    }
    return with_own(found, labels) if labels else list(found)


def may_be_own(item: Found) -> bool:
    """Whether a finding is of a kind that a label can name as the article's own address."""
    return item.kind in OWN_KINDS and not _NEVER_OWN.intersection(item.defects)


def with_own(found: Sequence[Found], labels: Mapping[int, Label]) -> list[Found]:
    """Return `found` with the own address marked; `labels` are those before a finding, by its index."""
    chosen = named_as_own(labels, {index: found[index].target for index in labels})
    return [item.of_kind(Kind.ORIGINAL_URL) if index in chosen else item for index, item in enumerate(found)]


def own_url_of(links: Sequence[FoundLink]) -> str | None:
    """Return the first labelled own address as written, else the canonical one of the front matter."""
    for kind in (Kind.ORIGINAL_URL, Kind.CANONICAL):
        for link in links:
            if link.kind is kind:
                return link.target
    return None
