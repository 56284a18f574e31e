"""One link through the whole pipeline, over a web and an archive in memory."""

import asyncio
from collections.abc import AsyncIterator, Iterable

import pytest

from tests.fakes import NOW, Answer, FakeArchive, FakeWeb, page
from workers.audit import Auditor
from workers.audit_policy import AuditPolicy
from workers.model import (
    Candidate,
    Decision,
    Failure,
    LinkReport,
    LinkTask,
    Memento,
    Observation,
    Outcome,
    Repair,
)
from workers.protocols import FetchRequest
from workers.repair.words import lexicon
from workers.verdict.acceptance import Acceptance

HEADLINE = "Seoul May Send Staff to Kyiv Amid Suspected Deployments"
WRITTEN = "https://news.example/2024/10/22/seoul-may-send-staff-to-kyiv-a-mid-suspected-deployments-a86767"
AMID = WRITTEN.replace("a-mid", "amid")


def auditor(web: FakeWeb, archive: FakeArchive | None = None, **policy: object) -> Auditor:
    return Auditor(fetcher=web, archive=archive, clock=lambda: NOW, policy=AuditPolicy(**policy))  # type: ignore[arg-type]


async def check(auditing: Auditor, *tasks: LinkTask) -> dict[str, LinkReport]:
    return {task.written: report async for task, report in auditing.check(tasks)}


async def check_one(auditing: Auditor, task: LinkTask) -> LinkReport:
    return (await check(auditing, task))[task.written]


async def test_a_live_link_is_asked_once_and_keeps_its_written_form() -> None:
    web = FakeWeb({AMID: Answer(200, page(HEADLINE))})
    report = await check_one(auditor(web), LinkTask(written=AMID, headline=HEADLINE))
    assert (report.original, report.verdict.outcome, report.accepted) == (AMID, Outcome.OK, None)
    assert web.asked == [AMID]


async def test_a_failed_link_is_repaired_by_the_page_that_bears_the_headline() -> None:
    web = FakeWeb({AMID: Answer(200, page(HEADLINE))})
    report = await check_one(auditor(web), LinkTask(written=WRITTEN, headline=HEADLINE))
    assert (report.original, report.verdict.outcome) == (AMID, Outcome.OK)
    assert report.repair is not None
    assert (report.repair.decision, report.repair.best.url) == (Decision.AUTO, AMID)
    assert [seen.url for seen, _ in report.asked] == [WRITTEN, AMID]
    assert report.asked[0][1].outcome is Outcome.GONE


async def test_a_candidate_that_answers_with_another_piece_is_not_accepted() -> None:
    web = FakeWeb({AMID: Answer(200, page("Harbour council approves new ferry timetable"))})
    report = await check_one(auditor(web), LinkTask(written=WRITTEN, headline=HEADLINE))
    assert (report.original, report.verdict.outcome, report.accepted) == (WRITTEN, Outcome.GONE, None)


async def test_the_error_page_of_a_host_that_refuses_nothing_is_no_repair() -> None:
    invented = "https://daily.example/local/art1201,archive-fi-les"
    written = invented.replace("fi-les", "files")

    class SoftWeb(FakeWeb):
        """A host that answers any address with 200, under teasers that turn with it."""

        async def observe(self, request: FetchRequest) -> Observation:
            if request.url not in self.answers:
                teasers = [
                    f"<div><p>Old story number {name} of the harbour.</p></div>" for name in ("one", "two")
                ]
                turned = teasers if len(self.asked) % 2 else teasers[::-1]
                lead = "<h1>Oh dear</h1><p>What stood here has sailed away with the tide.</p>"
                body = f"<title>Daily</title><main>{lead}{''.join(turned)}</main>".encode()
                self.answers[request.url] = Answer(200, body)
            return await super().observe(request)

    web = SoftWeb({written: Answer(200, page("This story has been removed", times=0))})
    unlikely = Candidate(url=invented, rule="hyphen", score=0.03)
    as_written = Candidate(url=written, rule="as_written", score=0.97)
    repair = Repair(decision=Decision.KEEP, best=as_written, candidates=(as_written, unlikely))
    report = await check_one(auditor(web), LinkTask(written=written, repair=repair, anchors=("the files",)))
    assert (report.original, report.verdict.outcome) == (written, Outcome.SOFT_404)
    assert report.accepted is None
    assert invented in web.asked


