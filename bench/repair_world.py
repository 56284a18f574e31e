"""A loopback web of publishers for repairs: what is written fails, the right address shows its article.

Hosts behave as hosts do. Some say 404 for what they do not have. Half answer 200 to any path: with a page
of teasers, with another piece, or (where an address holds the id of an article) with that article under
its own canonical address. Some send every unknown path home. Which host does what is drawn from a seed.
"""

import asyncio
import contextlib
import html
import random
import re
import ssl
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote

import trustme

from workers.url import host_of, parse, registrable_domain

_ID = re.compile(r"\d{5,}|[a-z]\d{4,}")
_WORD = re.compile(r"[^\W\d_]+")
_HOST = re.compile(r"(?!.*xn--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_HOST_LINE = re.compile(r"^host:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_FILLER_LIST = (
    "council harbour ferry budget school river market bridge engineer report winter summer village court "
    "minister season record station library garden museum farmer doctor teacher street island valley"
)
_FILLER = _FILLER_LIST.split()


class Manner(StrEnum):
    """How a host answers for what it does not have."""

    MISSING = "404"
    HOME = "sends everything home"
    TEASERS = "200 with teasers"
    ANOTHER = "200 with another piece"
    BY_ID = "200 by the id alone"


_DRAWN = (
    *(Manner.MISSING,) * 3,
    Manner.HOME,
    Manner.TEASERS,
    Manner.ANOTHER,
    Manner.BY_ID,
    Manner.BY_ID,
)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its body, its status and, for a redirect, where to."""

    body: bytes = b""
    status: int = 200
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One link to play: how it is written, what it may be repaired to, and what stands around it.

    `right` begins with the address that answers. `title` is that of its page, '' where the article does
    not tell it. `text` is the article.
    """

    name: str
    kind: str
    damaged: str
    right: tuple[str, ...]
    title: str
    text: str

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong with what is written."""
        return self.damaged in self.right


@dataclass
class RepairWorld:
    """The publishers' web; `manners` tells what each registrable domain does with unknown paths."""

    cases: Sequence[Played]
    seed: int = 7
    manners: dict[str, Manner] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Draw the manners and write the articles."""
        self._articles: dict[tuple[str, str, str], bytes] = {}
        self._paths: set[tuple[str, str]] = set()
        self._by_id: dict[tuple[str, str], bytes] = {}
        for case in self.cases:
            self._add(case)

    def hosts(self) -> set[str]:
        """Return every host that an answer is needed for."""
        named = {host_of(url) for case in self.cases for url in (case.damaged, *case.right)}
        return named - {""}

    def answer(self, scheme: str, host: str, target: str) -> Page:
        """Answer one request for `target` (path and query) of a host."""
        path = _plain(target)
        body = self._articles.get((scheme, host, path))
        if body is not None:
            return Page(body)
        if path == "/":
            return Page(_page("Front page", f"The {host} front page", f"https://{host}/", 90, host))
        return self._unknown(host, path)

    def manner_of(self, host: str) -> Manner:
        """Return how a host answers for what it does not have."""
        domain = registrable_domain(host)
        drawn = random.Random(f"{self.seed}|{domain}").choice(_DRAWN)
        return self.manners.get(domain, drawn)

    def _unknown(self, host: str, path: str) -> Page:
        match self.manner_of(host):
            case Manner.HOME:
                return Page(status=302, location="/")
            case Manner.TEASERS:
                return Page(_teasers(host))
            case Manner.ANOTHER:
                number = sum(path.encode()) % 7
                title = " ".join(random.Random(f"{host}{number}").choices(_FILLER, k=7)).capitalize()
                return Page(_page(title, title, f"https://{host}/story/{number}", 160, f"{host}{number}"))
            case Manner.BY_ID:
                return self._found_by_id(host, path) or Page(_missing(), status=404)
            case _:
                return Page(_missing(), status=404)

    def _found_by_id(self, host: str, path: str) -> Page | None:
        """Return the article whose id the path holds; a path that is right but for its query fails."""
        if (host, path.partition("?")[0]) in self._paths:
            return None
        found = (self._by_id.get((host, each)) for each in _ID.findall(path))
        return next((Page(body) for body in found if body is not None), None)

    def _add(self, case: Played) -> None:
        url = parse(case.right[0])
        if url is None:
            raise ValueError(f"no address: {case.right[0]!r}")
        host, path = url.hostname, _plain(url.pathname + url.search)
        title = case.title or _title_from(path) or "Untitled"
        chance = random.Random(case.right[0])
        # Two pages in three name their address; those found by an id alone all do, else none would know.
        names_itself = chance.random() < 0.67 or self.manner_of(host) is Manner.BY_ID
        canonical = case.right[0].partition("#")[0] if names_itself else None
        body = _page(f"{title} | {host}", title, canonical, 160, case.right[0])
        self._paths.add((host, path.partition("?")[0]))
        self._articles[url.protocol[:-1], host, path] = body
        for each in _ID.findall(path):
            self._by_id[host, each] = body


def _plain(path: str) -> str:
    return unquote(path)


def _title_from(path: str) -> str:
    words = max((_WORD.findall(part) for part in path.split("/")), key=len, default=[])
    return " ".join(words).capitalize()


def _page(title: str, heading: str, canonical: str | None, words: int, seed: str) -> bytes:
    link = "" if canonical is None else f'<link rel="canonical" href="{html.escape(canonical)}">'
    head = f"<meta charset=utf-8><title>{html.escape(title)}</title>{link}"
    menu = "<nav><a href=/>Home</a> <a href=/world>World</a> <a href=/sport>Sport</a></nav>"
    text = f"<h1>{html.escape(heading)}</h1>{_prose(seed, words)}"
    return f"<!doctype html><html><head>{head}</head><body>{menu}<main>{text}</main></body></html>".encode()


def _prose(seed: str, words: int) -> str:
    chance = random.Random(seed)
    return "".join(f"<p>The {' '.join(chance.choices(_FILLER, k=16))}.</p>" for _ in range(words // 16))


def _teasers(host: str) -> bytes:
    chance = random.Random(host)
    lines = (" ".join(chance.choices(_FILLER, k=6)).capitalize() for _ in range(12))
    items = "".join(f"<li><a href=/story/{n}>{line}</a></li>" for n, line in enumerate(lines))
    head = f"<meta charset=utf-8><title>{host}: latest stories</title>"
    return f"<html><head>{head}</head><body><h1>Latest stories</h1><ul>{items}</ul></body></html>".encode()


def _missing() -> bytes:
    return b"<title>Page not found</title><h1>Page not found</h1>"


@contextlib.asynccontextmanager
async def open_world(
    world: RepairWorld, folder: Path, *, more_hosts: Iterable[str] = ()
) -> AsyncIterator[tuple[str, ...]]:
    """Play the world over http and https on loopback until the block ends; gives the flags of `check`."""
    authority = trustme.CA()
    hosts = sorted(host for host in world.hosts() | set(more_hosts) if _HOST.fullmatch(host))
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*hosts).configure_cert(tls)
    async with _served(world, "http", None) as plain_port, _served(world, "https", tls) as tls_port:
        flags = ["--ca-bundle", str(bundle)]
        for host in hosts:
            flags += ["--resolve", f"{host}:80:127.0.0.1:{plain_port}"]
            flags += ["--resolve", f"{host}:443:127.0.0.1:{tls_port}"]
        yield tuple(flags)


@contextlib.asynccontextmanager
async def _served(world: RepairWorld, scheme: str, tls: ssl.SSLContext | None) -> AsyncIterator[int]:
    """Serve one scheme of the world, keep-alive; gives the port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                target = head.split(" ", 2)[1]
                found = _HOST_LINE.search(head)
                host = found[1].rpartition(":")[0] or found[1] if found else ""
                writer.write(_written(world.answer(scheme, host.lower(), target)))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as server:
        yield int(server.sockets[0].getsockname()[1])


def _written(page: Page) -> bytes:
    lines = [f"HTTP/1.1 {page.status} Status", "Content-Type: text/html; charset=utf-8"]
    lines += [f"Location: {page.location}"] * bool(page.location)
    lines += [f"Content-Length: {len(page.body)}", "", ""]
    return "\r\n".join(lines).encode() + page.body


def write_articles(cases: Iterable[Played], folder: Path) -> dict[str, Played]:
    """Write one Markdown article a case; returns the cases by path."""
    written: dict[str, Played] = {}
    for case in cases:
        path = folder / f"{case.name}.md"
        path.write_text(case.text, encoding="utf-8")
        written[str(path)] = case
    return written


async def run_command(command: Sequence[str]) -> tuple[int, bytes, bytes]:
    """Run a command beside the world it asks; returns status, standard output and standard error."""
    running = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await running.communicate()
    return running.returncode or 0, out, err
