"""Walks the tokens of an HTML document and collects what they cite, in the order of the source."""

from collections import Counter
from dataclasses import dataclass, replace

import turbohtml
from turbohtml import Token, TokenType

from workers.extract.context import sentence_around
from workers.extract.finding import Found
from workers.extract.html_facts import Seen
from workers.extract.html_frames import escaped_findings
from workers.extract.html_source import attribute_spans, decode_text, decode_value, stripped_span
from workers.extract.html_table import BLOCKS, CODE, LISTS, SETS, kind_of, kind_of_data, kind_of_rel
from workers.extract.html_values import (
    ADDRESS_VALUE,
    META_ADDRESSES,
    css_spans,
    json_ld_spans,
    refresh_span,
    srcset_spans,
    word_spans,
)
from workers.extract.identifiers import find_identifiers
from workers.extract.labels import LABEL_REACH, Label, label_of
from workers.extract.scanner import scan
from workers.extract.source_map import SourceMap
from workers.extract.text import bare_finding, may_be_own, with_own
from workers.model import Kind

TEXT, START_TAG, END_TAG, COMMENT = (
    TokenType.TEXT,
    TokenType.START_TAG,
    TokenType.END_TAG,
    TokenType.COMMENT,
)
MAX_FRAME_DEPTH = 4


@dataclass(slots=True)
class Pending:
    """A finding whose anchor and sentence are still being read; offsets into the block's text."""

    found: Found
    text_start: int
    text_end: int | None = None
    slot: int = 0


