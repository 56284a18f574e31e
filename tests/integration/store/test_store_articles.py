"""Articles and their citations come back as they were given, each kept once."""

import asyncio
from dataclasses import replace

import pytest

from service.cli.inputs import ReadInput
from service.cli.record import record_run
from service.store.articles import get_article, get_article_content, list_articles, submit_article
from service.store.citations import get_citation, list_citations, list_citing
from service.store.database import Database
from service.store.decisions import NothingProposed, decide_citation, list_decisions
from service.store.ledger import StoreLedger
from service.store.links import find_link, list_links
from service.store.paging import InvalidCursor
from service.store.values import Decided, NewArticle, NewDecision, StoredArticle
from tests.readings import PUBLISHED, citing, placeholder, reading_of
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.ledger import ArticleState, CitationPlan
from workers.model import (
    Candidate,
    Decision,
    Defect,
    FoundLink,
    Identifier,
    Kind,
    Outcome,
    Recovery,
    RecoveryReason,
    Repair,
)

A = "https://a.example/one"
B = "https://b.example/two"


async def _submit(db: Database, source: str = "a.md", content: bytes = b"text") -> StoredArticle:
    return (await submit_article(db, NewArticle(source=source, content=content)))[0]


async def _read(db: Database, *plans: CitationPlan) -> StoredArticle:
    article = await _submit(db)
    await StoreLedger(db).store_reading(article.id, reading_of(plans))
    return article


async def test_an_article_is_kept_whole(db: Database) -> None:
    new = NewArticle(source="a.md", url="https://own.example/", media_type="text/markdown", content=b"\x00 #")
    stored, is_new = await submit_article(db, new)
    assert is_new
    assert stored == await get_article(db, stored.id)
    assert (stored.source, stored.url, stored.state) == ("a.md", "https://own.example/", ArticleState.QUEUED)
    assert stored.size_bytes == 3
    assert await get_article_content(db, stored.id) == b"\x00 #"


async def test_the_same_article_is_kept_once(db: Database) -> None:
    first = await submit_article(db, NewArticle(source="a.md", content=b"text"))
    again = await submit_article(db, NewArticle(source="a.md", content=b"text"))
    assert (first[1], again[1]) == (True, False)
    assert first[0] == again[0]
    for other in (NewArticle(source="b.md", content=b"text"), NewArticle(source="a.md", content=b"more")):
        assert (await submit_article(db, other))[1]


async def test_the_same_article_from_ten_sides_at_once_is_kept_once(db: Database) -> None:
    new = NewArticle(source="a.md", content=b"text")
    done = await asyncio.gather(*(submit_article(db, new) for _ in range(10)))
    assert sorted(is_new for _, is_new in done) == [False] * 9 + [True]
    assert len({stored.id for stored, _ in done}) == 1


async def test_an_address_to_fetch_is_kept_once(db: Database) -> None:
    first, _ = await submit_article(db, NewArticle(source="a", url=A))
    again, is_new = await submit_article(db, NewArticle(source="other name", url=A))
    assert (again.id, is_new, again.digest) == (first.id, False, None)


async def test_a_failed_article_waits_again_when_it_is_submitted_again(db: Database) -> None:
    article = await _submit(db)
    await StoreLedger(db).fail_article(article.id, "no text")
    failed = await get_article(db, article.id)
    assert failed is not None
    assert (failed.state, failed.reason) == (ArticleState.FAILED, "no text")
    again = await _submit(db)
    assert (again.id, again.state, again.reason, again.attempt) == (article.id, "queued", None, 2)


async def test_an_article_needs_content_or_address(db: Database) -> None:
    with pytest.raises(ValueError, match="content or an address"):
        await submit_article(db, NewArticle(source="a"))


async def test_articles_are_listed_newest_first_without_gap_or_repeat(db: Database) -> None:
    ids = [(await _submit(db, source=f"{n}.md")).id for n in range(5)]
    first = await list_articles(db, limit=2)
    await _submit(db, source="newer.md")
    second = await list_articles(db, limit=2, cursor=first.next_cursor)
    third = await list_articles(db, limit=2, cursor=second.next_cursor)
    assert [a.id for page in (first, second, third) for a in page.items] == ids[::-1]
    assert third.next_cursor is None


