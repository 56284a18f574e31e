"""The Memento endpoints on a served application, over captures that the real local writer wrote."""

import gzip
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientResponse, ClientSession
from yarl import URL

from service.store.captures import StoreCaptureIndex
from service.store.database import Database
from service.store.mementos import write_mementos
from tests.integration.api.conftest import problem_of
from tests.integration.api.served import Served, serve
from workers.archive.link_format import Link, read_links
from workers.archive.local import open_local
from workers.archive.settings import ArchiveSettings
from workers.model import Exchange, Memento

PAGE = "http://example.org/voyager"
HTML = b"<title>Voyager</title><script>alert(1)</script><p>It left.</p>"
OTHER = "https://archive.example/web"


def at(year: int, second: int = 0) -> datetime:
    """Return a moment in a year that is no whole second."""
    return datetime(year, 1, 2, 3, 4, second, 600_000, tzinfo=UTC)


def answered(
    url: str, when: datetime, *, status: str = "200 OK", body: bytes = HTML, headers: tuple[str, ...] = ()
) -> Exchange:
    """Return one recorded exchange."""
    head = [f"HTTP/1.1 {status}", *(headers or ("Content-Type: text/html; charset=utf-8",))]
    return Exchange(
        url=url,
        remote_address="203.0.113.7:80",
        started_at=when,
        request_head=b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        response_head="\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode(),
        body=body,
    )


class Archive:
    """A served application and what is put into it."""

    def __init__(self, served: Served, session: ClientSession, home: Path) -> None:
        self.url = served.url
        self._served, self._session, self._home = served, session, home

    def capture(self, *exchanges: Exchange) -> None:
        """Write one page with the local writer."""

        async def work(database: Database) -> None:
            index, settings = StoreCaptureIndex(database), ArchiveSettings()
            async with open_local(self._home / "captures", index, settings=settings) as local:
                await local.capture(exchanges)

        self._served.run(work)

    def know(self, *years: int, original: str = PAGE) -> None:
        """Remember captures of another archive, one a year."""
        known = [
            Memento(
                original=original,
                archive="wayback",
                memento_datetime=at(year).replace(microsecond=0),
                uri_m=f"{OTHER}/{year}0102030400/{original}",
            )
            for year in years
        ]

        async def work(database: Database) -> None:
            async with database.write() as connection:
                await write_mementos(connection, known, now=at(2026))

        self._served.run(work)

    async def ask(self, path: str, *, method: str = "GET", **headers: str) -> ClientResponse:
        """Send one request with exactly this target; redirects are not followed."""
        target = URL(self.url + path, encoded=True)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        response = await self._session.request(method, target, headers=sent, allow_redirects=False)
        await response.read()
        return response


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path) as running:
        yield running


@pytest.fixture
async def archive(served: Served, tmp_path: Path) -> AsyncIterator[Archive]:
    async with ClientSession() as session:
        yield Archive(served, session, tmp_path)


def links_of(response: ClientResponse) -> dict[str, Link]:
    """Return the links of a Link header by each of their relations other than `memento`."""
    found = read_links(response.headers["Link"], base=str(response.url))
    return {rel: link for link in found for rel in link.rel - {"memento"}}


async def test_a_timegate_leads_to_the_nearest_capture_with_its_neighbours(archive: Archive):
    archive.know(2010, 2014, 2018, 2024)
    archive.capture(answered(PAGE, at(2020)))
    response = await archive.ask(f"/timegate/{PAGE}", Accept_Datetime="Fri, 01 Jun 2018 00:00:00 GMT")
    assert response.status == 302
    assert response.headers["Vary"] == "accept-datetime"
    assert response.headers["Location"] == f"{OTHER}/20180102030400/{PAGE}"
    links = links_of(response)
    assert links["original"].url == PAGE
    assert (
        f'<{archive.url}/timemap/link/{PAGE}>; rel="timemap"; type="application/link-format"'
        in (response.headers["Link"])
    )
    assert links["first"].url == f"{OTHER}/20100102030400/{PAGE}"
    assert links["prev"].url == f"{OTHER}/20140102030400/{PAGE}"
    assert links["next"].url == f"{archive.url}/memento/20200102030400/{PAGE}"
    assert links["last"].url == f"{OTHER}/20240102030400/{PAGE}"
    assert links["next"].attributes["datetime"] == "Thu, 02 Jan 2020 03:04:00 GMT"


