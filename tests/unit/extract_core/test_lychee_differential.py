"""Against lychee on 200 generated files a format: every difference has a reason, listed here.

The files hold what real articles hold, seeded; an address occurs once, so that a difference is a set.
"""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Defect, FoundLink, Kind
from workers.url import join

LYCHEE = Path(sys.executable).with_name("lychee")
FILES = 200
WORDS = [
    "summit",
    "trade",
    "water",
    "health",
    "harbor",
    "peace",
    "farm",
    "deal",
    "worker",
    "river",
    "flood",
    "army",
    "council",
    "media",
    "police",
    "law",
]

# Why a finding of ours is not in the other's list.
OURS: Mapping[str, Callable[[FoundLink], bool]] = {
    "nothing can be fetched there: reported with its defect": lambda link: link.resolved is None,
    "rel=nofollow and preconnect are kept": lambda link: bool({"nofollow", "preconnect"} & set(link.rel)),
    "hosts without a scheme are found": lambda link: Defect.NO_SCHEME in link.defects,
    "an address broken by a space or line end is whole": lambda link: bool(link.readings),
    "a mangled scheme is found": lambda link: Defect.BAD_SCHEME in link.defects,
    "a definition that nothing uses is found": lambda link: link.kind is Kind.REFERENCE,
    "identifiers resolve": lambda link: link.kind is Kind.IDENTIFIER,
    "metadata of the page is read": lambda link: link.kind in {Kind.METADATA, Kind.CANONICAL},
    "style sheets, scripts and their addresses are read": lambda link: link.kind is Kind.RESOURCE,
    "addresses in the text of a page are found": lambda link: link.kind is Kind.BARE,
    "noscript, template and srcdoc are read": lambda link: "/hidden/" in link.raw,
    "data attributes are read": lambda link: "/data/" in link.raw,
}
# Why an address of the other's list is no finding of ours.
THEIRS: Mapping[str, Callable[[str], bool]] = {
    "relative: joined to the file's own path, which is no address of the web": lambda url: url.startswith(
        "file:"
    ),
    "a script, listed as if it could be fetched": lambda url: url.startswith("javascript:"),
    "the base element is no citation": lambda url: "/base/" in url,
    "the first part of a broken address": lambda url: "/broken-" in url,
    "an address inside an anchor that is an address": lambda url: "/shown/" in url,
}


