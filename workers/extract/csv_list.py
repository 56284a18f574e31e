# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Reads CSV and TSV lists of links: address columns by their headings, addresses in all other cells."""

import re
from collections import Counter
from dataclasses import replace

from workers.extract.csv_cells import Cell, guess_delimiter, rows
from workers.extract.embedded import carry_back
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.extract.text import links_in_text
from workers.model import Document, Format, FoundLink, Kind

ADDRESS_HEADING = re.compile(
    r"(?:.*[\s_-])?(?:url|uri|urls|link|links|href|web ?site|web ?page|permalink|address|landing page|"
    r"enlace|lien|адрес|ссылка|посилання|链接|網址|网址|リンク|الرابط)(?:s)?",
    re.IGNORECASE,
)
TITLE_HEADING = re.compile(
    r"(?:.*[\s_-])?(?:title|name|headline|text|anchor|label|subject|titel|titre|título|titulo|titolo|tytuł|"
    r"başlık|заголовок|название|назва|标题|標題|タイトル|제목|العنوان|शीर्षक|judul)",
    re.IGNORECASE,
)
OTHER_ADDRESS = re.compile(r"(?:e-?mail|ip|street|postal|mailing|home|ip[\s_-]?v\d).*address", re.IGNORECASE)
FORMULA = re.compile(r'\s*=\s*HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)"\s*)?\)', re.IGNORECASE)
TSV_NAMES = (".tsv", ".tab")
TSV_MEDIA_TYPE = "text/tab-separated-values"
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # a byte order mark, where the text was handed in decoded
MAX_CONTEXT = 400
MAX_HEADING = 60


class _List:
    """Reads the rows of one list."""

    def __init__(self, text: str, base: Base) -> None:
        self._map = SourceMap(text)
        self._base = base
        self._addresses: frozenset[int] = frozenset()
        self._titles: tuple[int, ...] = ()
        self.skipped: Counter[str] = Counter()

    def take_headings(self, cells: list[Cell]) -> bool:
        """Learn the columns from the first row; False where it is a row like any other."""
        headings = [cell.text.removeprefix(MARK) for cell in cells]
        if any("://" in heading or len(heading) > MAX_HEADING for heading in headings):
            return False
        self._addresses = frozenset(
            cell.column
            for cell, heading in zip(cells, headings, strict=True)
            if ADDRESS_HEADING.fullmatch(heading) and not OTHER_ADDRESS.fullmatch(heading)
        )
        self._titles = tuple(
            cell.column
            for cell, heading in zip(cells, headings, strict=True)
            if TITLE_HEADING.fullmatch(heading)
        )
        return bool(self._addresses or self._titles)

    def row(self, cells: list[Cell]) -> list[FoundLink]:
        """Return the findings of one row in the order of its cells."""
        shown = [cell.text for cell in cells if cell.text and cell.column not in self._addresses]
        context = " ".join(" · ".join(shown).split())[:MAX_CONTEXT]
        return [link for cell in cells for link in self._cell(cell, self._anchor(cells), context)]

    def _anchor(self, cells: list[Cell]) -> str:
        titles = [cells[column - 1].text for column in self._titles if column <= len(cells)]
        return " ".join(next((title for title in titles if title), "")[:MAX_CONTEXT].split())

    def _cell(self, cell: Cell, anchor: str, context: str) -> list[FoundLink]:
        locator = f"cell={cell.row},{cell.column}"
        if formula := FORMULA.match(cell.value.text):
            return [self._address(cell, formula.span(1), (formula[2] or anchor, context, locator))]
        if cell.column in self._addresses and len(cell.text.split()) <= 1:
            if not cell.text:
                self.skipped["empty cells under an address heading"] += 1
                return []
            start = cell.value.text.index(cell.text)
            return [self._address(cell, (start, start + len(cell.text)), (anchor, context, locator))]
        links = links_in_text(cell.value.text, base=self._base, markup=True)
        named = [
            replace(link, anchor=link.anchor or anchor, context=link.context or context) for link in links
        ]
        return carry_back(named, cell.value, self._map, locator=locator)

    def _address(self, cell: Cell, span: tuple[int, int], words: tuple[str, str, str]) -> FoundLink:
        anchor, context, locator = words
        start, end = cell.value.span(*span)
        target = cell.value.text[slice(*span)]
        found = Found(start=start, end=end, kind=Kind.LINK, target=target, anchor=anchor, context=context)
        return replace(placed(found, self._map, self._base), locator=locator)


def read(source: Source) -> Document:
    """Return the findings of a list; `locator` is `cell=row,column`, counted from 1 (RFC 7111)."""
    text = decode(source).text
    is_tsv = source.name.lower().endswith(TSV_NAMES) or (source.media_type or "").startswith(TSV_MEDIA_TYPE)
    reader = _List(text, Base(url=source.base, source="given") if source.base else NO_BASE)
    links: list[FoundLink] = []
    for number, cells in enumerate(rows(text, "\t" if is_tsv else guess_delimiter(text))):
        if number == 0 and reader.take_headings(cells):
            continue
        links += reader.row(cells)
    return Document(
        source=source.name,
        format=Format.CSV,
        text=text,
        links=tuple(links),
        skipped=dict(reader.skipped),
    )
