"""The rebuilt pages on a real web, through the command: none gets lost, and the mark holds."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from tests.e2e.command import linkwright
from tests.loopback import Asked, LoopbackWeb, Page, redirect
from workers.url import parse

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "pages"))

from page_cases import SETS, Case
from page_judge import body_of

CASES = [case for case in SETS["third"] if case.expected != "blocked"]
FRONT = Page(b"<title>Home</title><h1>Welcome</h1><p>" + b"What happened in town today. " * 30)
ALIVE = {"ok", "moved"}
# The set was written for https, which would take a certificate a host.
_PLAIN = ("https:", "http:")


def shown(case: Case) -> Page:
    headers = tuple((name, value) for name, value in case.headers.items() if name != "content-type")
    media_type = case.headers.get("content-type", "text/html; charset=utf-8")
    return Page(body_of(case), status=case.status, headers=headers, media_type=media_type)


def place(address: str) -> tuple[str, str]:
    parsed = parse(address)
    assert parsed is not None
    return parsed.hostname, parsed.pathname + parsed.search


def world(cases: list[Case]) -> Callable[[Asked], Page]:
    """Return what each host answers: its pages, and what its case says of addresses that cannot exist."""
    pages: dict[tuple[str, str], Page] = {}
    others: dict[str, tuple[str | None, Page]] = {}
    for case in cases:
        page = shown(case)
        if case.final:
            pages[place(case.url)] = redirect(case.final.replace(*_PLAIN), case.via)
        pages[place(case.final or case.url)] = page
        # A lander answers for any address.
        kind = case.probe or ("same" if case.expected == "parked" else None)
        others.setdefault(place(case.url)[0], (kind, page))

    def answer(asked: Asked) -> Page:
        host = asked.headers["host"]
        if (host, asked.path) in pages:
            return pages[host, asked.path]
        kind, page = others.get(host, (None, FRONT))
        if kind == "same":
            return page
        if kind == "home" and asked.path != "/":
            return redirect("/")
        return FRONT if asked.path == "/" else Page(b"<h1>Not Found</h1>", status=404)

    return answer


async def test_every_page_is_reported_and_the_mark_holds_on_the_web(tmp_path: Path) -> None:
    article = tmp_path / "set.md"
    links = [(case.anchors[0] if case.anchors else "link", case.url.replace(*_PLAIN)) for case in CASES]
    article.write_text("\n\n".join(f"[{anchor}](<{url}>)" for anchor, url in links), encoding="utf-8")
    hosts = {place(address)[0] for case in CASES for address in (case.url, case.final) if address}
    async with LoopbackWeb(default=world(CASES)) as web:
        resolve = [f"--resolve={host}:80:127.0.0.1:{web.port}" for host in sorted(hosts)]
        status, out, err = await linkwright(
            "check", str(article), "--format", "json", "--no-archive", "--no-recover", "--gap", "0",
            "--retries", "0", *resolve,
        )  # fmt: skip
    assert (status, err) == (1, "")
    citations = json.loads(out)["articles"][0]["citations"]
    assert [each["target"] for each in citations] == [url for _, url in links]
    told = [
        (case.expected in ALIVE, each["outcome"] in ALIVE)
        for case, each in zip(CASES, citations, strict=True)
    ]
    dead = told.count((False, False))
    assert dead / (dead + told.count((True, False))) >= 0.98
    assert dead / (dead + told.count((False, True))) >= 0.92
