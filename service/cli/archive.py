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
from workers.archive.archives import Archives
from workers.archive.fresh import Fresh
from workers.archive.requisites import RequisiteBounds, capture_requisites
from workers.archive.saves import SaveRecord
from workers.errors import InvalidSetting
from workers.judge import page_of
from workers.model import Verdict
from workers.verdict.context import Context
from workers.verdict.outcome import decide

AT_ONCE = 16


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
    if public and not settings.can_save:
        raise InvalidSetting("--save needs LINKWRIGHT_SPN_KEY and LINKWRIGHT_SPN_URL")
    async with (
        open_records(settings) as database,
        open_parts(settings, keep_captures=True, database=database) as parts,
    ):
        if parts.archives is None:
            raise InvalidSetting("no place to keep captures is configured")
        made = await _capture(parts.archives, list(dict.fromkeys(urls)))
        results = [await _result(parts.archives, url, made[url], public=public) for url in urls]
        if requisites:
            for url, result in zip(urls, results, strict=True):
                result["requisites"] = await _requisites(parts, parts.archives, made[url])
        return results


async def _capture(archives: Archives, urls: Sequence[str]) -> dict[str, Fresh]:
    """Capture some addresses side by side, each once."""
    waiting, made = iter(urls), dict[str, Fresh]()

    async def take() -> None:
        for url in waiting:
            made[url] = await archives.fresh(url)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(urls))):
            group.create_task(take())
    return made


async def _result(archives: Archives, url: str, fresh: Fresh, *, public: bool) -> dict[str, object]:
    verdict = _verdict(fresh)
    saved: SaveRecord | None = None
    if public and fresh.memento is not None:
        saved = await archives.save(url)
    evidence = [fresh.reason] if fresh.reason else []
    return {
        "url": url,
        "captured": fresh.memento is not None,
        "outcome": verdict.outcome if verdict else "malformed",
        "evidence": evidence + (list(verdict.evidence) if verdict else []),
        "memento": memento_json(fresh.memento) if fresh.memento else None,
        "saved": None
        if saved is None
        else {
            "state": saved.state,
            "uri_m": saved.memento.uri_m if saved.memento else None,
            "reason": saved.reason,
        },
    }


def _verdict(fresh: Fresh) -> Verdict | None:
    """Return what the page reads as, None where nothing was asked; no second page is asked for it."""
    seen = fresh.observation
    return None if seen is None else decide(seen, page=page_of(seen), context=Context())


async def _requisites(parts: Parts, archives: Archives, fresh: Fresh) -> int:
    """Capture what a captured page needs, and return how many that were."""
    if fresh.memento is None or fresh.observation is None:
        return 0
    return await capture_requisites(
        fresh.observation, fetcher=parts.fetcher, archive=archives, bounds=RequisiteBounds()
    )


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
