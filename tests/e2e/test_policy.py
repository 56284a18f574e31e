"""What an editor may ask of a check: which links, which statuses, which hosts are treated how."""

import json
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.e2e.command import linkwright
from tests.fakes import page
from tests.loopback import LoopbackWeb, Page

GENTLE = ("--no-archive", "--no-recover", "--gap", "0", "--retries", "0", "--allow-network", "127.0.0.0/8")
LIVE = Page(page("A pier reopens"))


def web() -> AbstractAsyncContextManager[LoopbackWeb]:
    return LoopbackWeb(pages={"/live": LIVE, "/walled": Page(status=403), "/odd": Page(status=418)})


async def outcomes(*args: str, **environment: str) -> tuple[int, dict[str, str]]:
    """Check and return the exit status and what each path of the web turned out to be."""
    status, out, err = await linkwright("check", *args, "--format", "json", *GENTLE, **environment)
    assert status != 2, err
    links = json.loads(out)["links"]
    return status, {link["original"].rpartition("/")[2]: link["outcome"] for link in links}


def article(folder: Path, web: LoopbackWeb, *paths: str, name: str = "a.md") -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"[a link]({web.url(each)})\n\n" for each in paths))
    return str(path)


async def test_statuses_are_accepted_everywhere_or_for_a_pattern(tmp_path: Path) -> None:
    async with web() as served:
        path = article(tmp_path, served, "/live", "/walled", "/odd")
        plain = await outcomes(path)
        everywhere = await outcomes(path, "--accept", "403,418")
        for_some = await outcomes(path, "--accept-for", "/odd$=400-499")
    assert plain == (1, {"live": "ok", "walled": "blocked", "odd": "down"})
    assert everywhere == (0, {"live": "ok", "walled": "ok", "odd": "ok"})
    assert for_some == (0, {"live": "ok", "walled": "blocked", "odd": "ok"})


async def test_findings_are_the_outcomes_that_are_named(tmp_path: Path) -> None:
    async with web() as served:
        path = article(tmp_path, served, "/live", "/walled")
        assert await outcomes(path) == (0, {"live": "ok", "walled": "blocked"})
        assert await outcomes(path, "--fail-on", "blocked") == (1, {"live": "ok", "walled": "blocked"})
        named = await outcomes(path, LINKWRIGHT_FAIL_ON="blocked,gone")
        dead = article(tmp_path, served, "/gone", name="b.md")
        assert await outcomes(dead) == (1, {"gone": "gone"})
        assert await outcomes(dead, "--fail-on", "none") == (0, {"gone": "gone"})
    assert named == (1, {"live": "ok", "walled": "blocked"})


async def test_settings_leave_links_out_for_all_files_or_for_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "linkwright.toml").write_text(
        'exclude = ["/odd"]\n[[files]]\npath = "drafts/*"\nexclude = ["/walled"]\n'
    )
    async with web() as served:
        paths = [
            article(tmp_path, served, "/live", "/walled", "/odd", name=name)
            for name in ("a.md", "drafts/b.md")
        ]
        status, out, _ = await linkwright("check", *paths, "--format", "json", *GENTLE)
    assert status == 0
    cited = [
        [citation["target"].rpartition("/")[2] for citation in each["citations"]]
        for each in json.loads(out)["articles"]
    ]
    assert cited == [["live", "walled"], ["live"]]


async def test_a_host_of_ones_own_gets_its_headers_and_its_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with web() as served:
        (tmp_path / "linkwright.toml").write_text(
            f'[hosts."127.0.0.1:{served.port}"]\nauth = "$LINKWRIGHT_AUTH_DESK"\n'
            'headers = { "X-Token" = "$DESK_TOKEN" }\naccept = "403"\n'
        )
        path = article(tmp_path, served, "/live", "/walled")
        status, out, err = await linkwright(
            "check", path, "--format", "json", *GENTLE,
            LINKWRIGHT_AUTH_DESK="anna:hunter2", DESK_TOKEN="t0ken",
        )  # fmt: skip
    assert (status, err) == (0, "")
    assert {asked.headers["authorization"] for asked in served.asked} == {"Basic YW5uYTpodW50ZXIy"}
    assert {asked.headers["x-token"] for asked in served.asked} == {"t0ken"}
    assert "hunter2" not in out
    assert "YW5uYTpodW50ZXIy" not in out
    assert "t0ken" not in out


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"LINKWRIGHT_BASIC_AUTH": "desk.example=hunter2"}, "pair 1 is not HOST=USER:PASSWORD"),
        ({"LINKWRIGHT_ACCEPT_FOR": "(=403"}, "accept-for"),
        ({"LINKWRIGHT_HOSTS": '{"a.example": {"auth": "$NOT_SET_HERE"}}'}, "NOT_SET_HERE is not set"),
        ({"LINKWRIGHT_HOSTS": '{"a.example": {"auth": "hunter2"'}, "LINKWRIGHT_HOSTS: is no JSON"),
    ],
)
async def test_a_policy_that_cannot_be_used_is_named(
    tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    path = tmp_path / "a.md"
    path.write_text("[a](https://a.example/)")
    status, out, err = await linkwright("check", str(path), **environment)
    assert (status, out) == (2, "")
    assert told in err
    assert "hunter2" not in err


async def test_the_pages_of_a_sitemap_are_walked_as_robots_allow(tmp_path: Path) -> None:
    async with web() as served:
        served.page("/robots.txt", Page(b"User-agent: *\nDisallow: /walled\n"))
        urls = "".join(f"<url><loc>{served.url(path)}</loc></url>" for path in ("/live", "/walled"))
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
        served.page("/sitemap.xml", Page(body.encode(), media_type="application/xml"))
        walked = await outcomes(served.url("/sitemap.xml"))
        listed = served.paths()
        cited = await outcomes(article(tmp_path, served, "/walled"))
        obeyed = await outcomes(article(tmp_path, served, "/walled"), "--robots")
    assert walked == (0, {"live": "ok", "walled": "refused"})
    assert listed == ["/sitemap.xml", "/robots.txt", "/live"]
    assert cited == (0, {"walled": "blocked"})
    assert obeyed == (0, {"walled": "refused"})
