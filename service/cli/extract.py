"""The `extract` command: every citation of articles as JSONL, nothing fetched."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import click

from service.cli.exits import CLEAN, USAGE_OR_RUN_ERROR
from service.cli.inputs import find_sources
from service.reports import shapes
from workers.errors import UnreadableDocument
from workers.extract.addresses import list_addresses
from workers.extract.detect import detect_format
from workers.extract.entries import articles_of, named_links
from workers.extract.isolate import IsolatedReader
from workers.extract.source import Source
from workers.model import Document, Format

AUTO = "auto"
ENCODER = json.JSONEncoder(ensure_ascii=False)  # made once: `json.dumps` makes one a call
QUICK = frozenset({Format.MARKDOWN, Format.HTML, Format.TEXT})
Lines = Callable[[Source, IsolatedReader, Format | None], str]


@click.command()
@click.option(
    "--format",
    "format_name",
    type=click.Choice([AUTO, *(str(name) for name in Format)]),
    default=AUTO,
    show_default=True,
    help="Read every input as this format.",
)
@click.option("--batch", is_flag=True, help='Read JSONL {"id","text","format","base"?} from standard input.')
@click.option("--addresses", is_flag=True, help="List only the addresses that can be fetched, one a line.")
@click.argument("paths", nargs=-1, metavar="PATH…|-")
def extract(format_name: str, batch: bool, addresses: bool, paths: tuple[str, ...]) -> None:
    """List every link and citation of articles, broken ones too, as JSONL.

    Exit status: 0 when every input was read, 2 when one could not be (the others are still listed).
    """
    if bool(paths) == batch or (batch and addresses):
        raise click.UsageError("give either paths or --batch; '-' is standard input")
    chosen = None if format_name == AUTO else Format(format_name)
    with IsolatedReader() as reader:
        if batch:
            for answer in batch_answers(sys.stdin.buffer, reader, chosen):
                sys.stdout.write(_line(answer))
            failed = False
        else:
            failed = _list_paths(paths, _addresses_of if addresses else _citations_of, reader, chosen)
    sys.exit(USAGE_OR_RUN_ERROR if failed else CLEAN)


def _line(record: dict[str, Any]) -> str:
    return ENCODER.encode(record) + "\n"


def _list_paths(paths: Sequence[str], lines_of: Lines, reader: IsolatedReader, chosen: Format | None) -> bool:
    """Print the lines of every readable input; return whether one could not be read."""
    failed = False
    for item in find_sources(paths):
        try:
            if isinstance(item, UnreadableDocument):
                raise item
            sys.stdout.write(lines_of(item, reader, chosen))
        except UnreadableDocument as error:
            click.echo(f"linkwright: {error}", err=True)
            failed = True
    return failed


def _citations_of(source: Source, reader: IsolatedReader, chosen: Format | None) -> str:
    """Return the citations of a source as JSONL."""
    document = reader.find_links(source, format=chosen)
    return "".join(map(_line, _citations(document)))


def _citations(document: Document) -> Iterator[dict[str, Any]]:
    """Yield the citations in source order; one in an entry of a feed names that entry as its `article`."""
    for entry, link in named_links(document):
        yield shapes.found_link(link, document.source) | ({} if entry is None else {"article": entry})


def _addresses_of(source: Source, reader: IsolatedReader, chosen: Format | None) -> str:
    """Return the addresses of a source, one a line."""
    form = chosen or detect_format(source)
    if form in QUICK:
        addresses = list_addresses(source, format=form)
    else:
        links = reader.find_links(source, format=chosen).links
        addresses = [link.resolved for link in links if link.resolved is not None]
    return "\n".join([*addresses, ""])


def batch_answers(
    lines: Iterable[bytes], reader: IsolatedReader, chosen: Format | None
) -> Iterator[dict[str, Any]]:
    """Yield one answer a line of JSONL, in order; a line that fails answers with its error."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        identity: Any = None
        try:
            request = _request(line, number)
            identity = request.get("id")
            document = reader.find_links(_batch_source(request, number), format=_asked(request, chosen))
        except UnreadableDocument as error:
            yield {"id": identity, "error": str(error)}
            continue
        yield {"id": identity, **document_json(document)}


def _request(line: bytes, number: int) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"line {number}", "is not JSON") from error
    if not isinstance(request, dict):
        raise UnreadableDocument(f"line {number}", "is not a JSON object")
    return request


def _batch_source(request: dict[str, Any], number: int) -> Source:
    text, base, identity = (request.get(key) for key in ("text", "base", "id"))
    name = f"line {number}" if identity is None else str(identity)
    if not isinstance(text, str):
        raise UnreadableDocument(f"line {number}", 'has no "text" that is a string')
    return Source(name=name, text=text, base=base if isinstance(base, str) else None)


def _asked(request: dict[str, Any], chosen: Format | None) -> Format | None:
    """Return the format a request names; without one, what `--format` chose.

    Raises:
        UnreadableDocument: there is no such format.
    """
    name = request.get("format")
    if name is None or name == AUTO:
        return chosen
    try:
        return Format(name)
    except ValueError as error:
        names = ", ".join([AUTO, *Format])
        raise UnreadableDocument(f"format {name!r}", f"is not one of: {names}") from error


def document_json(document: Document) -> dict[str, Any]:
    """Return an article as `--batch` answers it."""
    return {
        "headline": document.headline,
        "published": shapes.rfc3339(document.published),
        "published_source": document.published_source,
        "language": document.language,
        "own_url": document.own_url,
        "format": document.format,
        "citations": list(_citations(document)),
        "skipped": dict(document.skipped),
        "entries": [_entry(each) for each in articles_of(document)[1:]],
    }


def _entry(article: Document) -> dict[str, Any]:
    """Return what an entry of a feed says of itself; its citations name it as their `article`."""
    return {
        "article": article.source,
        "headline": article.headline,
        "published": shapes.rfc3339(article.published),
        "published_source": article.published_source,
        "language": article.language,
        "own_url": article.own_url,
    }
