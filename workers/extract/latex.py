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
from workers.extract.text import links_in_text
from workers.model import Document, Format, FoundLink, Kind

MAX_ARGUMENT = 20_000  # code points: a brace that is never closed is no argument
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
OPTIONS = re.compile(r"\s*(?:\[[^\[\]]{0,1000}\]\s*)?")
ESCAPED = re.compile(
    r"\\([%#&_~{}$^\\])|\\(?:textasciitilde|string|slash|allowbreak|-)(?:\{\})?\s?|\{([%#&_~])\}|%\s*\n\s*"
)
COMMANDS = re.compile(r"\\[A-Za-z@]+\*?(?:\[[^\[\]]{0,200}\])?|[{}]|\\(?=[%#&_$])")
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
    tex = read_tex(text, 0, len(text))
    date = read_date(plain_tex(_argument_of(text, DATE) or ""))
    return Document(
        source=source.name,
        format=Format.LATEX,
        text=text,
        links=tuple(tex_links(tex, source_map, base)),
        headline=plain_tex(_argument_of(text, TITLE) or "") or None,
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


def read_tex(text: str, start: int, end: int) -> TexText:
    """Read `text[start:end]` in one pass; comments are left out, as TeX does."""
    tex = TexText()
    at = start
    while match := TOKEN.search(text, at, end):
        tex.pieces.append(Piece(text=text[at : match.start()], start=at, end=match.start()))
        at = _read_token(text, match, end, tex)
    tex.pieces.append(Piece(text=text[at:end], start=at, end=end))
    return tex


def _read_token(text: str, match: re.Match[str], end: int, tex: TexText) -> int:
    """Take one command, escape, comment or brace, and return where reading goes on."""
    name = match["name"]
    if name in ADDRESSES:
        after = _read_address(text, match, end, tex)
        if after is not None:
            return after
    shown = " "
    if name and WITHOUT_TEXT.fullmatch(name) and (argument := argument_at(text, match.end(), end)):
        tex.pieces.append(Piece(text=shown, start=match.start(), end=argument[1] + 1))
        return argument[1] + 1
    if match["comment"] is not None:
        shown = ""
        tex.skipped["comments"] += "://" in match["comment"]
    elif match["escaped"]:
        shown = match["escaped"]
    elif match["hyphen"]:
        shown = ""
    elif match["verb"] and (close := text.find(match["fence"], match.end(), end)) >= 0:
        tex.pieces.append(Piece(text=" ", start=match.start(), end=match.end()))
        tex.pieces.append(Piece(text=text[match.end() : close], start=match.end(), end=close))
        return close + 1
    tex.pieces.append(Piece(text=shown, start=match.start(), end=match.end()))
    return match.end()


def _read_address(text: str, match: re.Match[str], end: int, tex: TexText) -> int | None:
    """Take an address command with its arguments; None where what follows is no argument."""
    name = match["name"]
    argument = argument_at(text, match.end(), end)
    if argument is None or (name == "includegraphics" and "://" not in text[slice(*argument)]):
        return None
    start, stop = argument
    after = stop + 1
    shown = argument_at(text, after, end) if name in WITH_TEXT else None
    if name == "hyperref" and (shown is None or "://" not in text[start:stop]):
        return None
    if shown is not None:
        after = shown[1] + 1
    anchor = plain_tex(text[slice(*shown)]) if shown else ""
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


def argument_at(text: str, at: int, end: int) -> tuple[int, int] | None:
    """Return the span inside the braces (or a pair of bars, as in `url|…|`) that follow `at`."""
    options = OPTIONS.match(text, at, end)
    opening = at if options is None else options.end()
    if text[opening : opening + 1] == "|":
        close = text.find("|", opening + 1, min(end, opening + MAX_ARGUMENT))
        return None if close < 0 else (opening + 1, close)
    if text[opening : opening + 1] != "{":
        return None
    depth = 0
    for brace in re.finditer(r"\\.|[{}]", text[opening : min(end, opening + MAX_ARGUMENT)], re.DOTALL):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0 and brace[0] == "}":
            return opening + 1, opening + brace.start()
    return None


def unescape_tex(written: str) -> str:
    r"""Return an address without what TeX writes around its signs: `\_`, `\%`, `{\_}`, `\allowbreak`."""
    return ESCAPED.sub(_unescaped, written)


def _unescaped(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return str(match[1] or match[2])
    return "~" if "tilde" in match[0] else ""


def plain_tex(written: str) -> str:
    """Return a short stretch of TeX as plain text: commands and braces dropped, their arguments kept."""
    return SPACES.sub(" ", COMMANDS.sub("", written).replace("~", " ").replace("\\", " ")).strip()


def _argument_of(text: str, command: re.Pattern[str]) -> str | None:
    match = command.search(text)
    argument = argument_at(text, match.end() - 1, len(text)) if match else None
    return text[slice(*argument)] if argument else None
