"""Links that share a definition, written out on their own: `[text][label]` becomes `[text](address)`.

For Markdown (CommonMark, 6.3) and reStructuredText, whose targets several links may name.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from workers.extract.rst import NAME, PHRASE
from workers.mend.forms import forms_of
from workers.mend.markdown_spelling import destination
from workers.model import Format

BRACKET = re.compile(r"\\.|`[^`\n]*`|[\[\]]", re.DOTALL)
MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Way:
    """What gives way at the link itself, what stands there instead, and the address that it leads to."""

    start: int
    end: int
    text: str
    address: str


def inline_ways(format: Format, text: str, at: int, address: str) -> Iterator[Way]:  # noqa: A002 - the contract's word
    """Yield ways to write `address` into the link that begins at `at`, none where that cannot be done."""
    write = WRITERS.get(format)
    return write(text, at, address) if write is not None else iter(())


def _markdown(text: str, at: int, address: str) -> Iterator[Way]:
    close = _closing(text, at + text.startswith("!", at))
    if close is None:
        return
    end = close + 1
    if text.startswith("[", end):
        label = text.find("]", end)
        if label < 0:
            return
        end = label + 1
    for form in forms_of(address):
        yield Way(close + 1, end, f"({destination(form, entities=True, is_angled=False)})", form)


def _closing(text: str, at: int) -> int | None:
    """Return where the bracket that opens at `at` closes."""
    depth = 0
    for sign in BRACKET.finditer(text, at, at + MAX_TEXT):
        depth += {"[": 1, "]": -1}.get(sign[0], 0)
        if depth == 0:
            return sign.start() if sign[0] == "]" else None
    return None


def _restructured(text: str, at: int, address: str) -> Iterator[Way]:
    phrase, name = PHRASE.match(text, at), NAME.match(text, at)
    for form in forms_of(address):
        if form.endswith("_"):
            continue
        if phrase is not None and phrase["target"] is not None:
            yield Way(*phrase.span("target"), form, form)
        elif phrase is not None:
            yield Way(phrase.end("text"), phrase.end(), f" <{form}>`__", form)
        elif name is not None:
            yield Way(name.start(), name.end(), f"`{name['text']} <{form}>`__", form)


WRITERS: Mapping[Format, Callable[[str, int, str], Iterator[Way]]] = {
    Format.MARKDOWN: _markdown,
    Format.RST: _restructured,
}
