"""Print how much more memory `linkwright check` takes for ten times the links, by report and by source.

    python -m bench.memory [--links 3000] [--formats json,ndjson,text,csv] [--sources list,articles]

A source is a `list` of addresses, one `markdown` or `html` article that cites all of them, or `articles`, a
folder of such in Markdown with 100 citations each. Prints the peaks in MB, their ratio, and the CPU of each
further link.
"""

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.pipeline import Run, linkwright, measure, played
from bench.world import flat_links

TIMES = 10
MOST = 1.2
IN_AN_ARTICLE = 100


def _list(urls: Sequence[str], folder: Path) -> Path:
    path = folder / "links.txt"
    path.write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
    return path


def _markdown(urls: Sequence[str], folder: Path) -> Path:
    path = folder / "links.md"
    path.write_text("# Links\n\n" + "".join(f"As [the {n}th]({url}) says.\n\n" for n, url in enumerate(urls)))
    return path


def _html(urls: Sequence[str], folder: Path) -> Path:
    path = folder / "links.html"
    said = "".join(f'<p>As <a href="{url}">the {n}th</a> says.\n' for n, url in enumerate(urls))
    path.write_text(f"<title>Links</title>\n<h1>Links</h1>\n{said}", encoding="utf-8")
    return path


def _articles(urls: Sequence[str], folder: Path) -> Path:
    for at in range(0, len(urls), IN_AN_ARTICLE):
        below = folder / f"articles/{at}"
        below.mkdir(parents=True)
        _markdown(urls[at : at + IN_AN_ARTICLE], below)
    return folder / "articles"


SOURCES: dict[str, Callable[[Sequence[str], Path], Path]] = {
    "list": _list,
    "articles": _articles,
    "markdown": _markdown,
    "html": _html,
}


def _check(path: Path, output: str, port: int) -> Run:
    command = list(linkwright(path))
    command[command.index("json")] = output
    return measure(command, port)


def main() -> None:
    """Run both sizes in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--links", type=int, default=3000)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--port", type=int, default=18332)
    parser.add_argument("--formats", default="json,ndjson,text,csv")
    parser.add_argument("--sources", default="list,articles")
    given = parser.parse_args()
    more = given.links * (TIMES - 1)
    print(f"| source | report | {given.links} links, MB | {TIMES} times, MB | ratio | mark | CPU us a link |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with played(given.hosts, given.port), tempfile.TemporaryDirectory() as folder:
        urls = list(flat_links(given.links * TIMES, given.hosts, given.port))
        for source in given.sources.split(","):
            paths = []
            for count in (given.links, given.links * TIMES):
                below = Path(folder) / f"{source}-{count}"
                below.mkdir()
                paths.append(SOURCES[source](urls[:count], below))
            for output in given.formats.split(","):
                few, many = (_check(path, output, given.port) for path in paths)
                ratio, cpu_us = many.peak_mb / few.peak_mb, (many.cpu_s - few.cpu_s) / more * 1e6
                mark = "met" if ratio <= MOST else "MISSED"
                figures = f"{few.peak_mb:.1f} | {many.peak_mb:.1f} | {ratio:.3f} | {mark} | {cpu_us:.0f}"
                print(f"| {source} | {output} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
