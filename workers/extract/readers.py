"""The table from formats to the modules that read them, imported when first needed.

Start-up matters at a desk: reading a Markdown file must not import a PDF library.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping

from workers.extract.source import Source
from workers.model import Document, Format

Reader = Callable[[Source], Document]

MODULES: Mapping[Format, str] = {
    Format.MARKDOWN: "workers.extract.markdown",
    Format.HTML: "workers.extract.html",
    Format.TEXT: "workers.extract.text",
    Format.PDF: "workers.extract.pdf",
    Format.DOCX: "workers.extract.docx",
    Format.ODT: "workers.extract.odt",
    Format.EPUB: "workers.extract.epub",
    Format.FEED: "workers.extract.feed",
    Format.SITEMAP: "workers.extract.sitemap",
    Format.OPML: "workers.extract.opml",
    Format.JSON: "workers.extract.json_reader",
    Format.BIBTEX: "workers.extract.bibtex",
    Format.LATEX: "workers.extract.latex",
    Format.RST: "workers.extract.rst",
    Format.NOTEBOOK: "workers.extract.notebook",
    Format.CSV: "workers.extract.csv_list",
}


class _Readers(Mapping[Format, Reader]):
    """A mapping whose values are the `read` functions of the modules above."""

    def __getitem__(self, key: Format) -> Reader:
        reader: Reader = importlib.import_module(MODULES[key]).read
        return reader

    def __iter__(self) -> Iterator[Format]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


READERS: Mapping[Format, Reader] = _Readers()
