"""How an address is written at one place of a text: the spellings that are worth trying, best first.

Each format has its own signs that mean something; a spelling that does not read back as the address is
not used, so that what is tried here may be generous.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from workers.mend.forms import forms_of
from workers.mend.html_spelling import html_spellings, is_in_tag, tag_spellings, tags_in, value_end
from workers.mend.markdown_spelling import destination
from workers.mend.source_bytes import TextEdit
from workers.model import Format, FoundLink, Kind

DESTINATION = re.compile(r"\]\(\s*<?\Z|\]:[\s>]*<?\Z")
LOOKS_BACK = 80
TEX_SIGNS = re.compile(r"[%#&_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelling:
    """One way to write `address`: the edit, and the address that a reader must find there."""

    edit: TextEdit
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The span of a target as written in its text; empty where nothing is written."""

    text: str
    start: int
    end: int
    kind: Kind

    @property
    def raw(self) -> str:
        """The target as written."""
        return self.text[self.start : self.end]

    @property
    def before(self) -> str:
        """What stands before it, as far as that tells what it is."""
        return self.text[max(0, self.start - LOOKS_BACK) : self.start]

    @property
    def is_angled(self) -> bool:
        """Whether it stands in angle brackets and fills them."""
        return self.before[-1:] == "<" and self.text[self.end : self.end + 1] == ">"


Written = Iterator[tuple[str, str]]


def place_of(text: str, found: FoundLink) -> Place:
    """Return the place of a citation in its text.

    Raises:
        ValueError: it has none.
    """
    if found.start is None or found.end is None:
        raise ValueError(f"{found.locator}: stands in no text")
    return Place(text=text, start=found.start, end=found.end, kind=found.kind)


def spellings(format: Format, place: Place, address: str) -> Iterator[Spelling]:  # noqa: A002 - the contract's word
    """Yield ways to write `address` at `place`, the closest to the format's habit first."""
    seen = set()
    for written, meant in WRITERS[format](place, address):
        if written not in seen:
            seen.add(written)
            # A value that brings its own '=' takes the place of one that has nothing behind it.
            end = value_end(place.text, place.end) if written.startswith("=") else place.end
            yield Spelling(edit=TextEdit(start=place.start, end=end, text=written), address=meant)


def _plain(place: Place, address: str) -> Written:
    """Yield the address as it is: for data."""
    for form in forms_of(address):
        yield form, form


def _running(place: Place, address: str) -> Written:
    """Yield the address in running text: as it is, or in angle brackets where its end would be misread."""
    for form in forms_of(address):
        yield form, form
        if not place.is_angled:
            yield f"<{form}>", form


def _destination(place: Place, address: str, *, entities: bool) -> Written:
    """Yield the address as the target of a Markdown link or definition (CommonMark, 6.3 and 4.7)."""
    for form in forms_of(address):
        yield destination(form, entities=entities, is_angled=place.is_angled) + _gap(place), form


def _gap(place: Place) -> str:
    """Return the space that must part an address from what follows an empty target (its title)."""
    after = place.text[place.end : place.end + 1]
    return "" if place.raw or not after or after.isspace() or after in ")>" else " "


def _markdown(place: Place, address: str) -> Written:
    if DESTINATION.search(place.before):
        return _destination(place, address, entities=True)
    if is_in_tag(place.text, place.start):
        return tag_spellings(place.text, place.start, place.end, address)
    return _running(place, address)


def _text(place: Place, address: str) -> Written:
    if DESTINATION.search(place.before):
        return _destination(place, address, entities=False)
    return _running(place, address)


def _html(place: Place, address: str) -> Written:
    is_prose = place.kind is Kind.BARE
    return html_spellings(place.text, place.start, place.end, address, is_prose=is_prose)


def _restructured(place: Place, address: str) -> Written:
    """Yield the address without a final underscore, which would make it the name of a target."""
    forms = forms_of(address)
    for form in (*(each for each in forms if not each.endswith("_")), *forms):
        written = form[:-1] + "%5F" if form.endswith("_") else form
        yield written, written


def _tex(place: Place, address: str) -> Written:
    r"""Yield the address with the escapes that the old one has: `\%`, `\_`; or else without."""
    is_escaped = re.search(r"\\[%#&_]", place.raw) is not None
    for form in forms_of(address):
        escaped = TEX_SIGNS.sub(r"\\\g<0>", form)
        both = (escaped, form) if is_escaped else (form, escaped)
        yield from ((written, form) for written in both)


def _json(place: Place, address: str) -> Written:
    r"""Yield the address as part of a JSON string, with `\/` where the old one has it."""
    for written, form in _plain(place, address):
        escaped = written.replace("\\", "\\\\").replace('"', '\\"')
        escaped = escaped.replace("/", "\\/") if "\\/" in place.raw else escaped
        yield escaped + tags_in(place.raw), form


def _notebook(place: Place, address: str) -> Written:
    r"""Yield the address as Markdown inside a JSON string."""
    for written, form in _markdown(place, address):
        yield written.replace("\\", "\\\\").replace('"', '\\"'), form


def _xml(place: Place, address: str) -> Written:
    """Yield the address in XML text, in HTML escaped inside it, and in a CDATA section."""
    kept = tags_in(place.raw)
    for form in forms_of(address):
        once = form.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for written in (once, once.replace("&", "&amp;"), form):
            yield written.replace('"', "&quot;").replace("'", "&#39;") + kept, form


WRITERS: Mapping[Format, Callable[[Place, str], Written]] = {
    Format.MARKDOWN: _markdown,
    Format.TEXT: _text,
    Format.HTML: _html,
    Format.RST: _restructured,
    Format.LATEX: _tex,
    Format.BIBTEX: _tex,
    Format.JSON: _json,
    Format.NOTEBOOK: _notebook,
    Format.CSV: _plain,
    Format.FEED: _xml,
    Format.SITEMAP: _xml,
    Format.OPML: _xml,
}