async def test_a_page_found_by_its_id_says_what_a_damaged_slug_should_have_been() -> None:
    named = f'<link rel="canonical" href="{AMID}">'.encode()
    web = FakeWeb({url: Answer(200, named + page(HEADLINE)) for url in (WRITTEN, AMID)})
    best = Candidate(url=f"{WRITTEN}-x", rule="test", score=0.9)
    repair = Repair(decision=Decision.NEEDS_LIVE, best=best, candidates=(best,))
    damaged = LinkTask(written=WRITTEN, repair=repair, hard_defect=True)
    report = await check_one(auditor(web), damaged)
    assert (report.original, report.accepted and report.accepted.rule) == (AMID, "named_by_page")


async def test_a_page_that_shares_only_a_date_says_nothing_of_a_damaged_slug() -> None:
    written = "https://news.example/articles/8662/20140310/voted-the-worst.htm"
    other = "https://news.example/articles/8636/20140310/phone-release.htm"
    named = f'<link rel="canonical" href="{other}">'.encode()
    web = FakeWeb({url: Answer(200, named + page("Phone release date")) for url in (written, other)})
    best = Candidate(url=f"{written}-x", rule="test", score=0.9)
    repair = Repair(decision=Decision.NEEDS_LIVE, best=best, candidates=(best,))
    report = await check_one(auditor(web), LinkTask(written=written, repair=repair, hard_defect=True))
    assert (report.original, report.accepted) == (written, None)


async def test_a_repair_that_leads_where_the_written_form_does_needs_no_further_proof() -> None:
    web = FakeWeb({AMID: Answer(200, page("Seoul weighs its suspected deployments"))})
    best = Candidate(url=AMID, rule="inner_space", score=0.99)
    repair = Repair(decision=Decision.AUTO, best=best, candidates=(best,))
    report = await check_one(auditor(web), LinkTask(written=AMID, repair=repair, hard_defect=True))
    assert (report.original, report.accepted is not None) == (AMID, True)
    assert web.asked == [AMID]


async def test_a_page_that_names_another_candidate_moves_the_link_there_and_no_other_link() -> None:
    named = f'<link rel="canonical" href="{AMID}">'.encode()
    web = FakeWeb({url: Answer(200, named + page(HEADLINE)) for url in (WRITTEN, AMID)})
    report = await check_one(auditor(web), LinkTask(written=WRITTEN, headline=HEADLINE))
    assert (report.original, report.verdict.outcome) == (AMID, Outcome.OK)
    sound = WRITTEN.replace("a-mid", "as")
    web = FakeWeb({sound: Answer(200, named + page(HEADLINE))})
    report = await check_one(auditor(web), LinkTask(written=sound, headline=HEADLINE))
    assert (report.original, report.repair, report.accepted) == (sound, None, None)


async def test_a_good_answer_that_speaks_of_something_else_has_its_repairs_tried() -> None:
    web = FakeWeb({WRITTEN: Answer(200, page("Ferry crews vote")), AMID: Answer(200, page(HEADLINE))})
    report = await check_one(auditor(web), LinkTask(written=WRITTEN, headline=HEADLINE))
    assert (report.original, report.accepted is not None) == (AMID, True)
    web = FakeWeb({WRITTEN: Answer(200, page("Ferry crews vote"))})
    report = await check_one(auditor(web), LinkTask(written=WRITTEN, headline=HEADLINE))
    assert (report.original, report.verdict.outcome) == (WRITTEN, Outcome.OK)


async def test_http_that_does_not_answer_is_tried_as_https() -> None:
    http = AMID.replace("https:", "http:")
    web = FakeWeb({http: Answer(None, failure=Failure.REFUSED), AMID: Answer(200, page(HEADLINE))})
    report = await check_one(auditor(web), LinkTask(written=http, headline=HEADLINE))
    assert (report.original, report.verdict.outcome) == (AMID, Outcome.OK)


