"""A run as one JSON document, as the command's contract writes it."""

import json
from collections.abc import Iterator

from service.reports import shapes
from workers.model import Outcome
from workers.report import RunReport


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield the whole document."""
    yield json.dumps(shapes.run(run), ensure_ascii=False, indent=1) + "\n"
