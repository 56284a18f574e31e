"""Reports on a run, one module a format: each exports `render(run, fail_on)` giving chunks of text."""

import importlib
from collections.abc import Callable, Iterator

from workers.model import Outcome
from workers.report import RunReport

Renderer = Callable[[RunReport, frozenset[Outcome]], Iterator[str]]

FORMATS = {
    "text": "service.reports.text",
    "json": "service.reports.json_document",
    "ndjson": "service.reports.ndjson",
    "csv": "service.reports.csv_table",
    "junit": "service.reports.junit",
    "sarif": "service.reports.sarif",
    "markdown": "service.reports.markdown",
    "github": "service.reports.github",
}


def renderer(name: str) -> Renderer:
    """Return the function that writes a run in one format.

    Raises:
        KeyError: there is no format of that name.
    """
    render: Renderer = importlib.import_module(FORMATS[name]).render
    return render