async def test_a_timegate_without_a_date_leads_to_the_latest(archive: Archive):
    archive.know(2018)
    archive.capture(answered(PAGE, at(2020)))
    for method in ("GET", "HEAD"):
        response = await archive.ask(f"/timegate/{PAGE}", method=method)
        assert response.status == 302
        assert response.headers["Location"] == f"{archive.url}/memento/20200102030400/{PAGE}"


async def test_dates_outside_the_known_span_lead_to_its_ends(archive: Archive):
    archive.know(2010, 2018)
    for date, year in (("Fri, 01 Jan 1999 00:00:00 GMT", 2010), ("Tue, 01 Jan 2030 00:00:00 GMT", 2018)):
        response = await archive.ask(f"/timegate/{PAGE}", Accept_Datetime=date)
        assert response.headers["Location"] == f"{OTHER}/{year}0102030400/{PAGE}"


@pytest.mark.parametrize(
    "date", ["soon", "2019-04-01", "", "Mon, 01 Apr 2019 25:00:00 GMT", "20190401000000"]
)
async def test_an_unreadable_date_is_400(archive: Archive, date: str):
    archive.know(2010)
    response = await archive.ask(f"/timegate/{PAGE}", Accept_Datetime=date)
    assert response.status == 400
    assert (await problem_of(response))["errors"][0]["header"] == "Accept-Datetime"  # type: ignore[index]


async def test_an_original_cannot_break_out_of_its_link(archive: Archive):
    original = 'http://example.org/a?b=<x>;"y'
    archive.capture(answered(original, at(2020)))
    text = await (await archive.ask("/timemap/link/http://example.org/a?b=%3Cx%3E;%22y")).text()
    assert "memento/20200102030400/http://example.org/a?b=%3Cx%3E;%22y>" in text


@pytest.mark.parametrize("place", ["timegate", "timemap/link", "timemap/json", "memento/20200102030400"])
async def test_what_is_no_web_address_is_400_and_what_nobody_knows_404(archive: Archive, place: str):
    for original in ("ftp://example.org/a", "javascript:alert(1)", "example.org", ""):
        response = await archive.ask(f"/{place}/{original}")
        assert response.status == 400, original
        await problem_of(response)
    response = await archive.ask(f"/{place}/{PAGE}")
    assert response.status == 404
    await problem_of(response)
    response = await archive.ask(f"/{place}/{PAGE}", method="POST")
    assert response.status == 405
    assert set(re.split(r",\s*", response.headers["Allow"])) == {"GET", "HEAD"}


@pytest.mark.parametrize("digits", ["2020", "20201302030400", "2020010203040x", "202001020304001", ""])
async def test_digits_that_are_no_time_are_400(archive: Archive, digits: str):
    archive.know(2010)
    assert (await archive.ask(f"/memento/{digits}/{PAGE}")).status == 400


async def test_a_link_timemap_lists_all_captures_oldest_first(archive: Archive):
    archive.capture(answered(PAGE, at(2020)))
    archive.know(2024, 2020, 2010)
    response = await archive.ask(f"/timemap/link/{PAGE}")
    assert response.status == 200
    assert response.content_type == "application/link-format"
    span = 'from="Sat, 02 Jan 2010 03:04:00 GMT"; until="Tue, 02 Jan 2024 03:04:00 GMT"'
    local = 'datetime="Thu, 02 Jan 2020 03:04:00 GMT"'
    assert (await response.text()).splitlines() == [
        f'<{PAGE}>; rel="original",',
        f'<{archive.url}/timemap/link/{PAGE}>; rel="self"; type="application/link-format"; {span},',
        f'<{archive.url}/timegate/{PAGE}>; rel="timegate",',
        f'<{OTHER}/20100102030400/{PAGE}>; rel="first memento"; datetime="Sat, 02 Jan 2010 03:04:00 GMT",',
        f'<{archive.url}/memento/20200102030400/{PAGE}>; rel="memento"; {local},',
        f'<{OTHER}/20200102030400/{PAGE}>; rel="memento"; datetime="Thu, 02 Jan 2020 03:04:00 GMT",',
        f'<{OTHER}/20240102030400/{PAGE}>; rel="last memento"; datetime="Tue, 02 Jan 2024 03:04:00 GMT"',
    ]