class Walk:
    """One pass over the tokens of a document or fragment."""

    def __init__(self, text: str, source_map: SourceMap, depth: int = 0) -> None:
        self.text = text
        self.base: str | None = None
        self.facts = Seen(meta={}, times=[], json_ld=[], comments=[])
        self.skipped: Counter[str] = Counter()
        self._map = source_map
        self._depth = depth
        self._found: list[Found] = []
        self._block: list[str] = []
        self._block_length = 0
        self._labels: dict[int, Label] = {}
        self._last_block = ""
        self._pending: list[Pending] = []
        self._anchor: Pending | None = None
        self._raw = ""
        self._raw_type = ""
        self._code = 0
        self._heading = False

    def read(self, start: int, end: int) -> None:
        """Read the tokens of `text[start:end]`."""
        piece = self.text if start == 0 and end == len(self.text) else self.text[start:end]
        lines = SourceMap(piece)
        tokens = iter(turbohtml.tokenize(piece))
        token = next(tokens, None)
        while token is not None:
            following = next(tokens, None)
            at = start + lines.offset(token.line, token.col + 1)
            kind = token.type
            if kind == START_TAG:
                self._open(token, at, end)
            elif kind == TEXT:
                stop = end if following is None else start + lines.offset(following.line, following.col + 1)
                self._text(token.data or "", at, stop)
            elif kind == END_TAG:
                self._close(token.tag or "")
            elif kind == COMMENT and len(self.facts.comments) < 50:  # noqa: PLR2004 - banners stand early
                self.facts.comments.append((token.data or "")[:500])
            token = following

    def finish(self) -> list[Found]:
        """Return everything found, in the order of the source."""
        self._end_block()
        found = with_own(self._found, self._labels) if self._labels else self._found
        return sorted(found, key=lambda item: item.start)

    # --- tags

    def _open(self, token: Token, at: int, end: int) -> None:
        tag = token.tag or ""
        if tag in BLOCKS:
            self._end_block()
        self._raw = tag
        if tag in CODE:
            self._code += 1
        if tag == "h1":
            self._heading = True
        attributes = token.attrs
        if attributes:
            self._attributes(tag, dict(reversed(attributes)), at, end)
        elif tag == "br":
            self._say("\n")

    def _close(self, tag: str) -> None:
        self._raw = ""
        if tag == "a" and self._anchor is not None:
            self._anchor.text_end = self._block_length
            self._anchor = None
        if tag in CODE and self._code:
            self._code -= 1
        if tag == "h1":
            self._end_heading()
        if tag in BLOCKS:
            self._end_block()

    def _attributes(self, tag: str, values: dict[str, str], at: int, end: int) -> None:
        spans: dict[str, tuple[int, int]] | None = None
        self._raw_type = values.get("type", "").lower()
        for name, value in values.items():
            kind = kind_of(tag, name)
            is_data = kind is None and name.startswith("data-") and ADDRESS_VALUE.match(value) is not None
            if kind is None and not is_data and name not in {"content", "srcdoc", "href", "data-srcset"}:
                continue
            spans = spans if spans is not None else attribute_spans(self.text, at, end)
            span = spans.get(name)
            if span is not None:
                self._value(tag, name, values, kind_of_data(name) if is_data else kind, span)
        self._note(tag, values)

    def _value(
        self, tag: str, name: str, values: dict[str, str], kind: Kind | None, span: tuple[int, int]
    ) -> None:
        """Take what one attribute value cites."""
        start, end = span
        raw = self.text[start:end]
        if name == "content":
            self._meta(values, raw, start)
        elif name == "srcdoc":
            self._frame(raw, start)
        elif kind is None and name != "data-srcset":
            return
        elif name in SETS or name in LISTS or name == "style":
            spans = css_spans if name == "style" else srcset_spans if name in SETS else word_spans
            for low, high in spans(raw):
                self._add(start + low, start + high, kind or Kind.IMAGE)
        else:
            self._single(tag, name, values, kind or Kind.RESOURCE, stripped_span(self.text, start, end))

    def _single(self, tag: str, name: str, values: dict[str, str], kind: Kind, span: tuple[int, int]) -> None:
        rel = tuple(values.get("rel", "").lower().split())
        if tag == "link" and name == "href":
            kind = kind_of_rel(rel)
        anchor = values.get("alt") or values.get("aria-label") or values.get("title") or ""
        found = Found(
            start=span[0],
            end=span[1],
            kind=kind,
            target=values[name].strip(" \t\n\f\r"),
            anchor=" ".join(anchor.split()),
            rel=rel,
        )
        self._pend(found, is_anchor=tag == "a" and name in {"href", "xlink:href"})

    def _pend(self, found: Found, *, is_anchor: bool) -> None:
        pending = Pending(found, self._block_length, slot=len(self._found))
        self._found.append(found)
        self._pending.append(pending)
        if is_anchor:
            if self._anchor is not None:
                self._anchor.text_end = self._block_length
            self._anchor = pending
        else:
            pending.text_end = self._block_length

    def _add(self, start: int, end: int, kind: Kind) -> None:
        raw = self.text[start:end]
        if raw.strip():
            self._found.append(Found(start=start, end=end, kind=kind, target=decode_value(raw)))

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
            self._found.extend(inner.finish())
            return
        self._found.extend(escaped_findings(raw, start, self._read_frame))

    def _read_frame(self, text: str) -> list[Found]:
        inner = Walk(text, SourceMap(text), self._depth + 1)
        inner.read(0, len(text))
        return inner.finish()

    # --- text

    def _text(self, data: str, at: int, stop: int) -> None:
        match self._raw:
            case "style":
                for low, high in css_spans(self.text[at:stop]):
                    self._add(at + low, at + high, Kind.RESOURCE)
            case "script":
                self._script(data, at, stop)
            case "noscript":
                self.read(at, stop)
            case "title":
                self.facts.title = self.facts.title or " ".join(data.split())
            case "textarea" | "iframe" | "noframes" | "noembed" | "xmp":
                self._skip("raw text", data)
            case _:
                self._prose(data, at, stop)

    def _skip(self, reason: str, data: str) -> None:
        addresses = data.count("://")
        if addresses:
            self.skipped[reason] += addresses

    def _script(self, data: str, at: int, stop: int) -> None:
        if self._raw_type != "application/ld+json":
            self._skip("script", data)
            return
        self.facts.json_ld.append(data)
        for low, high in json_ld_spans(self.text[at:stop]):
            self._add_json(at + low, at + high)

    def _add_json(self, start: int, end: int) -> None:
        raw = self.text[start:end]
        self._found.append(
            Found(start=start, end=end, kind=Kind.METADATA, target=decode_text(raw).replace("\\/", "/"))
        )

    def _say(self, data: str) -> None:
        self._block.append(data)
        self._block_length += len(data)

    def _prose(self, data: str, at: int, stop: int) -> None:
        offset = self._block_length
        self._say(data)
        if self._anchor is not None or not _may_hold_address(data):
            return
        self._identifiers(data, at, stop, offset)
        for span in scan(self.text, at, stop):
            if self._code:
                self.skipped["code"] += 1
                continue
            found = bare_finding(self.text, span)
            # Markdown's brackets mean nothing here.
            bare = replace(found, kind=Kind.BARE, target=decode_text(found.target), seen_at=None, anchor="")
            self._stand(bare, data, offset)

    def _identifiers(self, data: str, at: int, stop: int, offset: int) -> None:
        for mention in find_identifiers(self.text[at:stop]):
            start, end = at + mention.start, at + mention.end
            target = decode_text(self.text[start:end])
            found = Found(
                start=start,
                end=end,
                kind=Kind.IDENTIFIER,
                target=target,
                defects=mention.defects,
                identifier=mention.identifier,
            )
            self._stand(found, data, offset)

    def _stand(self, found: Found, data: str, offset: int) -> None:
        """Take a finding that stands in the running text of the block."""
        place = offset + max(0, data.find(found.target[:40]))
        pending = Pending(found, place, place + len(found.target), slot=len(self._found))
        self._found.append(found)
        self._pending.append(pending)

    def _end_heading(self) -> None:
        if self._heading and not self.facts.heading:
            self.facts.heading = " ".join("".join(self._block).split()) or None
        self._heading = False

    def _end_block(self) -> None:
        """Give the findings of the block that ends their anchors and sentences."""
        if self._pending:
            text = "".join(self._block)
            for pending in self._pending:
                label = label_of(f"{self._last_block}\n{text[: pending.text_start]}")
                if label is not None and may_be_own(pending.found):
                    self._labels[pending.slot] = label
                end = len(text) if pending.text_end is None else pending.text_end
                found = pending.found
                said = " ".join(text[pending.text_start : end].split()) if found.kind is Kind.LINK else ""
                self._found[pending.slot] = replace(
                    found,
                    anchor=said or found.anchor,
                    context=sentence_around(text, pending.text_start, end),
                )
            self._pending.clear()
            self._anchor = None
        if self._block:
            said = "".join(self._block).strip()
            self._last_block = said[-LABEL_REACH:] if said else self._last_block
        self._block.clear()
        self._block_length = 0


def _may_hold_address(data: str) -> bool:
    return "/" in data or "." in data or "@" in data or "%3" in data or "-" in data or "PMID" in data
