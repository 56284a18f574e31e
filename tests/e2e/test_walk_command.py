"""A feed is checked entry by entry, and with --walk a sitemap page by page."""

import json
from pathlib import Path

from tests.e2e.command import linkwright
from tests.fakes import page
from tests.loopback import LoopbackWeb, Page

GENTLE = ("--no-archive", "--no-recover", "--gap", "0", "--retries", "0", "--allow-network", "127.0.0.0/8")


def article(name: str, *links: str) -> Page:
    cited = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
    return Page(page(name).replace(b"</main>", cited.encode() + b"</main>"))


async def checked(*args: str) -> tuple[int, dict[str, dict[str, str]], str]:
    """Return the exit status, the outcomes by article and path, and standard error."""
    status, out, err = await linkwright("check", *args, "--format", "json", *GENTLE)
    articles = json.loads(out)["articles"]
    return (
        status,
        {
            each["source"].rpartition("/")[2]: {
                citation["original"].rpartition("/")[2]: citation["outcome"] for citation in each["citations"]
            }
            for each in articles
        },
        err,
    )


async def test_an_entry_of_a_feed_is_an_article_with_what_it_cites(tmp_path: Path):
    feed = tmp_path / "feed.xml"
    async with LoopbackWeb(pages={"/a": Page(page("A")), "/live": Page(page("Live"))}) as web:
        cited = (
            f'&lt;a href="{web.url("/live")}"&gt;x&lt;/a&gt; &lt;a href="{web.url("/dead")}"&gt;y&lt;/a&gt;'
        )
        feed.write_text(
            '<rss version="2.0"><channel><title>News</title><item><title>A</title><guid>7</guid>'
            f"<link>{web.url('/a')}</link><description>{cited}</description></item></channel></rss>"
        )
        status, articles, _ = await checked(str(feed))
        extracted = await linkwright("extract", str(feed))
    assert (status, articles) == (1, {"feed.xml": {"a": "ok"}, "feed.xml#7": {"live": "ok", "dead": "gone"}})
    lines = [json.loads(line) for line in extracted[1].splitlines()]
    assert [line["source"] for line in lines] == [str(feed)] * 3
    assert [line.get("article") for line in lines] == [None, f"{feed}#7", f"{feed}#7"]


async def test_a_walk_reads_each_listed_page_once_and_tells_what_it_left(tmp_path: Path):
    sitemap = tmp_path / "sitemap.xml"
    async with LoopbackWeb() as web:
        web.pages |= {
            "/one": article("One", "/live", "/dead"),
            "/three": article("Three"),
            "/live": Page(page("Live")),
        }
        addresses = "".join(f"<url><loc>{web.url(path)}</loc></url>" for path in ("/one", "/two", "/three"))
        sitemap.write_text(f"<urlset>{addresses}</urlset>")
        plain = await checked(str(sitemap))
        web.asked.clear()
        walked = await checked(str(sitemap), "--walk")
        asked = sorted(each.path for each in web.asked if each.path in {"/one", "/two", "/three"})
        bounded = await checked(str(sitemap), "--walk", "--max-articles", "1")
    listed = {"one": "ok", "two": "gone", "three": "ok"}
    assert plain == (1, {"sitemap.xml": listed}, "")
    assert walked[:2] == (
        1,
        {"sitemap.xml": listed, "one": {"live": "ok", "dead": "gone"}, "two": {}, "three": {}},
    )
    assert "/two: answered with status 404" in walked[2]
    assert asked == ["/one", "/three", "/two"]
    assert sorted(bounded[1]) == ["one", "sitemap.xml"]
    assert "2 listed pages were not read (--max-articles)" in bounded[2]


async def test_a_recorded_feed_is_kept_entry_by_entry(tmp_path: Path):
    feed = tmp_path / "feed.xml"
    home = tmp_path / "home"
    async with LoopbackWeb(pages={"/live": Page(page("Live"))}) as web:
        feed.write_text(
            '<rss version="2.0"><channel><title>News</title><item><title>A</title><guid>7</guid><description>'
            f"&lt;a href='{web.url('/live')}'&gt;x&lt;/a&gt;</description></item></channel></rss>"
        )
        environment = {"LINKWRIGHT_HOME": str(home), "LINKWRIGHT_ALLOW_NETWORKS": "127.0.0.0/8"}
        recorded = await linkwright("check", str(feed), "--record", *GENTLE, **environment)
        audited = await linkwright("audit", "--article", "2", "--format", "json", **environment)
    assert recorded[0] == 0, recorded
    assert audited[0] == 0, audited
    told = json.loads(audited[1])
    assert (audited[0], told["planned"], told["by_outcome"]) == (0, 1, {"ok": 1})
