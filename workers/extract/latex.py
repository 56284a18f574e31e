r"""Reads LaTeX: `\url`, `\href` and their kin, identifiers, and addresses in the text that TeX would set."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from workers.extract.context import sentence_around
from workers.extract.dates import read_date
from workers.extract.embedded import EmbeddedText, Piece, carry_back
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.extract.tex_syntax import MAX_IN_LINE, TexSource, plain_tex, unescape_tex
from workers.extract.text import links_in_text
from workers.model import Document, Format, FoundLink, Kind

MAX_ANCHOR = 500
# Commands whose first argument is an address, and those whose second is the text shown for it.
ADDRESSES = {
    "url": Kind.BARE,
    "nolinkurl": Kind.BARE,
    "path": Kind.BARE,
    "href": Kind.LINK,
    "hyperref": Kind.LINK,
    "burl": Kind.BARE,
    "includegraphics": Kind.IMAGE,
}
WITH_TEXT = frozenset({"href", "hyperref"})
# Commands whose argument is a name or a file, not text.
WITHOUT_TEXT = re.compile(
    r"label|(?:auto|page|eq|name|c)?ref|(?:no|paren|text|auto|foot)?cite\w*|includegraphics|input|include|"
    r"usepackage|documentclass|bibliography\w*|addbibresource|begin|end|newcommand|renewcommand|def|hypersetup"
)
STAND_IN = "\N{OBJECT REPLACEMENT CHARACTER}"  # for a command in the text that is scanned
TOKEN = re.compile(
    r"\\(?P<verb>verb\*?)(?P<fence>[^A-Za-z\s*])|"
    r"\\(?P<name>[A-Za-z@]+)\*?|"
    r"(?P<comment>(?<!\\)%[^\n]*(?:\n[^\S\n]*|\Z))|"
    r"\\(?P<escaped>[%#&_~{}$^])|\\(?P<hyphen>-)|\\(?P<other>.)|(?P<brace>[{}])",
    re.DOTALL,
)
SPACES = re.compile(r"\s+")
TITLE = re.compile(r"\\title\s*(?:\[[^\[\]]{0,300}\])?\s*\{")
DATE = re.compile(r"\\date\s*\{")


@dataclass(slots=True)
class TexText:
    """What a stretch of TeX holds: addresses in commands, and the pieces of the text it sets.

    `pieces` has a stand-in for each address command; `shown` says what it shows, by its start.
    """

    found: list[Found] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    shown: dict[int, str] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)


def read(source: Source) -> Document:
    """Return the findings and facts of a LaTeX document."""
    text = decode(source).text
    source_map = SourceMap(text)
    base = Base(url=source.base, source="given") if source.base else NO_BASE
    tex_source = TexSource(text)
    tex = read_tex(tex_source, 0, len(text))
    date = read_date(plain_tex(tex_source.argument_of(DATE) or ""))
    return Document(
        source=source.name,
        format=Format.LATEX,
        text=text,
        links=tuple(tex_links(tex, source_map, base)),
        headline=plain_tex(tex_source.argument_of(TITLE) or "") or None,
        published=date,
        published_source="latex:date" if date else None,
        skipped=dict(tex.skipped),
    )


def tex_links(tex: TexText, source_map: SourceMap, base: Base) -> list[FoundLink]:
    """Return the findings of a stretch of TeX in the order of the source."""
    scanned = EmbeddedText(tex.pieces)
    links = [placed(found, source_map, base) for found in tex.found]
    links += carry_back(links_in_text(scanned.text, base=base), scanned, source_map)
    links.sort(key=lambda link: (link.start or 0, link.end or 0))
    shown = EmbeddedText(
        replace(piece, text=tex.shown[piece.start]) if piece.text == STAND_IN else piece
        for piece in tex.pieces
    )
    return [replace(link, context=_sentence(shown, link)) for link in links]


def _sentence(shown: EmbeddedText, link: FoundLink) -> str:
    start, end = shown.inner(link.start or 0), shown.inner(link.end or 0)
    return sentence_around(shown.text, start, max(start, end))


def read_tex(source: TexSource, start: int, end: int) -> TexText:
    """Read `text[start:end]` in one pass; comments are left out, as TeX does."""
    tex, text = TexText(), source.text
    at = start
    while match := TOKEN.search(text, at, end):
        if match.start() > at:
            tex.pieces.append(Piece(text=text[at : match.start()], start=at, end=match.start()))
        at = _read_token(source, match, end, tex)
    tex.pieces.append(Piece(text=text[at:end], start=at, end=end))
    return tex


def _read_token(source: TexSource, match: re.Match[str], end: int, tex: TexText) -> int:
    """Take one command, escape, comment or brace, and return where reading goes on."""
    name, text = match["name"], source.text
    if name in ADDRESSES:
        after = _read_address(source, match, end, tex)
        if after is not None:
            return after
    shown = " "
    if name and WITHOUT_TEXT.fullmatch(name) and (argument := source.argument_at(match.end(), end)):
        tex.pieces.append(Piece(text=shown, start=match.start(), end=argument[1] + 1))
        return argument[1] + 1
    if match["comment"] is not None:
        shown = ""
        tex.skipped["comments"] += "://" in match["comment"]
    elif match["escaped"]:
        shown = match["escaped"]
    elif match["hyphen"]:
        shown = ""
    elif match["verb"] and (close := _fence_end(text, match, end)) >= 0:
        tex.pieces.append(Piece(text=" ", start=match.start(), end=match.end()))
        tex.pieces.append(Piece(text=text[match.end() : close], start=match.end(), end=close))
        return close + 1
    tex.pieces.append(Piece(text=shown, start=match.start(), end=match.end()))
    return match.end()


def _fence_end(text: str, match: re.Match[str], end: int) -> int:
    return text.find(match["fence"], match.end(), min(end, match.end() + MAX_IN_LINE))


def _read_address(source: TexSource, match: re.Match[str], end: int, tex: TexText) -> int | None:
    """Take an address command with its arguments; None where what follows is no argument."""
    name, text = match["name"], source.text
    argument = source.argument_at(match.end(), end)
    if argument is None or (name == "includegraphics" and "://" not in text[slice(*argument)]):
        return None
    start, stop = argument
    after = stop + 1
    shown = source.argument_at(after, end) if name in WITH_TEXT else None
    if name == "hyperref" and (shown is None or "://" not in text[start:stop]):
        return None
    if shown is not None:
        after = shown[1] + 1
    anchor = plain_tex(text[slice(*shown)])[:MAX_ANCHOR] if shown else ""
    tex.found.append(address_in_tex(text, (start, stop), (match.start(), after), ADDRESSES[name], anchor))
    tex.pieces.append(Piece(text=STAND_IN, start=match.start(), end=after))
    tex.shown[match.start()] = anchor or tex.found[-1].target
    return after


def address_in_tex(
    text: str, span: tuple[int, int], whole: tuple[int, int], kind: Kind, anchor: str
) -> Found:
    """Return the finding of an address written in TeX in `span`; `whole` is the command around it.

    TeX ignores white space in it, so that one broken over lines has the joined form as its reading.
    """
    start, stop = span
    written = text[start:stop]
    start += len(written) - len(written.lstrip())
    stop = max(start, stop - (len(written) - len(written.rstrip())))
    target = unescape_tex(text[start:stop])
    joined = SPACES.sub("", target)
    return Found(
        start=start,
        end=stop,
        kind=kind,
        target=target,
        anchor=anchor,
        readings=(joined,) if joined != target else (),
        seen_at=whole[0],
    )
