"""`linkwright lookup`: captures of an address, nearest to a date, over all archives."""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.api.moments import parse_moment
from service.cli.exits import CLEAN, FINDINGS
from service.cli.wiring import open_parts, utc_now
from service.settings import Settings, load_settings
from workers.archive.verify import Expected
from workers.errors import StoreUnavailable
from workers.model import Choice, Lookup, LookupState, Memento
from workers.on_demand import on_demand
from workers.url import is_fetchable

if TYPE_CHECKING:
    from service.store import database as records
    from service.store import schema
else:
    # The database is more than a third of the start-up time, and many a desk keeps no records.
    records = on_demand("service.store.database")
    schema = on_demand("service.store.schema")

SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answers of all archives on one address, and the chosen capture where that was asked for."""

    original: str
    at: datetime | None
    lookups: tuple[Lookup, ...]
    choice: Choice | None

    @property
    def state(self) -> LookupState:
        """`found` when one archive has captures, `none` only when all asked say so."""
        states = {lookup.state for lookup in self.lookups}
        if LookupState.FOUND in states:
            return LookupState.FOUND
        return LookupState.NONE if states == {LookupState.NONE} else LookupState.UNKNOWN

    @property
    def mementos(self) -> list[Memento]:
        """All captures, nearest to the date first (the newest first where none was given)."""
        at = self.at or utc_now()
        found = [memento for lookup in self.lookups for memento in lookup.mementos]
        return sorted(found, key=lambda memento: (abs(memento.memento_datetime - at), memento.uri_m))


def read_date(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """Read a date in any usual form."""
    if value is None:
        return None
    try:
        return parse_moment(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write it as 2024-10-22 or 20241022080000") from None


def read_address(_ctx: click.Context, _parameter: click.Parameter, value: str) -> str:
    """Take an http or https address as it is."""
    if not is_fetchable(value):
        raise click.BadParameter(f"{value!r} is not an http or https address")
    return value


@click.command()
@click.argument("url", callback=read_address)
@click.option(
    "--at", callback=read_date, metavar="DATE", help="Date to be near to, e.g. 2024-10-22; else now."
)
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--verify", is_flag=True, help="Read captures until one shows the page, and say which.")
@click.option("--anchor", multiple=True, metavar="TEXT", help="Text the link stands under, for --verify.")
def lookup(url: str, at: datetime | None, output: str, verify: bool, anchor: tuple[str, ...]) -> None:
    """List captures of URL, nearest to a date first, over all configured archives and the local ones.

    Exits 0 when there are some, 1 when there are none or no archive could tell.
    """
    expected = Expected(original=url, anchors=anchor) if verify else None
    found = asyncio.run(look(load_settings(), url, at=at, expected=expected))
    click.echo(json.dumps(as_json(found), ensure_ascii=False) if output == "json" else as_text(found))
    sys.exit(CLEAN if found.state is LookupState.FOUND else FINDINGS)


async def look(settings: Settings, url: str, *, at: datetime | None, expected: Expected | None) -> Found:
    """Ask every archive, and choose where `expected` says what the citing article knows."""
    async with AsyncExitStack() as stack:
        database = await open_known_records(settings, stack)
        parts = await stack.enter_async_context(
            open_parts(settings, keep_captures=database is not None, database=database)
        )
        if parts.archives is None:
            return Found(original=url, at=at, lookups=(), choice=None)
        lookups = tuple(await parts.archives.lookup(url, near=at))
        choice = await parts.archives.choose(lookups, expected, near=at) if expected else None
        return Found(original=url, at=at, lookups=lookups, choice=choice)


async def open_known_records(settings: Settings, stack: AsyncExitStack) -> "records.Database | None":
    """Open the records where there are some of this release; a look-up makes and changes none."""
    if not has_records(settings):
        return None
    try:
        database = await stack.enter_async_context(records.open_database(settings.records_url))
        if await schema.schema_revision(database) == schema.head_revision():
            return database
    except StoreUnavailable as error:
        click.echo(f"linkwright: local captures are left out: {error}", err=True)
    return None


def has_records(settings: Settings) -> bool:
    """Whether the records' database is there, as far as that shows without opening it."""
    if not settings.database_url:
        return settings.own_records.exists()
    address = records.database_address(settings.records_url)
    return address.get_backend_name() != "sqlite" or Path(address.database or "").exists()


def as_json(found: Found) -> dict[str, object]:
    """Return the answers as one JSON object; times are RFC 3339 in UTC."""
    choice = found.choice
    return {
        "original": found.original,
        "at": found.at and rfc3339(found.at),
        "state": found.state,
        "chosen": memento_json(choice.memento) if choice and choice.memento else None,
        "other": memento_json(choice.other) if choice and choice.other else None,
        "archives": [
            {
                "archive": lookup.archive,
                "state": lookup.state,
                "reason": lookup.reason,
                "captures": len(lookup.mementos),
            }
            for lookup in found.lookups
        ],
        "mementos": [memento_json(memento) for memento in found.mementos],
    }


def memento_json(memento: Memento) -> dict[str, object]:
    """Return one capture as JSON."""
    return {
        "uri_m": memento.uri_m,
        "archive": memento.archive,
        "original": memento.original,
        "memento_datetime": rfc3339(memento.memento_datetime),
        "status": memento.status,
        "media_type": memento.media_type,
        "quality": memento.quality,
        "reasons": list(memento.reasons),
    }


def as_text(found: Found) -> str:
    """Return the answers for a person."""
    lines = [_line(memento) for memento in found.mementos[:SHOWN]]
    if len(found.mementos) > SHOWN:
        lines.append(f"… and {len(found.mementos) - SHOWN} more (--format json lists them)")
    if found.choice and found.choice.memento:
        chosen = found.choice.memento
        reasons = f": {'; '.join(chosen.reasons)}" if chosen.reasons else ""
        lines.append(f"chosen ({chosen.quality}{reasons}) {chosen.uri_m}")
    for lookup in found.lookups:
        told = f"{len(lookup.mementos)} captures" if lookup.mementos else lookup.state
        lines.append(f"{lookup.archive}: {told}" + (f" ({lookup.reason})" if lookup.reason else ""))
    return "\n".join(lines) or "no archive is configured"


def rfc3339(at: datetime) -> str:
    """Return a time as RFC 3339 in UTC, to the second."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _line(memento: Memento) -> str:
    status = memento.status or "-"
    return (
        f"{memento.memento_datetime:%Y-%m-%d %H:%M:%S}  {status!s:>3}  {memento.archive:<10} {memento.uri_m}"
    )
