"""Stored articles whose links are looked for again: read as they were kept, and one answer for each link."""

from dataclasses import replace

from tests.fakes import NOW, Answer, FakeArchive, FakeWeb
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.ledger import ArticleInput, Recoverable
from workers.model import Decision, Document, Format, Recovery, RecoveryReason
from workers.recover import LinkRecoverer
from workers.recover_article import ArticleRecoverer, assign_recoveries
from workers.threads import OwnThreads

OWN = "https://paper.example/2024/03/10/naberezhnaya"
WIRE, BOARD = "https://wire.example/dengi", "https://board.example/protokol"
TITLE = "Набережную гавани перестроят после десяти лет ожидания"
FILLER = (
    "Совет собрался в третий раз за год, чтобы обсудить будущее стен гавани и причала. ",
    "Рыбаки просили решения ещё осенью, когда шторм сломал северный причал. ",
    "Инженеры полагают, что работа займёт два лета и обойдётся в девять миллионов. ",
)


def text(first: str, second: str, charset: str = "utf-8") -> str:
    """Return the article with two links, as a page that names a charset."""
    told = (
        f"Областное агентство <a href='{first}'>сообщило</a> во вторник, что деньги наконец нашлись.",
        f"Представитель порта <a href='{second}'>заявил</a>, что торги до сих пор не объявлены.",
    )
    paragraphs = "".join(f"<p>{each}</p>" for each in (told[0], *FILLER[:2], told[1], FILLER[2]))
    head = f"<meta charset={charset}><title>{TITLE}</title>"
    return f"<html><head>{head}</head><body><main><h1>{TITLE}</h1>{paragraphs}</main></body></html>"


def kept(content: bytes, *, media_type: str | None, charset: str | None) -> ArticleInput:
    return ArticleInput(
        article_id=1,
        source="a.html",
        url=OWN,
        format=Format.HTML,
        media_type=media_type,
        charset=charset,
        content=content,
    )


def read(source: Source, format: Format | None) -> Document:  # noqa: A002 - named as the real reader's is
    return find_links(source, format=format)


def stripped(document: Document) -> list[Recoverable]:
    """Return the stripped links of a document as they are stored."""
    found = [each for each in document.links if each.target == "#"]
    return [Recoverable(citation_id=10 + number, found=each) for number, each in enumerate(found)]


async def recover(
    article: ArticleInput, lost: list[Recoverable]
) -> tuple[list[tuple[int, str, str | None]], list[str]]:
    """Return (citation id, reason, address) for each, and what was asked for."""
    web = FakeWeb({OWN: Answer(200, text(WIRE, BOARD).encode())})
    with OwnThreads("recover", threads=1) as threads:
        recoverer = LinkRecoverer(fetcher=web, archive=FakeArchive(), clock=lambda: NOW, threads=threads)
        found = await ArticleRecoverer(recoverer, read, threads).recover(article, lost)
    return [(of, recovery.reason, recovery.best) for of, recovery in found], web.asked


def suggested(url: str) -> Recovery:
    return Recovery(
        decision=Decision.SUGGEST,
        best=url,
        candidates=(),
        found_on=None,
        reason=RecoveryReason.AMBIGUOUS,
    )


BOTH = [(10, "matched", WIRE), (11, "matched", BOARD)]


async def test_the_charset_of_the_header_is_the_one_that_it_is_read_again_by() -> None:
    content = text("#", "#", "windows-1252").encode("windows-1251")
    first = Source(name="a.html", data=content, media_type="text/html", charset="windows-1251", base=OWN)
    article = kept(content, media_type="text/html", charset="windows-1251")
    found, _ = await recover(article, stripped(read(first, Format.HTML)))
    assert found == BOTH


async def test_what_came_as_text_is_read_as_text_whatever_its_words_say() -> None:
    written = text("#", "#", "windows-1251")
    first = Source(name="a.html", text=written, base=OWN)
    article = kept(written.encode(), media_type=None, charset=None)
    found, _ = await recover(article, stripped(read(first, Format.HTML)))
    assert found == BOTH


async def test_an_article_that_reads_otherwise_now_leaves_its_links_unknown_and_asks_nobody() -> None:
    lost = stripped(read(Source(name="a.html", text=text("#", "#")), Format.HTML))
    other = kept(b"<p>Another <a href='#'>page</a> altogether.", media_type="text/html", charset=None)
    found, asked = await recover(other, lost)
    assert (found, asked) == ([(10, "unknown", None), (11, "unknown", None)], [])


def test_every_stored_link_has_an_answer_and_links_in_one_place_have_their_own() -> None:
    document = read(Source(name="a.html", text=text("#", "#")), Format.HTML)
    first = document.links[0]
    twins = replace(document, links=(first, first))
    stored = [Recoverable(citation_id=of, found=first) for of in (10, 11, 12)]
    answers = {number: suggested(url) for number, url in enumerate((WIRE, BOARD))}
    told = [(of, each.reason, each.best) for of, each in assign_recoveries(twins, stored, answers)]
    assert told == [(10, "ambiguous", WIRE), (11, "ambiguous", BOARD), (12, "unknown", None)]
