"""The `repair` command: what a damaged address may have been, with rules, scores and evidence."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import click

from service.cli.exits import CLEAN, FINDINGS
from workers.model import Decision, Repair
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings

_TEXT_FIELDS = ("url", "headline", "anchor", "text", "base", "language")


@click.command()
@click.option(
    "--batch", is_flag=True, help='Read JSONL {"id","url","headline"?,"text"?} from standard input.'
)
@click.option("--headline", help="The headline of the article the address leads to.")
@click.argument("urls", nargs=-1, metavar="URL…")
def repair(batch: bool, headline: str | None, urls: tuple[str, ...]) -> None:
    """Propose repairs for damaged addresses as JSONL; nothing is fetched.

    Exit status: 0 when every address is kept as written, and always with --batch; 1 when one is not.
    """
    if bool(urls) == batch:
        raise click.UsageError("give either addresses or --batch")
    if batch:
        for answer in batch_answers(sys.stdin.buffer):
            _print(answer)
        sys.stdout.flush()
        sys.exit(CLEAN)
    kept = True
    for url in urls:
        proposed = propose(url, Surroundings(headline=headline))
        kept &= proposed.decision is Decision.KEEP
        _print({"url": url, **repair_json(proposed)})
    sys.exit(CLEAN if kept else FINDINGS)


def batch_answers(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield one answer a line, in order; a line that cannot be used gives `{"id", "error"}`."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _answer(line, number)


def repair_json(proposed: Repair) -> dict[str, Any]:
    """Return the parts of a repair that the command's contract names."""
    return {
        "decision": str(proposed.decision),
        "best": proposed.best.url,
        "candidates": [
            {"url": one.url, "rule": one.rule, "score": one.score, "evidence": list(one.evidence)}
            for one in proposed.candidates
        ],
    }


def _answer(line: bytes, number: int) -> dict[str, Any]:
    record: Any = None
    try:
        record = json.loads(line)
        request = _request(record)
    except (ValueError, TypeError, RecursionError) as error:
        name = record.get("id") if isinstance(record, dict) else None
        return {"id": name, "error": f"line {number}: {error}"}
    return {"id": record.get("id"), **repair_json(propose(*request))}


def _request(record: object) -> tuple[str, Surroundings]:
    """Return the address to repair and what is known beside it.

    Raises:
        TypeError: the line holds no object, or a field of it is no text.
    """
    if not isinstance(record, dict):
        raise TypeError("a line must hold a JSON object")
    if "url" not in record:
        raise TypeError("'url' is missing")
    request = {field: record[field] for field in _TEXT_FIELDS if record.get(field) is not None}
    for field, value in request.items():
        if not isinstance(value, str):
            raise TypeError(f"'{field}' must be a text")
    if "url" not in request:
        raise TypeError("'url' must be a text")
    return request.pop("url"), Surroundings(**request)


def _print(record: dict[str, Any]) -> None:
    """Write one line of UTF-8, whatever the terminal's encoding; half a surrogate pair goes out escaped."""
    try:
        line = json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        line = json.dumps(record).encode()
    sys.stdout.buffer.write(line + b"\n")