@pytest.mark.parametrize("cursor", ["", "x", "LTE", "MQ==", "é", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkw"])
async def test_a_foreign_cursor_is_refused(db: Database, cursor: str) -> None:
    with pytest.raises(InvalidCursor, match="was not given out"):
        await list_articles(db, cursor=cursor)


async def test_a_read_article_has_its_facts(db: Database) -> None:
    article = await _read(db, citing(A), placeholder("said"))
    stored = await get_article(db, article.id)
    assert stored is not None
    assert (stored.state, stored.headline, stored.published) == ("ready", "A headline", PUBLISHED)
    assert (stored.format, stored.citation_count) == ("markdown", 2)
    assert [a.id for a in (await list_articles(db, state=ArticleState.READY)).items] == [article.id]
    assert (await list_articles(db, state=ArticleState.QUEUED)).items == ()


FOUND = FoundLink(
    raw="htt\x00p://a.example/\ufdd0\u2028 x",
    target="http://a.example/\ud800",
    kind=Kind.REFERENCE,
    resolved=A,
    base="https://base.example/",
    base_source="canonical",
    anchor="\u200f\u0645\u0631\u062d\u0628\u0627 <b>&",
    context="A sentence.\r\nTwo.",
    start=2**40,
    end=2**40 + 5,
    line=3,
    column=7,
    locator="page 2",
    rel=("nofollow", "ugc"),
    defects=(Defect.INNER_SPACE, Defect.ZERO_WIDTH),
    identifier=Identifier(scheme="doi", value="10.1/X", normal="10.1/x", resolver="https://doi.org/10.1/x"),
    readings=(A, B),
)


async def test_a_citation_comes_back_exactly_as_it_was_found(db: Database) -> None:
    article = await _read(db, CitationPlan(found=FOUND, original=A), placeholder("said"))
    page = await list_citations(db, article.id)
    assert page.items[0].found == FOUND
    assert page.items[0].original == A
    assert [c.position for c in page.items] == [0, 1]
    assert [c.outcome for c in page.items] == [None, Outcome.PLACEHOLDER]


async def test_citations_are_paged_in_the_order_of_the_source(db: Database) -> None:
    article = await _read(db, *(citing(f"https://a.example/{n}") for n in range(5)))
    first = await list_citations(db, article.id, limit=3)
    second = await list_citations(db, article.id, limit=3, cursor=first.next_cursor)
    assert [c.found.raw[-1] for c in (*first.items, *second.items)] == ["0", "1", "2", "3", "4"]


async def test_a_link_is_kept_once_however_often_it_is_cited(db: Database) -> None:
    await _read(db, citing(A), citing(B), citing(A))
    link = await find_link(db, A)
    assert link is not None
    assert (link.cited_by, link.host, link.standing) == (2, "a.example", "unchecked")
    assert len((await list_citing(db, link.id)).items) == 2
    assert await find_link(db, "https://a.example/ONE") is None


async def test_links_of_one_resource_are_found_together(db: Database) -> None:
    await _read(db, citing("http://www.a.example/one/"), citing(A), citing(B))
    links = (await list_links(db, url="HTTPS://A.example/one#part")).items
    assert {link.original for link in links} == {"http://www.a.example/one/", A}
    assert [link.original for link in (await list_links(db, host="b.example")).items] == [B]


async def test_an_address_of_100_kilobytes_is_kept(db: Database) -> None:
    long = "https://a.example/" + "x" * 100_000
    await _read(db, citing(long))
    link = await find_link(db, long)
    assert link is not None
    assert link.original == long


BEST = Candidate(url=B, rule="hyphen", score=0.9, evidence=("the headline says so",))
REPAIR = Repair(decision=Decision.AUTO, best=BEST, candidates=(BEST, Candidate(url=A, rule="w", score=0.1)))


async def test_a_certain_repair_stands_with_its_evidence_from_the_start(db: Database) -> None:
    article = await _read(db, replace(citing(A), original=B, repair=REPAIR))
    (citation,) = (await list_citations(db, article.id)).items
    assert (citation.original, citation.accepted, citation.repair) == (B, BEST, REPAIR)


async def test_a_person_may_reject_accept_and_set(db: Database) -> None:
    article = await _read(db, replace(citing(A), original=B, repair=REPAIR))
    citation_id = (await list_citations(db, article.id)).items[0].id
    for choice, url, original in (
        (Decided.REJECT, None, A),
        (Decided.ACCEPT, None, B),
        (Decided.SET, "https://c.example/", "https://c.example/"),
    ):
        decided = await decide_citation(db, citation_id, NewDecision(choice=choice, url=url))
        assert decided is not None
        assert decided == await get_citation(db, citation_id)
        assert decided.decision is not None
        assert (decided.original, decided.decision.choice) == (original, choice)


async def test_there_must_be_something_to_decide(db: Database) -> None:
    article = await _read(db, placeholder("said"))
    citation_id = (await list_citations(db, article.id)).items[0].id
    with pytest.raises(NothingProposed, match="Nothing is proposed"):
        await decide_citation(db, citation_id, NewDecision(choice=Decided.ACCEPT))
    with pytest.raises(ValueError, match="address is needed"):
        await decide_citation(db, citation_id, NewDecision(choice=Decided.SET))
    assert await decide_citation(db, 999, NewDecision(choice=Decided.REJECT)) is None
    assert (await list_decisions(db, citation_id)).items == ()


async def test_a_decision_outlives_a_recovery(db: Database) -> None:
    article = await _read(db, placeholder("said"))
    citation_id = (await list_citations(db, article.id)).items[0].id
    await decide_citation(db, citation_id, NewDecision(choice=Decided.SET, url=A))
    found = Recovery(
        decision=Decision.AUTO, best=B, candidates=(), found_on=None, reason=RecoveryReason.MATCHED
    )
    await StoreLedger(db).store_recoveries([(citation_id, found)])
    citation = await get_citation(db, citation_id)
    assert citation is not None
    assert (citation.original, citation.recovery) == (A, found)


async def test_the_charset_of_the_header_goes_to_all_who_read_the_article(db: Database) -> None:
    new = NewArticle(source="a.md", content=b"text", media_type="text/plain", charset="windows-1251")
    ledger = StoreLedger(db)
    article = (await submit_article(db, new))[0]
    queued = await ledger.load_article(article.id)
    await ledger.store_reading(article.id, reading_of([placeholder("said")]))
    lost = await ledger.load_recoverable(article.id)
    assert queued is not None
    assert lost is not None
    assert (queued.charset, lost[0].charset) == ("windows-1251", "windows-1251")


async def test_a_recorded_run_keeps_the_charset_of_the_header(db: Database) -> None:
    content = "[сказал](#)".encode("windows-1251")
    source = Source(name="https://own.example/", data=content, charset="windows-1251")
    read = ReadInput(source=source, document=find_links(source))
    await record_run(db, [read], {}, {}, key="run")
    (article,) = (await list_articles(db)).items
    assert article.charset == "windows-1251"
