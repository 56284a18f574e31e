"""The same addresses as another extractor finds in 200 files a format, but for differences with a reason.

The other extractor reads these formats as plain text. Each construct below says what both make of it; where
they differ, `reason` says why. A finding that no construct foresees fails the test.
"""

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from workers.extract.find import find_links
from workers.extract.source import Source

FILES = 200
LYCHEE = Path(sys.executable).parent / "lychee"
HOST = "https://host{n}.newsrig/{slug}"
WORDS = ("north", "grain", "vote", "court", "14", "rain", "Reef")


@dataclass(frozen=True, kw_only=True)
class Construct:
    """A way of writing an address: `{url}` stands in `text`; what each extractor reads of it, how often."""

    text: str
    ours: Callable[[str], list[str]] = lambda url: [url]
    theirs: Callable[[str], list[str]] = lambda url: [url]
    reason: str = ""


def _nothing(_url: str) -> list[str]:
    return []


def _twice(url: str) -> list[str]:
    return [url, url]


FORMATS: dict[str, tuple[str, str, str, tuple[Construct, ...]]] = {
    "rst": (
        "Title\n=====\n\n",
        "\n\n",
        "",
        (
            Construct(text="See `the report <{url}>`_ now."),
            Construct(text="Bare {url}, and more."),
            Construct(text=".. image:: {url}\n   :alt: A map"),
            Construct(text="The `name {n}`_ says.\n\n.. _name {n}: {url}"),
            Construct(
                text="First `use {n}`_ and second `use {n}`_.\n\n.. _use {n}: {url}",
                ours=_twice,
                reason="every use of a target is a citation of its own",
            ),
            Construct(text="Code ``{url}`` here.", ours=_nothing, reason="a literal is no link"),
        ),
    ),
    "tex": (
        "\\documentclass{article}\n\\begin{document}\n",
        "\n\n",
        "\n\\end{document}\n",
        (
            Construct(text="See \\href{{{url}}}{{the report}} now."),
            Construct(text="\\url{{{url}}}"),
            Construct(text="Bare {url} here."),
            Construct(
                text="\\href{{{url}\\_x}}{{escaped}}",
                ours=lambda url: [f"{url}_x"],
                theirs=lambda url: [f"{url}/_x"],
                reason="TeX writes an underscore with a backslash",
            ),
            Construct(text="Text % {url}", ours=_nothing, reason="a comment is not set"),
        ),
    ),
    "bib": (
        "",
        "\n",
        "",
        (
            Construct(text="@misc{{k{n}, title = {{T}}, url = {{{url}}}}}"),
            Construct(text='@misc{{k{n}, note = "see \\url{{{url}}} for more"}}'),
            Construct(text="@misc{{k{n}, howpublished = {{{url}}}}}"),
            Construct(text="{url}", ours=_nothing, reason="text between entries is a comment"),
        ),
    ),
    "csv": (
        "title,url,note\n",
        "\n",
        "\n",
        (
            Construct(text="Title {n},{url},"),
            Construct(text='"Title, {n}",,see {url}'),
            Construct(text='"A ""quoted"" title","{url}",x'),
        ),
    ),
    "json": (
        '{"items": [',
        ",\n",
        "]}",
        (
            Construct(text='{{"title": "T{n}", "url": "{url}"}}'),
            Construct(text='{{"text": "see {url} now"}}'),
            Construct(text='{{"html": "<a href=\'{url}\'>x</a>"}}'),
            Construct(text='["{url}"]'),
            Construct(
                text='{{"url": "{escaped}"}}', theirs=_nothing, reason="a slash in JSON may have a backslash"
            ),
        ),
    ),
    "rss": (
        '<rss version="2.0"><channel><title>T</title>',
        "\n",
        "</channel></rss>",
        (
            Construct(text="<item><title>T{n}</title><link>{url}</link></item>"),
            Construct(text="<item><description><![CDATA[<a href='{url}'>x</a>]]></description></item>"),
            Construct(text='<item><enclosure url="{url}" length="1" type="audio/mpeg"/></item>'),
            Construct(
                text="<item><link>{url}</link><guid>{url}</guid></item>",
                theirs=_twice,
                reason="a guid that repeats the link is the same citation",
            ),
            Construct(
                text="<item><link>{url}?a=1&amp;b=2</link></item>",
                ours=lambda url: [f"{url}?a=1&b=2"],
                theirs=lambda url: [f"{url}?a=1&amp;b=2"],
                reason="XML writes an ampersand as an entity",
            ),
            Construct(text="<!-- {url} -->", ours=_nothing, reason="a comment is not shown"),
        ),
    ),
    "xml": (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        "\n",
        "</urlset>",
        (
            Construct(text="<url><loc>{url}</loc></url>"),
            Construct(text="<url><loc>\n {url}\n</loc><lastmod>2024-10-22</lastmod></url>"),
        ),
    ),
    "opml": (
        "<opml><body>",
        "\n",
        "</body></opml>",
        (
            Construct(text='<outline text="T{n}" xmlUrl="{url}"/>'),
            Construct(text='<outline text="T{n}" type="link" url="{url}"/>'),
            Construct(text='<outline text="see {url} now"/>'),
        ),
    ),
    "ipynb": (
        '{"nbformat": 4, "cells": [',
        ",\n",
        "]}",
        (
            Construct(text='{{"cell_type": "markdown", "source": ["[x]({url}) and\\n", "more"]}}'),
            Construct(text='{{"cell_type": "markdown", "source": "<{url}>"}}'),
            Construct(text='{{"cell_type": "code", "source": "u = \'{url}\'", "outputs": []}}'),
            Construct(
                text='{{"cell_type": "raw", "source": "x", "metadata": {{"u": "{url}"}}}}',
                ours=_nothing,
                reason="metadata of a cell is not shown",
            ),
        ),
    ),
}