async def test_a_json_timemap_names_both_forms_and_the_ends(archive: Archive):
    archive.capture(answered(PAGE, at(2020)))
    archive.know(2010)
    response = await archive.ask(f"/timemap/json/{PAGE}")
    first = {"datetime": "2010-01-02T03:04:00Z", "uri": f"{OTHER}/20100102030400/{PAGE}"}
    last = {"datetime": "2020-01-02T03:04:00Z", "uri": f"{archive.url}/memento/20200102030400/{PAGE}"}
    assert response.content_type == "application/json"
    assert await response.json() == {
        "original_uri": PAGE,
        "timegate_uri": f"{archive.url}/timegate/{PAGE}",
        "timemap_uri": {
            "link_format": f"{archive.url}/timemap/link/{PAGE}",
            "json_format": f"{archive.url}/timemap/json/{PAGE}",
        },
        "mementos": {"list": [first, last], "first": first, "last": last},
    }


async def test_the_original_is_the_rest_of_the_raw_path_with_its_query(archive: Archive):
    original = "https://example.org//a%2Fb//%0Ac?u=http://x.example/?y&z=%26+1"
    archive.capture(answered(original, at(2020)))
    shown = await (await archive.ask(f"/timemap/json/{original}")).json()
    assert shown["original_uri"] == original
    assert shown["mementos"]["first"]["uri"] == f"{archive.url}/memento/20200102030400/{original}"
    gate = await archive.ask(f"/timegate/{original}")
    assert gate.headers["Location"] == shown["mementos"]["first"]["uri"]
    assert (await archive.ask(gate.headers["Location"].removeprefix(archive.url))).status == 200
    assert (await archive.ask("/timegate/https://example.org//a%2Fb//%0Ac")).status == 404


async def test_an_original_encoded_whole_or_with_a_folded_slash_is_read(archive: Archive):
    archive.know(2010)
    for written in ("http%3A%2F%2Fexample.org%2Fvoyager", "http:/example.org/voyager"):
        shown = await (await archive.ask(f"/timemap/json/{written}")).json()
        assert shown["original_uri"] == PAGE


