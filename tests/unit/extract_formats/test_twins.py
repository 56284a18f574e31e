"""DOCX, ODT, EPUB and PDF give the same addresses as an HTML and a Markdown twin of the same content.

No other extractor at hand reads these formats. So one content, made by chance from a seed, is written in all
of them, and every reader has to find the same addresses, each as often as it is cited.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import pytest
from build_office import build_docx, build_epub, build_odt
from build_pdf import Annotation, Line, Page, build_pdf, uri

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Format

DOCUMENTS = 200
WORDS = ("north", "grain", "vote", "court", "rain", "Reef", "harbour", "ferry", "budget", "school")
ENDINGS = (
    "/{a}-{b}",
    "/{a}/{b}.html",
    "/{a}?id={n}&page=2",
    "/{a}_({b})",
    "/{a}#{b}",
    "/{a}%20{b}/",
    "/{a}/{b}/;jsessionid={n}",
    "/~{a}/{b}",
    "/{a}/{n}/{b}-{a}-{n}",
    ":8080/{a}",
    "",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words; with `target` they are a hyperlink, without one they may be a bare address."""

    text: str
    target: str | None = None


Paragraph = tuple[Piece, ...]


def address(rng: random.Random) -> str:
    a, b, n = rng.choice(WORDS), rng.choice(WORDS), rng.randrange(10, 9_999)
    return f"https://host{n}.newsrig" + rng.choice(ENDINGS).format(a=a, b=b, n=n)


def paragraph(rng: random.Random) -> Paragraph:
    """Return a sentence in one of the ways in which writers cite."""
    target = address(rng)
    label = " ".join(rng.sample(WORDS, 2))
    ways: tuple[Paragraph, ...] = (
        (Piece(text="The "), Piece(text=label, target=target), Piece(text=" said so.")),
        (Piece(text=f"See {target} and more."),),
        (Piece(text=f"It is said ({target}), twice."),),
        (Piece(text="Written out: "), Piece(text=target, target=target), Piece(text=" is it.")),
        (
            Piece(text="First "),
            Piece(text=label, target=target),
            Piece(text=" then "),
            Piece(text=rng.choice(WORDS), target=address(rng)),
            Piece(text="."),
        ),
        (
            Piece(text="The paper (doi:10.1234/"),
            Piece(text=f"{rng.choice(WORDS)}.{rng.randrange(99)}) is new."),
        ),
        (Piece(text="Ask at www.newsrig.example/"), Piece(text=f"{rng.choice(WORDS)} in town.")),
        (Piece(text=f"No link at all, only {label}."),),
    )
    return rng.choice(ways)


def as_html(content: Sequence[Paragraph]) -> bytes:
    def piece(each: Piece) -> str:
        text = escape(each.text)
        return text if each.target is None else f'<a href="{escape(each.target)}">{text}</a>'

    body = "".join(f"<p>{''.join(map(piece, paragraph))}</p>\n" for paragraph in content)
    return f"<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>".encode()


def as_markdown(content: Sequence[Paragraph]) -> bytes:
    def piece(each: Piece) -> str:
        return each.text if each.target is None else f"[{each.text}](<{each.target}>)"

    return "\n\n".join("".join(map(piece, paragraph)) for paragraph in content).encode()


def as_docx(content: Sequence[Paragraph]) -> bytes:
    outside: dict[str, str] = {}

    def run(text: str) -> str:
        return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'

    def piece(each: Piece) -> str:
        if each.target is None:
            return run(each.text)
        if len(each.text) % 2:  # as a field, the older way to write a link
            code = escape(f'HYPERLINK "{each.target}"')
            marks = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in FIELD_MARKS)
            begin, separate, end = marks
            return f"{begin}<w:r><w:instrText>{code}</w:instrText></w:r>{separate}{run(each.text)}{end}"
        key = f"rId{len(outside) + 1}"
        outside[key] = each.target
        return f'<w:hyperlink r:id="{key}">{run(each.text)}</w:hyperlink>'

    body = "".join(f"<w:p>{''.join(map(piece, paragraph))}</w:p>" for paragraph in content)
    return build_docx(body, outside=outside)


FIELD_MARKS = ("begin", "separate", "end")


def as_odt(content: Sequence[Paragraph]) -> bytes:
    def piece(each: Piece) -> str:
        text = escape(each.text)
        return text if each.target is None else f'<text:a xlink:href="{escape(each.target)}">{text}</text:a>'

    return build_odt("".join(f"<text:p>{''.join(map(piece, paragraph))}</text:p>" for paragraph in content))


def as_epub(content: Sequence[Paragraph]) -> bytes:
    half = len(content) // 2
    chapters = {
        f"{name}.xhtml": as_html(part) for name, part in (("a", content[:half]), ("b", content[half:]))
    }
    return build_epub({name: text.decode() for name, text in chapters.items()})


def as_pdf(content: Sequence[Paragraph]) -> bytes:
    lines, annotations = [], []
    for row, paragraph in enumerate(content):
        x, y = 40.0, 760.0 - 30 * row
        for each in paragraph:
            width = sum(HELVETICA.get(letter, 6.7) for letter in each.text)
            lines.append(Line(text=each.text, x=x, y=y))
            if each.target is not None:
                annotations.append(Annotation(rect=(x, y - 3, x + width, y + 11), action=uri(each.target)))
            x += width
    return build_pdf(Page(lines=tuple(lines), annotations=tuple(annotations)))


# Advance widths of the font that the tests' PDF writer names, at 12 points.
HELVETICA = {
    **dict.fromkeys("ijl'", 2.67),
    **dict.fromkeys(" ft.,:;/!I()[]", 3.34),
    **dict.fromkeys("r-", 4.0),
    **dict.fromkeys("cksvxyz", 6.0),
    **dict.fromkeys("mM%", 10.0),
    **dict.fromkeys("CDHNRUw", 8.67),
    **dict.fromkeys("?=_#~", 7.0),
}
WRITERS: dict[Format, Callable[[Sequence[Paragraph]], bytes]] = {
    Format.MARKDOWN: as_markdown,
    Format.DOCX: as_docx,
    Format.ODT: as_odt,
    Format.EPUB: as_epub,
    Format.PDF: as_pdf,
}


def addresses(data: bytes, form: Format) -> Counter[str]:
    """Return what can be fetched of the links of a document, each as often as it is cited."""
    links = find_links(Source(name="a", data=data), format=form).links
    return Counter(link.resolved for link in links if link.resolved is not None)


@pytest.mark.parametrize("form", WRITERS)
def test_a_twin_has_the_addresses_of_the_page(form: Format) -> None:
    rng = random.Random(str(form))  # noqa: S311
    different = []
    found = 0
    for number in range(DOCUMENTS):
        content = [paragraph(rng) for _ in range(rng.randint(1, 12))]
        page, twin = addresses(as_html(content), Format.HTML), addresses(WRITERS[form](content), form)
        found += page.total()
        if page != twin:
            different.append((number, dict(page - twin), dict(twin - page)))
    assert different == []
    assert found > 5 * DOCUMENTS
