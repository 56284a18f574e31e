"""Walks the tokens of an HTML document and collects what they cite, in the order of the source."""

import re
from collections import Counter
from functools import lru_cache

import turbohtml
from turbohtml import Token, TokenType

from workers.extract.finding import Found
from workers.extract.html_block import Blocks
from workers.extract.html_facts import Seen
from workers.extract.html_frames import escaped_findings
from workers.extract.html_prose import CLOSED, CUT, OPENED, WBR
from workers.extract.html_source import attribute_spans, decode_value, stripped_span
from workers.extract.html_table import (
    BLOCKS,
    CARRIERS,
    CODE,
    INLINE,
    LISTS,
    RAW,
    SETS,
    is_data_address,
    kind_of,
    kind_of_data,
    kind_of_rel,
)
from workers.extract.html_values import (
    ADDRESS_VALUE,
    META_ADDRESSES,
    css_addresses,
    json_ld_addresses,
    refresh_span,
    srcset_spans,
    word_spans,
)
from workers.extract.source_map import SourceMap
from workers.extract.text import with_own
from workers.model import Kind

TEXT, START_TAG, END_TAG, COMMENT = (
    TokenType.TEXT,
    TokenType.START_TAG,
    TokenType.END_TAG,
    TokenType.COMMENT,
)
MAX_FRAME_DEPTH = 4
MAX_COMMENTS = 50  # banners stand early
SPACE = frozenset(" \t\n\f\r")
NOTED = frozenset({"html", "base", "link", "time", "meta"})
CAPTURED = frozenset({"headline", "datepublished"})


@lru_cache(maxsize=256)
def _plain_attribute(tag: str, name: str) -> re.Pattern[str]:
    """Return what matches a tag written the common way, up to the value of `name` in double quotes."""
    return re.compile(rf'<{re.escape(tag)}(?:\s+[\w-]+="[^"]*")*?\s+{re.escape(name)}="([^"]*)"')