async def test_a_local_capture_is_replayed_and_shut_off(archive: Archive):
    archive.know(2010)
    headers = ("Content-Type: text/html; charset=windows-1252", "Set-Cookie: a=1", "Refresh: 0;url=//x")
    archive.capture(answered(PAGE, at(2020), status="410 Gone", headers=headers))
    response = await archive.ask(f"/memento/20200102030400/{PAGE}")
    assert response.status == 410
    assert await response.read() == HTML
    assert response.headers["Content-Type"] == "text/html; charset=windows-1252"
    assert response.headers["Memento-Datetime"] == "Thu, 02 Jan 2020 03:04:00 GMT"
    assert response.headers["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not {"Set-Cookie", "Refresh"} & set(response.headers)
    links = links_of(response)
    assert links["original"].url == PAGE
    assert links["timegate"].url == f"{archive.url}/timegate/{PAGE}"
    assert links["first"] == links["prev"]
    assert links["last"].url == f"{archive.url}/memento/20200102030400/{PAGE}"
    assert "next" not in links
    head = await archive.ask(f"/memento/20200102030400/{PAGE}", method="HEAD")
    assert (head.status, head.headers["Content-Length"]) == (410, str(len(HTML)))


async def test_a_compressed_revisit_is_replayed_with_its_text(archive: Archive):
    coded = ("Content-Type: text/html", "Content-Encoding: gzip")
    body = gzip.compress(HTML)
    archive.capture(answered(PAGE, at(2020), body=body, headers=coded))
    archive.capture(answered(PAGE, at(2021), body=body, headers=coded))
    response = await archive.ask(f"/memento/20210102030400/{PAGE}")
    assert response.status == 200
    assert await response.read() == HTML
    assert "Content-Encoding" not in response.headers
    assert response.headers["Memento-Datetime"] == "Sat, 02 Jan 2021 03:04:00 GMT"


async def test_a_captured_redirect_leads_to_the_capture_of_its_target(archive: Archive):
    secure = "https://example.org/voyager"
    moved = answered(PAGE, at(2020), status="301 Moved", body=b"", headers=(f"Location: {secure}",))
    archive.capture(moved, answered(secure, at(2020)))
    first = await archive.ask(f"/memento/20200102030400/{PAGE}")
    assert first.status == 301
    assert first.headers["Location"] == f"{archive.url}/memento/20200102030400/{secure}"
    assert (await archive.ask(f"/memento/20200102030400/{secure}")).status == 200
    shown = await (await archive.ask(f"/timemap/json/{PAGE}")).json()
    assert len(shown["mementos"]["list"]) == 2


async def test_a_captured_redirect_never_leads_back_to_itself(archive: Archive):
    location = ("Location: https://example.org/voyager",)
    archive.capture(answered(PAGE, at(2020), status="301 Moved", body=b"", headers=location))
    response = await archive.ask(f"/memento/20200102030400/{PAGE}")
    assert response.status == 301
    assert "Location" not in response.headers


async def test_other_archives_and_other_seconds_are_redirected_to(archive: Archive):
    archive.know(2010)
    archive.capture(answered(PAGE, at(2020)))
    response = await archive.ask(f"/memento/20100102030400/{PAGE}")
    assert (response.status, response.headers["Location"]) == (302, f"{OTHER}/20100102030400/{PAGE}")
    response = await archive.ask(f"/memento/20210102030400/{PAGE}")
    assert response.status == 302
    assert response.headers["Location"] == f"{archive.url}/memento/20200102030400/{PAGE}"
    assert "Memento-Datetime" not in response.headers


async def test_two_local_captures_of_one_second_are_both_listed(archive: Archive):
    archive.capture(answered(PAGE, at(2020)))
    archive.capture(answered(PAGE, at(2020), body=b"other"))
    shown = await (await archive.ask(f"/timemap/json/{PAGE}")).json()
    assert len(shown["mementos"]["list"]) == 2


async def test_two_local_captures_of_one_second_have_addresses_of_their_own(archive: Archive):
    archive.capture(answered(PAGE, at(2020).replace(microsecond=100)))
    archive.capture(answered(PAGE, at(2020).replace(microsecond=250_000), body=b"other"))
    shown = await (await archive.ask(f"/timemap/json/{PAGE}")).json()
    first, second = (each["uri"] for each in shown["mementos"]["list"])
    assert first == f"{archive.url}/memento/20200102030400/{PAGE}"
    assert second == f"{archive.url}/memento/20200102030400250000/{PAGE}"
    assert shown["mementos"]["last"]["uri"] == second
    bodies = [await (await archive.ask(uri.removeprefix(archive.url))).read() for uri in (first, second)]
    assert bodies[0] != bodies[1] == b"other"
    gate = await archive.ask(f"/timegate/{PAGE}")
    assert gate.headers["Location"] == first
    assert f'<{first}>; rel="first memento"' in gate.headers["Link"]
    assert f'<{second}>; rel="last next memento"' in gate.headers["Link"].replace("next last", "last next")
    assert (await archive.ask(f"/memento/2020010203040025/{PAGE}")).status == 400


async def test_a_capture_whose_file_is_gone_is_404(archive: Archive, tmp_path: Path):
    archive.capture(answered(PAGE, at(2020)))
    for file in (tmp_path / "captures").glob("*.warc.gz"):
        file.unlink()
    assert (await archive.ask(f"/memento/20200102030400/{PAGE}")).status == 404