def _write(folder: Path, extension: str) -> tuple[Counter[str], Counter[str]]:
    """Write the files of a format and return what each extractor is to find in all of them."""
    start, between, end, constructs = FORMATS[extension]
    rng = random.Random(extension)  # noqa: S311 - only to vary the files
    ours, theirs = Counter[str](), Counter[str]()
    for number in range(FILES):
        texts = []
        for place in range(rng.randint(4, 9)):
            construct = rng.choice(constructs)
            slug = "-".join(rng.choice(WORDS) for _ in range(3))
            url = HOST.format(n=rng.randint(1, 90), slug=slug + f"-a{rng.randint(1, 10**6)}")
            escaped = url.replace("/", "\\/")
            texts.append(construct.text.format(url=url, n=f"{number}-{place}", escaped=escaped))
            ours.update(construct.ours(url))
            theirs.update(construct.theirs(url))
        (folder / f"{number:03}.{extension}").write_text(start + between.join(texts) + end)
    return ours, theirs


def _ours(folder: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for path in sorted(folder.iterdir()):
        document = find_links(Source(name=path.name, data=path.read_bytes()))
        found.update(link.resolved for link in document.links if link.resolved)
    return found


def _theirs(folder: Path, extension: str) -> Counter[str]:
    command = [str(LYCHEE), "--dump", "--extensions", extension, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    lines = done.stdout.splitlines()
    return Counter(line for line in lines if "www.sitemaps.org" not in line)  # a namespace is no link


@pytest.mark.skipif(not LYCHEE.exists(), reason="the other extractor is not installed")
@pytest.mark.parametrize("extension", FORMATS)
def test_nothing_differs_but_for_a_reason(extension, tmp_path):
    ours, theirs = _write(tmp_path, extension)
    assert _ours(tmp_path) == ours
    assert _theirs(tmp_path, extension) == theirs


def test_every_difference_has_its_reason():
    for _, _, _, constructs in FORMATS.values():
        for construct in constructs:
            differs = construct.ours("https://a.example/") != construct.theirs("https://a.example/")
            assert differs == bool(construct.reason)
