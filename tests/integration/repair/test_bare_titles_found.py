"""A bare 'Related article: TITLE' is found again on the article's own page, through the command."""

import json
from pathlib import Path

from tests.e2e.command import linkwright
from tests.loopback import LoopbackWeb, Page

HOST = "news.example"
TITLE = "North Koreans put warm words into practice"
PROSE = "Engineers replace the old piles of the pier before winter, and the council pays for the work. " * 8
OWN = f"""<title>Envoys return amid storm</title><h1>Envoys return amid storm</h1><p>{PROSE}</p>
<p>Related article: <a href="/2024/warm-words.html">{TITLE}</a></p>"""
TARGET = f"<title>{TITLE}</title><h1>{TITLE}</h1><p>{PROSE}</p>"
ARTICLE = (
    f"# Envoys return amid storm\n\nOriginal url: http://{HOST}/own.html\n\n{PROSE}\n\n"
    f"Related article: {TITLE}\n"
)


async def test_its_target_is_recovered_checked_and_never_written_over_the_title(tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_text(ARTICLE, encoding="utf-8")
    async with LoopbackWeb() as web:
        web.default = Page(b"<title>404</title>", status=404)
        web.page("/own.html", Page(OWN.encode()))
        web.page("/2024/warm-words.html", Page(TARGET.encode()))
        flags = (
            "--gap", "0", "--retries", "0", "--no-archive",
            "--resolve", f"{HOST}:80:127.0.0.1:{web.port}", "--resolve", f"{HOST}:443:127.0.0.1:1",
        )  # fmt: skip
        _, out, err = await linkwright("check", str(path), "--format", "json", *flags)
        _, mended, told = await linkwright("fix", str(path), *flags)
    assert err == ""
    lost = json.loads(out)["articles"][0]["citations"][1]
    assert (lost["raw"], lost["target"], lost["defects"]) == (TITLE, None, ["bare_title"])
    assert (lost["recovery"]["decision"], lost["original"], lost["outcome"]) == (
        "auto",
        f"http://{HOST}/2024/warm-words.html",
        "ok",
    )
    assert mended == ARTICLE
    assert "make it a link first" in told