async def test_a_host_that_does_not_answer_is_not_asked_for_other_paths() -> None:
    web = FakeWeb({WRITTEN: Answer(None, failure=Failure.TIMEOUT)})
    report = await check_one(auditor(web), LinkTask(written=WRITTEN, headline=HEADLINE))
    assert report.verdict.outcome is Outcome.DOWN
    assert web.asked == [WRITTEN]


async def test_a_blocked_link_is_neither_repaired_nor_looked_up() -> None:
    archive = FakeArchive()
    web = FakeWeb({WRITTEN: Answer(403, page("Forbidden", times=1))})
    report = await check_one(auditor(web, archive), LinkTask(written=WRITTEN, headline=HEADLINE))
    assert report.verdict.outcome is Outcome.BLOCKED
    assert (web.asked, archive.looked_up) == ([WRITTEN], [])


async def test_at_most_five_candidates_are_asked_for() -> None:
    others = [f"https://news.example/{number}" for number in range(9)]
    made = tuple(Candidate(url=url, rule="test", score=0.5) for url in (*others, WRITTEN))
    repair = Repair(decision=Decision.NEEDS_LIVE, best=made[0], candidates=made)
    web = FakeWeb()
    await check_one(auditor(web), LinkTask(written=WRITTEN, repair=repair))
    assert web.asked == [WRITTEN, *others[:5]]


async def test_what_is_no_address_is_malformed_and_its_candidates_are_tried() -> None:
    web = FakeWeb({AMID: Answer(200, page(HEADLINE))})
    best = Candidate(url=AMID, rule="test", score=0.9)
    repair = Repair(decision=Decision.AUTO, best=best, candidates=(best,))
    found = await check_one(auditor(web), LinkTask(written="h ttp:/news", headline=HEADLINE, repair=repair))
    assert (found.original, found.verdict.outcome) == (AMID, Outcome.OK)
    lost = await check_one(auditor(FakeWeb()), LinkTask(written="h ttp:/news", repair=repair))
    assert (lost.original, lost.verdict.outcome) == ("h ttp:/news", Outcome.MALFORMED)


async def test_a_dead_link_comes_with_its_captures() -> None:
    memento = Memento(
        original=WRITTEN, archive="fake", memento_datetime=NOW, uri_m="https://archive.example/1"
    )
    archive = FakeArchive({WRITTEN: memento})
    report = await check_one(auditor(FakeWeb(), archive), LinkTask(written=WRITTEN))
    assert report.mementos == (memento,)
    quiet = FakeArchive({WRITTEN: memento})
    report = await check_one(auditor(FakeWeb(), quiet, lookups=False), LinkTask(written=WRITTEN))
    assert (report.mementos, quiet.looked_up) == ((), [])


async def test_a_live_page_is_captured_only_when_asked_and_kept_light() -> None:
    web, archive = FakeWeb({AMID: Answer(200, page(HEADLINE))}), FakeArchive()
    await check_one(auditor(web, archive), LinkTask(written=AMID))
    assert archive.captured == []
    report = await check_one(auditor(web, archive), LinkTask(written=AMID, capture=True))
    assert archive.captured == [AMID]
    assert report.observation is not None
    assert (report.observation.body, report.observation.exchanges) == (b"", ())


async def test_a_full_disk_is_said_and_the_link_stays_alive() -> None:
    web, archive = FakeWeb({AMID: Answer(200, page(HEADLINE))}), FakeArchive(full=True)
    report = await check_one(auditor(web, archive), LinkTask(written=AMID, capture=True))
    assert report.verdict.outcome is Outcome.OK
    assert "not captured: the disk is full" in report.verdict.evidence


async def test_three_links_that_land_on_one_page_count_against_all_of_them() -> None:
    home = "https://shop.example/"
    links = [f"https://shop.example/offers/{name}" for name in ("lamp-31", "chair-32", "table-33")]
    web = FakeWeb({link: Answer(200, page("Lovely things for your home"), to=home) for link in links})
    reports = await check(auditor(web), *(LinkTask(written=link) for link in links))
    assert {link: reports[link].verdict.outcome for link in links} == dict.fromkeys(links, Outcome.SOFT_404)