class Articles:
    """Makes articles, the same ones every time."""

    def __init__(self) -> None:
        self._random = random.Random(7)  # noqa: S311 - a seed, not a secret
        self._number = 0

    def url(self, part: str = "a") -> str:
        self._number += 1
        slug = "-".join(self._random.choices(WORDS, k=self._random.randint(1, 5)))
        tail = self._random.choice(["", "/", ".html", "?id=3&b=c", "#part", "_(x)"])
        return f"https://host{self._number}.press-room.net/{part}/{slug}{tail}"

    def words(self) -> str:
        return " ".join(self._random.choices(WORDS, k=self._random.randint(5, 30)))

    def make(self, pieces: list[Callable[[], str]], separator: str) -> str:
        return separator.join(self._random.choice(pieces)() for _ in range(self._random.randint(4, 14)))

    def text(self) -> str:
        return self.make(
            [
                lambda: f"{self.words()} {self.url()} {self.words()}.",
                lambda: f"{self.words()} ({self.url()}), {self.words()}: {self.url()}.",
                lambda: f"{self.words()} <{self.url()}> and [{self.words()}]({self.url()}).",
                lambda: f"“{self.words()}” {self.url()}; {self.words()}, {self.url()}! {self.words()}",
                lambda: f"{self.words()} www.host{self._number}.org/x and writer@example.org",
                lambda: (
                    f"{self.words()} https://host{self._number}.org/broken-{self._number}-\nlaw-1/water end"
                ),
                lambda: f"- {self.url()}\n- {self.url()}\n- {self.words()}",
                lambda: f"{self.words()} doi:10.1000/{self._number} main.py and/or e.g.this",
                self.words,
            ],
            "\n\n",
        )

    def markdown(self) -> str:
        return self.make(
            [
                lambda: f"# {self.words()}",
                lambda: f"{self.words()} [{self.words()}]({self.url()}) {self.words()}",
                lambda: f'{self.words()} [*{self.words()}*](<{self.url()}> "title") ![alt]({self.url()})',
                lambda: f"<{self.url()}> and {self.url()}. {self.words()}",
                lambda: f"[{self.words()}][r{self._number}]\n\n[r{self._number}]: {self.url()}",
                lambda: f"[never-{self._number}]: {self.url()}",
                lambda: f"> {self.words()} [{self.words()}]({self.url()})\n> {self.words()}",
                lambda: f"- {self.words()} {self.url()}\n- [x](#)\n- [y](javascript:void(0))\n- [z](rel/x)",
                lambda: f"`{self.url('code')}`\n\n```\n{self.url('code')}\n```\n\n    {self.url('code')}",
                lambda: f"| a | b |\n|---|---|\n| {self.url()} | [c]({self.url()}) |",
                lambda: f'Text <a href="{self.url().replace("&", "&amp;")}">x</a> {self.words()}',
                lambda: f"[![in]({self.url()})]({self.url()})",
            ],
            "\n\n",
        )

    def html(self) -> str:
        def href(part: str = "a") -> str:
            return self.url(part).replace("&", "&amp;")

        body = self.make(
            [
                lambda: f"<p>{self.words()} <a href='{href()}'>{self.words()}</a> {self.words()}</p>",
                lambda: f"<p><a rel=nofollow href={href()}>x</a> <a\n href = '{href()}' >y</a></p>",
                lambda: f'<img src="{href()}" srcset="{href()} 1x, {href()} 2x" data-src="{href("data")}">',
                lambda: f"<p>{self.words()} {href()} {self.words()}</p><pre>{href('code')}</pre>",
                lambda: f"<video src='{href()}' poster='{href()}'></video><iframe src='{href()}'></iframe>",
                lambda: f"<link rel=stylesheet href={href()}><link rel=preconnect href={href()}>",
                lambda: f"<script src={href()}></script><script>a='{self.url('script')}'</script>",
                lambda: (
                    f"<meta property=og:url content='{href()}'>"
                    f"<div style=\"background:url('{href()}')\">x</div>"
                ),
                lambda: (
                    f"<noscript><img src='{href('hidden')}'></noscript>"
                    f"<template><a href='{href('hidden')}'>t</a></template>"
                ),
                lambda: (
                    "<a href='#'>x</a><a href='rel/y'>y</a><a href='mailto:a@b.org'>z</a>"
                    f"<!-- {href('no')} -->"
                ),
                lambda: (
                    f"<a href='{href()}'>{href('shown')}</a>"
                    f"<blockquote cite='{href()}'>{self.words()}</blockquote>"
                ),
                lambda: f"<form action='{href()}'></form><object data='{href()}'></object>",
            ],
            "\n",
        )
        return f"<!doctype html><html><head><title>{self.words()}</title></head><body>{body}</body></html>"


def dumped(folder: Path, suffix: str) -> list[str]:
    command = [LYCHEE, "--dump", *sorted(folder.glob(f"*.{suffix}"))]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return ended.stdout.split()


@pytest.mark.skipif(not LYCHEE.exists(), reason="the development package with lychee is not installed")
@pytest.mark.parametrize(
    ("suffix", "maker"), [("txt", Articles.text), ("md", Articles.markdown), ("html", Articles.html)]
)
def test_every_difference_has_a_listed_reason(
    suffix: str, maker: Callable[[Articles], str], tmp_path: Path
) -> None:
    articles = Articles()
    ours: list[FoundLink] = []
    for number in range(FILES):
        path = tmp_path / f"{number:03}.{suffix}"
        path.write_text(maker(articles), encoding="utf-8")
        ours.extend(find_links(Source(name=str(path), data=path.read_bytes())).links)
    theirs = Counter(dumped(tmp_path, suffix))
    found = {join(link.resolved or "") or link.raw for link in ours}
    only_ours = [link for link in ours if link.resolved is None or join(link.resolved) not in theirs]
    assert [link for link in only_ours if not any(holds(link) for holds in OURS.values())] == []
    only_theirs = [url for url in theirs if (join(url) or url) not in found]
    assert [url for url in only_theirs if not any(holds(url) for holds in THEIRS.values())] == []
    assert len(ours) - len(only_ours) > FILES * 3
