"""Reads reStructuredText: inline, named and anonymous targets, images, and standalone addresses."""

import re
from collections import Counter
from collections.abc import Iterator

from workers.extract.context import sentence_around
from workers.extract.dates import read_date
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.rst_targets import ANONYMOUS, Targets, joined_lines, read_targets
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.extract.text import find_bare, merged, with_mentions
from workers.model import Document, Format, Kind

# `text <address>`_ or `phrase`_ or name_, one underscore more for an anonymous one.
PHRASE = re.compile(
    r"(?<![\w`\\:])`(?P<text>[^`<>]{0,1000})(?:<(?P<target>[^<>`]{0,3000})>)?`(?P<under>__?)(?![\w`])"
)
NAME = re.compile(
    r"(?<![\w`\\/.@:|])(?P<text>[A-Za-z0-9](?:[\w.+-]{0,100}[A-Za-z0-9])?)(?P<under>__?)(?![\w`/])"
)
# Blocks whose text is no prose: code, what stands indented under a line that ends in `::`, comments.
_INDENTED = r"(?:\n(?:(?P=indent)[ \t]+[^\n]+|[ \t]*(?=\n|\Z)))*"
CODE_BLOCK = re.compile(
    rf"^(?P<indent>[ \t]*)(?:\.\. (?:code|code-block|sourcecode|parsed-literal|math|highlight)::[^\n]*"
    rf"|(?!\.\. )\S?[^\n]*::[ \t]*(?=\n[ \t]*\n)){_INDENTED}",
    re.MULTILINE,
)
COMMENT_BLOCK = re.compile(
    rf"^(?P<indent>[ \t]*)\.\.(?=[ \t\n])(?![ \t](?:[\w-]+(?::[\w-]+)*::|_|\[|\|))[^\n]*{_INDENTED}",
    re.MULTILINE,
)
LITERAL = re.compile(r"``[^`\n](?:[^`]|`(?!`)){0,2000}``")
IMAGE = re.compile(
    r"^[ \t]*\.\. (?:\|[^|\n]{1,200}\| )?(?:image|figure):: *(?P<target>\S[^\n]*)", re.MULTILINE
)
OPTION = re.compile(r"^[ \t]+:(?P<name>target|alt): *(?P<value>\S[^\n]*)", re.MULTILINE)
OPTIONS = re.compile(r"(?:\n[ \t]+:[\w-]+:[^\n]*)*")
UNDERLINE = re.compile(
    r"^(?P<title>\S[^\n]{0,300})\n(?P<line>([=\-~^\"'`#*+.:_])\3{2,})[ \t]*$", re.MULTILINE
)
DATE_FIELD = re.compile(r"^:(?:date|published|pubdate): *([^\n]{4,60})$", re.MULTILINE | re.IGNORECASE)
LANGUAGE_FIELD = re.compile(r"^:(?:lang|language): *([\w-]{2,20})\s*$", re.MULTILINE | re.IGNORECASE)
HEAD = 20_000
SPACES = re.compile(r"\s+")


