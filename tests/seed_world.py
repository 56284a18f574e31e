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


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedWorld:
    """Where the publisher answers: the web itself, the PEM file of its authority, curl's `--resolve`."""

    web: LoopbackWeb
    ca_bundle: str
    resolve: str


@asynccontextmanager
async def seed_world(folder: Path) -> AsyncIterator[SeedWorld]:
    """Play the publisher: the hyphenated address is 404, the repaired one the article."""
    authority = trustme.CA()
    async with LoopbackWeb(authority=authority, names=(PUBLISHER,)) as web:
        web.page(REPAIRED.partition(PUBLISHER)[2], Page(body=ARTICLE.encode()))
        yield SeedWorld(
            web=web,
            ca_bundle=authority_file(authority, folder),
            resolve=f"{PUBLISHER}:443:127.0.0.1:{web.port}",
        )