async def test_every_task_is_answered_exactly_once() -> None:
    live = {f"https://news.example/{n}": Answer(200, page(f"Piece number {n} of many")) for n in range(300)}
    tasks = [LinkTask(written=url) for url in live]
    tasks += [LinkTask(written=f"https://other.example/{n}") for n in range(300)]
    seen = [task.written async for task, _ in auditor(FakeWeb(live)).check(tasks)]
    assert sorted(seen) == sorted(task.written for task in tasks)


async def test_leaving_early_ends_the_run() -> None:
    tasks = [LinkTask(written=f"https://news.example/{n}") for n in range(2000)]
    web = FakeWeb()
    running = auditor(web).check(tasks)
    await anext(running)
    await running.aclose()
    assert len(web.asked) < 2000


async def test_an_interrupted_run_tells_the_dead_links_that_it_held_back() -> None:
    hanging = asyncio.Event()
    lexicon("en")  # else it is read in a thread, which takes more turns than are counted below

    class Web(FakeWeb):
        async def observe_many(self, requests):  # type: ignore[no-untyped-def,override]
            async for each in super().observe_many(requests):
                yield each
            hanging.set()
            await asyncio.Event().wait()

    tasks = [LinkTask(written=f"https://news.example/2024/piece-{n}") for n in range(5)]
    seen: list[str] = []

    async def run() -> None:
        async for task, report in auditor(Web()).check(tasks):
            assert report.verdict.outcome is Outcome.GONE
            seen.append(task.written)

    running = asyncio.create_task(run())
    await hanging.wait()
    for _ in range(100):  # what was answered is followed up meanwhile
        await asyncio.sleep(0)
    assert seen == []
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert sorted(seen) == sorted(task.written for task in tasks)


async def test_accepted_statuses_count_as_ok() -> None:
    web = FakeWeb({WRITTEN: Answer(404, page(HEADLINE))})
    report = await check_one(
        auditor(web, acceptance=Acceptance(everywhere=frozenset({404}))),
        LinkTask(written=WRITTEN, headline=HEADLINE),
    )
    assert report.verdict.outcome is Outcome.OK


class LateSiblings(FakeWeb):
    """A web that answers for siblings only after all links were answered."""

    async def observe(self, request: FetchRequest) -> Observation:
        if request.url not in self.answers:
            await asyncio.sleep(0)
            await self.all_answered.wait()
        return await super().observe(request)

    async def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        self.all_answered = asyncio.Event()
        async for answered in super().observe_many(requests):
            yield answered
        asyncio.get_running_loop().call_soon(self.all_answered.set)


async def test_a_link_whose_sibling_answers_last_is_still_reported() -> None:
    written = "https://agency.example/node/55"
    moved = Answer(200, page("Flood map"), to="https://agency.example/flood-map", redirect=301)
    web = LateSiblings({written: moved})
    reports = await check(auditor(web), LinkTask(written=written))
    assert {url: report.verdict.outcome for url, report in reports.items()} == {written: Outcome.MOVED}
    assert len(web.asked) == 2


@pytest.mark.parametrize("most", [1, 4])
async def test_pages_that_wait_for_a_sibling_are_captured_in_the_same_turn(most: int) -> None:
    thin = {
        f"https://news.example/photo/{number}": Answer(200, page("Photo", times=1)) for number in range(64)
    }
    archive = FakeArchive()
    auditing = auditor(FakeWeb(thin), archive, max_follow_ups=most)
    async with asyncio.timeout(30):
        reports = await check(auditing, *(LinkTask(written=url, capture=True) for url in thin))
    assert len(reports) == 64
    assert sorted(archive.captured) == sorted(thin)


async def test_a_sibling_that_broke_is_asked_for_again() -> None:
    class Breaking(FakeWeb):
        broken = 0

        async def observe(self, request: FetchRequest) -> Observation:
            if request.url not in self.answers and not self.broken:
                self.broken += 1
                raise RuntimeError("out of memory")
            return await super().observe(request)

    addresses = [f"https://news.example/photo/{number}" for number in range(2)]
    web = Breaking({url: Answer(200, page("Photo", times=1)) for url in addresses})
    auditing = auditor(web)
    with pytest.raises(ExceptionGroup):
        await check(auditing, LinkTask(written=addresses[0]))
    report = await check_one(auditing, LinkTask(written=addresses[1]))
    assert report.verdict.outcome is Outcome.OK