class _Text:
    """Reads one reStructuredText document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.skipped: Counter[str] = Counter()
        self.targets: Targets = read_targets(text)
        self._literals = [match.span() for match in LITERAL.finditer(text)]
        self._literals += [match.span() for match in CODE_BLOCK.finditer(text)]
        self._comments = [match.span() for match in COMMENT_BLOCK.finditer(text)]
        self._covered = [*self._literals, *self._comments, *self.targets.spans]
        self._used: set[str] = set()
        self._anonymous = iter(self.targets.anonymous)

    def find(self) -> list[Found]:
        """Return the findings in the order in which a reader meets them."""
        found = [*self._images(), *self._references()]
        found += self._unused()
        covered = merged(self._covered)
        found += with_mentions(self.text, covered, find_bare(self.text, barriers=covered))
        for reason, spans in (("literals", self._literals), ("comments", self._comments)):
            count = sum(self.text.count("://", start, end) for start, end in spans)
            self.skipped[f"addresses in {reason}"] += count
        found.sort(key=lambda item: (item.start if item.seen_at is None else item.seen_at, item.start))
        return found

    def _images(self) -> Iterator[Found]:
        for match in IMAGE.finditer(self.text):
            options = OPTIONS.match(self.text, match.end())
            stop = options.end() if options else match.end()
            values = {option["name"]: option for option in OPTION.finditer(self.text, match.end(), stop)}
            alt = values["alt"]["value"].strip() if "alt" in values else ""
            yield self._found(match, "target", Kind.IMAGE, alt)
            if "target" in values and not values["target"]["value"].rstrip().endswith("_"):
                yield self._found(values["target"], "value", Kind.LINK, alt)

    def _found(self, match: re.Match[str], group: str, kind: Kind, anchor: str) -> Found:
        written = match[group].rstrip()
        self._covered.append(match.span(group))
        return Found(
            start=match.start(group),
            end=match.start(group) + len(written),
            kind=kind,
            target=written,
            anchor=anchor,
            context=anchor,
        )

    def _references(self) -> Iterator[Found]:
        phrases = list(_outside(PHRASE, self.text, merged(self._covered)))
        self._covered += [match.span() for match in phrases]
        names = _outside(NAME, self.text, merged(self._covered))
        for match in sorted([*phrases, *names], key=re.Match.start):
            found = self._inline(match) if match.groupdict().get("target") is not None else self._named(match)
            if found is not None:
                yield found

    def _inline(self, match: re.Match[str]) -> Found | None:
        """Return the finding of `text <address>`_; `text <name_>`_ points at a named target."""
        written = match["target"].strip()
        if written.endswith("_") and not written.endswith("\\_") and "://" not in written:
            return self._to_target(match, written[:-1])
        start = match.start("target") + match["target"].index(written) if written else match.start("target")
        return self._linked(match, start, start + len(written))

    def _named(self, match: re.Match[str]) -> Found | None:
        if match["under"] == ANONYMOUS:
            span = next(self._anonymous, None)
            return None if span is None else self._linked(match, *span)
        return self._to_target(match, match["text"])

    def _to_target(self, match: re.Match[str], name: str) -> Found | None:
        resolved = self.targets.resolve(name)
        if resolved is None:
            self.skipped["references to places in the file"] += 1
            return None
        self._used.add(resolved[0])
        return self._linked(match, *resolved[1])

    def _linked(self, match: re.Match[str], start: int, end: int) -> Found:
        written = self.text[start:end]
        target = joined_lines(written)
        return Found(
            start=start,
            end=end,
            kind=Kind.LINK,
            target=target,
            anchor=SPACES.sub(" ", match["text"]).strip() or target,
            context=self._sentence(match),
            readings=(target,) if target != written else (),
            seen_at=match.start(),
        )

    def _sentence(self, match: re.Match[str]) -> str:
        sentence = sentence_around(self.text, match.start(), match.end())
        return PHRASE.sub(lambda found: found["text"].strip() or (found["target"] or ""), sentence)

    def _unused(self) -> Iterator[Found]:
        """Yield the targets that nothing points at."""
        for name, (start, end) in self.targets.named.items():
            if name not in self._used:
                target = joined_lines(self.text[start:end])
                yield Found(start=start, end=end, kind=Kind.REFERENCE, target=target, anchor=name)
        for start, end in self._anonymous:
            target = joined_lines(self.text[start:end])
            yield Found(start=start, end=end, kind=Kind.REFERENCE, target=target)


def _outside(pattern: re.Pattern[str], text: str, barriers: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern that do not begin inside of barriers (sorted, disjoint)."""
    waiting = iter(barriers)
    barrier = next(waiting, None)
    for match in pattern.finditer(text):
        while barrier is not None and barrier[1] <= match.start():
            barrier = next(waiting, None)
        if barrier is None or match.start() < barrier[0]:
            yield match


def read(source: Source) -> Document:
    """Return the findings and facts of a reStructuredText document."""
    text = decode(source).text
    base = Base(url=source.base, source="given") if source.base else NO_BASE
    source_map = SourceMap(text)
    reader = _Text(text)
    links = [placed(found, source_map, base) for found in reader.find()]
    head = text[:HEAD].replace("\r\n", "\n")
    title = UNDERLINE.search(head)
    dated = DATE_FIELD.search(head)
    published = read_date(dated[1]) if dated else None
    language = LANGUAGE_FIELD.search(head)
    return Document(
        source=source.name,
        format=Format.RST,
        text=text,
        links=tuple(links),
        headline=title["title"].strip() if title else None,
        published=published,
        published_source="field list" if published else None,
        language=language[1] if language else None,
        skipped={reason: count for reason, count in reader.skipped.items() if count},
    )