class Walk:
    """One pass over the tokens of a document or fragment."""

    def __init__(self, text: str, source_map: SourceMap, depth: int = 0) -> None:
        self.text = text
        self.base: str | None = None
        self.facts = Seen(meta={}, times=[], json_ld=[], comments=[])
        self.skipped: Counter[str] = Counter()
        self._map = source_map
        self._depth = depth
        self._blocks = Blocks(text)
        self._raw = ""
        self._raw_type = ""
        self._code = 0
        self._captures: list[tuple[str, str, int]] = []

    def read(self, start: int, end: int) -> None:
        """Read the tokens of `text[start:end]`."""
        piece = self.text if start == 0 and end == len(self.text) else self.text[start:end]
        lines = SourceMap(piece).line_starts()
        said, said_at = "", -1
        for token in turbohtml.tokenize(piece):
            at = start + lines[token.line - 1] + token.col
            if said_at >= 0:
                self._text(said, said_at, at)
                said_at = -1
            kind = token.type
            if kind is START_TAG:
                self._open(token, at, end)
            elif kind is TEXT:
                said, said_at = token.data or "", at
            elif kind is END_TAG:
                self._close(token.tag or "")
            elif kind is COMMENT and len(self.facts.comments) < MAX_COMMENTS:
                self.facts.comments.append((token.data or "")[:500])
        if said_at >= 0:
            self._text(said, said_at, end)

    def finish(self) -> list[Found]:
        """Return everything found, in the order of the source."""
        blocks = self._blocks
        blocks.end()
        self.facts.lines = blocks.lines
        found = with_own(blocks.found, blocks.labels) if blocks.labels else blocks.found
        return sorted(found, key=lambda item: item.start)

    # --- tags

    def _open(self, token: Token, at: int, end: int) -> None:
        tag = token.tag or ""
        blocks = self._blocks
        if tag in BLOCKS:
            blocks.end()
        elif tag in INLINE:
            blocks.seam |= OPENED
        else:
            blocks.seam |= WBR if tag == "wbr" else CUT
        self._raw = tag if tag in RAW else ""
        if tag in CODE:
            self._code += 1
        if tag == "time" and token.attr("datetime") is None:
            self._captures.append((tag, tag, blocks.length))
        if attributes := token.attrs:
            self._attributes(tag, attributes, at, end)

    def _close(self, tag: str) -> None:
        self._raw = ""
        blocks = self._blocks
        if self._captures and self._captures[-1][0] == tag:
            self._captured(*self._captures.pop())
        if tag == "a":
            blocks.end_anchor()
        elif tag in INLINE:
            blocks.seam |= CLOSED
        elif tag in CODE and self._code:
            self._code -= 1
            blocks.seam |= CUT
        elif tag in BLOCKS:
            if tag == "h1" and not self.facts.heading:
                self.facts.heading = " ".join(blocks.text().split()) or None
                blocks.end()
                blocks.lines.clear()
                return
            blocks.end()
        else:
            blocks.seam |= CUT

    def _captured(self, _: str, name: str, length: int) -> None:
        """Take the text of an element that says a fact of the page."""
        said = " ".join(self._blocks.text()[length:].split())
        if name != "time" and said:
            self.facts.meta.setdefault(name, said)
        elif said and len(self.facts.times) < MAX_COMMENTS:
            self.facts.times.append(said)

    def _attributes(self, tag: str, attributes: list[tuple[str, str]], at: int, end: int) -> None:
        values = dict(reversed(attributes))  # the first of a name counts
        if tag == "script":
            self._raw_type = values.get("type", "").lower()
        spans: dict[str, tuple[int, int]] | None = None
        for name, value in values.items():
            if name not in CARRIERS and not (name.startswith("data-") and is_data_address(name, value)):
                continue
            plain = _plain_attribute(tag, name).match(self.text, at, end)
            if plain is not None:
                self._value(tag, name, values, plain.span(1))
                continue
            spans = spans or attribute_spans(self.text, at, end)
            if name in spans:
                self._value(tag, name, values, spans[name])
        if tag in NOTED:
            self._note(tag, values)
        elif "itemprop" in values:
            self._begin_capture(tag, values)

    def _begin_capture(self, tag: str, values: dict[str, str]) -> None:
        name = values["itemprop"].lower()
        if name in CAPTURED and len(self._captures) < MAX_COMMENTS:
            if said := values.get("content") or values.get("datetime"):
                self.facts.meta.setdefault(name, said)
            else:
                self._captures.append((tag, name, self._blocks.length))

    def _value(self, tag: str, name: str, values: dict[str, str], span: tuple[int, int]) -> None:
        """Take what one attribute value cites."""
        start, end = span
        if name == "content":
            self._meta(values, self.text[start:end], start)
        elif name == "srcdoc":
            self._frame(self.text[start:end], start)
        elif name in SETS or name in LISTS:
            spans = srcset_spans if name in SETS else word_spans
            for low, high in spans(self.text[start:end]):
                self._add(start + low, start + high, kind_of(tag, name) or Kind.IMAGE)
        elif name == "style" or (name.startswith("data-") and "url(" in values[name]):
            self._styles(start, end)
        elif kind := kind_of_data(name) if name.startswith("data-") else kind_of(tag, name):
            self._single(tag, name, values, kind, span)

    def _single(self, tag: str, name: str, values: dict[str, str], kind: Kind, span: tuple[int, int]) -> None:
        start, end = span
        target = values[name]
        if target and (target[0] in SPACE or target[-1] in SPACE):
            target = target.strip(" \t\n\f\r")
            start, end = stripped_span(self.text, start, end)
        rel = tuple(values["rel"].lower().split()) if "rel" in values else ()
        if tag == "link" and name == "href":
            kind = kind_of_rel(rel)
        anchor = values.get("alt") or values.get("aria-label") or values.get("title") or ""
        found = Found(
            start=start,
            end=end,
            kind=kind,
            target=target,
            anchor=" ".join(anchor.split()),
            rel=rel,
        )
        self._blocks.cite(found, is_anchor=tag == "a" and name in {"href", "xlink:href"})

    def _add(self, start: int, end: int, kind: Kind, target: str | None = None) -> None:
        raw = self.text[start:end]
        if raw.strip():
            written = decode_value(raw) if target is None else target
            self._blocks.found.append(Found(start=start, end=end, kind=kind, target=written))

    def _styles(self, start: int, end: int) -> None:
        for low, high, target in css_addresses(self.text[start:end]):
            self._add(start + low, start + high, Kind.RESOURCE, decode_value(target))

    # --- what a document says of itself

    def _note(self, tag: str, values: dict[str, str]) -> None:
        facts = self.facts
        if tag == "html" and values.get("lang"):
            facts.language = values["lang"]
        elif tag == "base" and values.get("href") is not None and self.base is None:
            self.base = values["href"].strip()
        elif (
            tag == "link" and facts.canonical is None and "canonical" in values.get("rel", "").lower().split()
        ):
            facts.canonical = values.get("href")
        elif tag == "time" and values.get("datetime"):
            facts.times.append(values["datetime"])
        elif tag == "meta" and values.get("content"):
            name = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
            facts.meta.setdefault(name or values.get("http-equiv", "").lower(), values["content"])

    def _meta(self, values: dict[str, str], raw: str, start: int) -> None:
        name = (values.get("property") or values.get("name") or values.get("itemprop") or "").lower()
        if values.get("http-equiv", "").lower() == "refresh":
            span = refresh_span(raw)
            if span is not None:
                self._add(start + span[0], start + span[1], Kind.METADATA)
        elif ADDRESS_VALUE.match(raw) or (name in META_ADDRESSES and raw.strip()):
            low, high = stripped_span(self.text, start, start + len(raw))
            self._add(low, high, Kind.METADATA)

    def _frame(self, raw: str, start: int) -> None:
        """Read the document in a srcdoc; its places are those of the escaped source."""
        if self._depth >= MAX_FRAME_DEPTH:
            self.skipped["frames too deep"] += 1
            return
        if "&" not in raw:
            inner = Walk(self.text, self._map, self._depth + 1)
            inner.read(start, start + len(raw))
            self._blocks.found.extend(inner.finish())
            return
        self._blocks.found.extend(escaped_findings(raw, start, self._read_frame))

    def _read_frame(self, text: str) -> list[Found]:
        inner = Walk(text, SourceMap(text), self._depth + 1)
        inner.read(0, len(text))
        return inner.finish()

    # --- text

    def _text(self, data: str, at: int, stop: int) -> None:
        match self._raw:
            case "":
                self._prose(data, at, stop)
            case "style":
                self._styles(at, stop)
            case "script":
                self._script(data, at, stop)
            case "noscript":
                self._raw = ""
                self.read(at, stop)
            case "title":
                self.facts.title = self.facts.title or " ".join(data.split())
            case _:
                self._skip("raw text", data)

    def _skip(self, reason: str, data: str) -> None:
        addresses = data.count("://")
        if addresses:
            self.skipped[reason] += addresses

    def _script(self, data: str, at: int, stop: int) -> None:
        if self._raw_type != "application/ld+json":
            self._skip("script", data)
            return
        self.facts.json_ld.append(data)
        for low, high, target in json_ld_addresses(self.text[at:stop]):
            self._add(at + low, at + high, Kind.METADATA, target)

    def _prose(self, data: str, at: int, stop: int) -> None:
        if self._code:
            self._blocks.hear(data)
            self._skip("code", data)
        else:
            self._blocks.say(data, at, stop)
