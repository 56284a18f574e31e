"""`linkwright archive`: capture live pages now."""

import asyncio
import json
import sys
from collections.abc import Sequence

import click

from service.cli.exits import CLEAN, FINDINGS
from service.cli.lookup import memento_json
from service.cli.record import open_records
from service.cli.wiring import Parts, open_parts
from service.settings import Settings, load_settings
from service.store.captures import StoreCaptureIndex
from service.store.throttle import StoreThrottle
from workers.archive.requisites import RequisiteBounds, capture_requisites
from workers.archive.saves import SaveRecord
from workers.archive.settings import LOCAL
from workers.audit import AuditPolicy
from workers.errors import InvalidSetting
from workers.model import LinkReport, LinkTask
from workers.protocols import FetchRequest
from workers.url import is_fetchable

MAX_PAGE_BYTES = 2_000_000


@click.command()
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
@click.option("--save", "public", is_flag=True, help="Also ask public archives to save them (needs a key).")
@click.option("--requisites", is_flag=True, help="Also capture the images and style sheets of each page.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def archive(urls: tuple[str, ...], public: bool, requisites: bool, output: str) -> None:
    """Capture each URL into the local WARC files, as it answers now.

    Exits 0 when all are captured, 1 when one is not.
    """
    results = asyncio.run(capture_all(load_settings(), urls, public=public, requisites=requisites))
    for result in results:
        click.echo(json.dumps(result, ensure_ascii=False) if output == "json" else as_text(result))
    sys.exit(CLEAN if all(result["captured"] for result in results) else FINDINGS)


async def capture_all(
    settings: Settings, urls: Sequence[str], *, public: bool, requisites: bool
) -> list[dict[str, object]]:
    """Capture every address and return one result each, in the order given.

    Raises:
        InvalidSetting: local captures are off, or a public save is asked for without a key.
    """
    if not settings.capture:
        raise InvalidSetting("capture is off, so nothing can be captured (LINKWRIGHT_CAPTURE)")
    if public and not (settings.spn_key and settings.spn_url):
        raise InvalidSetting("--save needs LINKWRIGHT_SPN_KEY and LINKWRIGHT_SPN_URL")
    async with open_records(settings) as database:
        opening = open_parts(
            settings,
            policy=AuditPolicy(lookups=False, repairs=False),
            keep_captures=True,
            throttle=StoreThrottle(database),
            index=StoreCaptureIndex(database),
        )
        async with opening as parts:
            reports = await _reports(parts, urls)
            results = [await _result(parts, url, reports.get(url), public=public) for url in urls]
            if requisites:
                for result in results:
                    result["requisites"] = await _requisites(parts, result)
            return results


async def _reports(parts: Parts, urls: Sequence[str]) -> dict[str, LinkReport]:
    tasks = [LinkTask(written=url, capture=True) for url in dict.fromkeys(urls) if is_fetchable(url)]
    return {task.written: report async for task, report in parts.auditor.check(tasks)}


async def _result(parts: Parts, url: str, report: LinkReport | None, *, public: bool) -> dict[str, object]:
    memento = next((m for m in report.mementos if m.archive == LOCAL), None) if report else None
    verdict = report.verdict if report else None
    saved: SaveRecord | None = None
    if public and parts.archives is not None and memento is not None:
        saved = await parts.archives.save(url)
    return {
        "url": url,
        "captured": memento is not None,
        "outcome": verdict.outcome if verdict else "malformed",
        "evidence": list(verdict.evidence) if verdict else ["not an http or https address"],
        "memento": memento_json(memento) if memento else None,
        "saved": None
        if saved is None
        else {
            "state": saved.state,
            "uri_m": saved.memento.uri_m if saved.memento else None,
            "reason": saved.reason,
        },
    }


async def _requisites(parts: Parts, result: dict[str, object]) -> int:
    """Capture what a captured page needs, and return how many that were; the page is read once more."""
    if not result["captured"] or parts.archives is None:
        return 0
    page = await parts.fetcher.observe(FetchRequest(url=str(result["url"]), max_body_bytes=MAX_PAGE_BYTES))
    bounds = RequisiteBounds()
    return await capture_requisites(page, fetcher=parts.fetcher, archive=parts.archives, bounds=bounds)


def as_text(result: dict[str, object]) -> str:
    """Return one result for a person."""
    memento, saved, evidence = result["memento"], result["saved"], result["evidence"]
    if isinstance(memento, dict):
        line = f"captured      {result['url']}\n              {memento['uri_m']}"
        if "requisites" in result:
            line += f"\n              with {result['requisites']} images and style sheets"
    else:
        why = "; ".join(map(str, evidence)) if isinstance(evidence, list) else ""
        line = f"not captured  {result['url']}  {result['outcome']}: {why}"
    if isinstance(saved, dict):
        told = saved["uri_m"] or saved["reason"] or ""
        line += f"\n              public save: {saved['state']} {told}".rstrip()
    return line
