"""The cells of a delimited list (RFC 4180 and its looser kin) with their places in the source."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workers.extract.embedded import EmbeddedText, Piece

DELIMITERS = ",;\t|"
SAMPLE_LINES = 20
SAMPLE = 20_000
QUOTED_TEXT = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell; `row` and `column` count from 1, quoted or not it may hold line ends."""

    row: int
    column: int
    value: EmbeddedText

    @property
    def text(self) -> str:
        """Return the cell's text, trimmed."""
        return self.value.text.strip()


def guess_delimiter(text: str) -> str:
    """Return the delimiter that stands equally often in most of the first lines, a comma where none does."""
    lines = QUOTED_TEXT.sub('""', text[:SAMPLE]).splitlines()[:SAMPLE_LINES]
    lines = [line for line in lines if line.strip()]
    best, best_score = ",", 0
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        score = counts.count(usual) * 100 + usual if usual else 0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def rows(text: str, delimiter: str) -> Iterator[list[Cell]]:
    """Yield the rows of `text`, empty lines left out; a quote that is never closed runs to the end."""
    bare = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    at, row, cells = 0, 1, list[Cell]()
    while at < len(text) or cells:
        value, at = _cell(text, at, bare)
        cells.append(Cell(row=row, column=len(cells) + 1, value=value))
        if text[at : at + 1] == delimiter:
            at += 1
            continue
        at += 2 if text.startswith("\r\n", at) else 1
        if len(cells) > 1 or cells[0].value.text:
            yield cells
        row, cells = row + 1, []


def _cell(text: str, at: int, bare: re.Pattern[str]) -> tuple[EmbeddedText, int]:
    """Return the cell at `at` and where it ends."""
    if text[at : at + 1] != '"':
        match = bare.match(text, at)
        end = at if match is None else match.end()
        return EmbeddedText([Piece(text=text[at:end], start=at, end=end)]), end
    pieces, start = [], at + 1
    while True:
        quote = text.find('"', start)
        if quote < 0:
            pieces.append(Piece(text=text[start:], start=start, end=len(text)))
            return EmbeddedText(pieces), len(text)
        pieces.append(Piece(text=text[start:quote], start=start, end=quote))
        if text[quote + 1 : quote + 2] != '"':
            rest = bare.match(text, quote + 1)
            return EmbeddedText(pieces), quote + 1 if rest is None else rest.end()
        pieces.append(Piece(text='"', start=quote, end=quote + 2))
        start = quote + 2
