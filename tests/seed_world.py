"""The proof's little world: the publisher of the seed article on loopback TLS, as its pages answer today."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.loopback import LoopbackWeb, Page, authority_file

PUBLISHER = "www.themoscowtimes.com"
SLUG = (
    "south-korea-may-send-military-personnel-to-ukraine-{}-suspected-north-korean-deployments-yonhap-a86767"
)
WRITTEN = f"https://{PUBLISHER}/2024/10/22/" + SLUG.format("a-mid")
REPAIRED = f"https://{PUBLISHER}/2024/10/22/" + SLUG.format("amid")
HEADLINE = (
    "South Korea May Send Military Personnel to Ukraine Amid Suspected North Korean Deployments"
    " \N{EN DASH} Yonhap"
)
ARTICLE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{HEADLINE} - The Moscow Times</title><link rel="canonical" href="{REPAIRED}"></head>
<body><nav><a href="/">Home</a></nav><main><article><h1>{HEADLINE}</h1>
<p>{"Seoul weighs sending a monitoring team to Ukraine, an agency reported on Tuesday. " * 12}</p>
</article></main></body></html>"""


TARGETS = (
    "https://commons.example/wiki/File:Soldiers_of_the_KPA.jpg",
    "https://en.yonhap.example/view/AEN20241022003051315",
    f"https://{PUBLISHER}/2024/10/18/north-koreans-fighting-for-russia-put-warm-words-into-practice-a86745",
    "https://www.mofa.example/eng/brd/m_5676/view.do?seq=322700&page=1",
    "https://t.me/frontline_channel/3120",
)
# Our own words around the five links: edited sentences, a link that was added, chrome with links of its own.
ORIGINAL = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<title>{HEADLINE} - The Moscow Times</title><link rel="canonical" href="{REPAIRED}"></head>
<body><header><nav><a href="/">Home</a> <a href="/news">News</a> <a href="/posted">Posted
today</a></nav></header>
<main><article><h1>{HEADLINE}</h1>
<figure><img src="/image/soldiers.jpg" alt="Soldiers in a row"><figcaption>North Korean soldiers.
<span><a href="{TARGETS[0]}">Uwe Brodrecht (CC BY-SA 2.0)</a></span></figcaption></figure>
<p>South Korea may soon send military intelligence officers to Ukraine to monitor North Korean
troops said to be
fighting for Russia, the Yonhap news agency <a href="{TARGETS[1]}" rel="nofollow">reported</a> on
Tuesday, citing a
government source whom it did not name.</p>
<p>Seoul's spy agency <a href="https://nis.example/press/118">reported</a> on Friday that the North
had begun a
"large-scale" deployment, with 1,500 special forces in training in Russia's Far East.</p>
<aside class="related-article"><span>Related article:</span>
<a href="{TARGETS[2]}"><h3>North Koreans Fighting for Russia Put Warm Words into Practice</h3></a></aside>
<p>Authorities in Seoul also weigh lethal weapons beside their logistics and humanitarian aid to Ukraine.</p>
<p>South Korea “strongly condemned” Pyongyang on Tuesday, urged it to withdraw its troops at once and
<a href="{TARGETS[3]}">warned</a> of “phased countermeasures” in coordination with the international
community.</p>
<p>Yonhap also reported on Tuesday that a pro-war channel had <a href="{TARGETS[4]}">posted</a> a
photo that shows the
Russian and North Korean flags side by side on a Ukrainian battlefield.</p></article>
<section class="most-read"><a href="/2024/10/22/other-a86770">Yonhap reported a launch</a></section></main>
<footer><a href="https://t.me/publisher">Telegram</a> <a
href="https://social.example/share?u=x">Share</a></footer>
</body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedWorld:
    """Where the publisher answers: the web itself, the PEM file of its authority, curl's `--resolve`."""

    web: LoopbackWeb
    ca_bundle: str
    resolve: str


@asynccontextmanager
async def seed_world(folder: Path, *, article: str | None = ARTICLE) -> AsyncIterator[SeedWorld]:
    """Play the publisher: the hyphenated address is 404, the repaired one the article (None: gone too)."""
    authority = trustme.CA()
    async with LoopbackWeb(authority=authority, names=(PUBLISHER,)) as web:
        if article is not None:
            web.page(REPAIRED.partition(PUBLISHER)[2], Page(body=article.encode()))
        yield SeedWorld(
            web=web,
            ca_bundle=authority_file(authority, folder),
            resolve=f"{PUBLISHER}:443:127.0.0.1:{web.port}",
        )
